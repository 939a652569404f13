"""Where points lie: inside the ranges, and in the pattern that each design promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exitvoice.ensemble import Factor, grid, latin_hypercube, morris, replications, sobol

FACTORS = (
    Factor("parameters.a", -2.0, 3.0),
    Factor("parameters.b", 10.0, 10.5),
    Factor("rules.c.d", 0.0, 1e9),
)
LOW = np.array([factor.low for factor in FACTORS])
HIGH = np.array([factor.high for factor in FACTORS])

DESIGNS = {
    "latin hypercube": lambda seed: latin_hypercube(FACTORS, 20, seed=seed),
    "sobol": lambda seed: sobol(FACTORS, 8, seed=seed),
    "morris": lambda seed: morris(FACTORS, 6, seed=seed),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_points_lie_in_the_ranges_and_are_a_function_of_the_seed(name):
    points = DESIGNS[name](4)
    assert points.shape[1] == 3
    assert ((points >= LOW) & (points <= HIGH)).all()
    assert np.array_equal(points, DESIGNS[name](4))
    assert not np.array_equal(points, DESIGNS[name](5))


@given(st.integers(1, 40), st.integers(0, 2**32))
def test_a_hypercube_meets_every_slice_once(count, seed):
    unit = (latin_hypercube(FACTORS, count, seed=seed) - LOW) / (HIGH - LOW)
    slices = np.minimum((unit * count).astype(int), count - 1)
    assert (np.sort(slices, axis=0) == np.arange(count)[:, np.newaxis]).all()


def test_saltellis_design_is_a_then_a_with_columns_of_b_then_b():
    points = sobol(FACTORS, 16, seed=1).reshape(16, 5, 3)
    first, last = points[:, 0], points[:, -1]
    for place in range(3):
        expected = first.copy()
        expected[:, place] = last[:, place]
        assert np.array_equal(points[:, 1 + place], expected)
    assert (first != last).all()


def test_a_sobol_design_needs_a_power_of_two():
    with pytest.raises(ValueError, match="power of two"):
        sobol(FACTORS, 12)


@given(st.integers(1, 10), st.sampled_from([2, 4, 6, 8]), st.integers(0, 2**32))
def test_morris_walks_one_factor_at_a_time_by_one_step(walks, levels, seed):
    points = morris(FACTORS, walks, levels=levels, seed=seed).reshape(walks, 4, 3)
    unit = (points - LOW) / (HIGH - LOW)
    steps = np.abs(np.diff(unit, axis=1))
    step = levels / (2 * (levels - 1))
    assert np.allclose(np.sort(steps, axis=2)[:, :, :2], 0.0)
    assert np.allclose(steps.max(axis=2), step)
    assert np.allclose(steps.sum(axis=1), step), "each factor moves once a walk"
    assert np.allclose(unit * (levels - 1), np.round(unit * (levels - 1))), "on the levels"


def test_morris_needs_an_even_number_of_levels():
    with pytest.raises(ValueError, match="even number"):
        morris(FACTORS, 2, levels=3)


def test_a_grid_is_every_combination():
    assert grid({"a": [1, 2], "b": [3, 4, 5]}).tolist() == [[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5]]
    assert grid([]).shape == replications().shape == (1, 0)


@pytest.mark.parametrize("draw", [latin_hypercube, sobol, morris])
def test_without_factors_there_is_one_empty_point(draw):
    assert draw((), 8).shape == (1, 0)
