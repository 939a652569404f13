"""Sensitivity indices through the whole of our pipeline, against functions whose indices are known in closed form."""

from pathlib import Path

import numpy as np
import pytest

from exitvoice.analysis.sensitivity import given_data_indices, morris_screen, sobol_indices
from exitvoice.ensemble import Plan, execute, latin_hypercube, morris, sobol
from exitvoice.scenario import load_scenario
from support_indices import (
    ISHIGAMI,
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    SOBOL_G,
    THREE,
    as_run,
    ishigami,
    sobol_g,
    sobol_g_indices,
)


def test_ishigami_of_a_saltelli_design() -> None:
    points = sobol(ISHIGAMI, 1024, seed=3)
    found = sobol_indices(points, ishigami(points), ISHIGAMI, seed=1)
    assert found.base_points == 1024
    assert [index.value for index in found.first] == pytest.approx(ISHIGAMI_FIRST, abs=0.03)
    assert [index.value for index in found.total] == pytest.approx(ISHIGAMI_TOTAL, abs=0.03)
    for index, known in zip(found.total, ISHIGAMI_TOTAL, strict=True):
        assert index.low - 0.02 <= known <= index.high + 0.02


def test_sobol_g_of_a_saltelli_design() -> None:
    points = sobol(SOBOL_G, 1024, seed=5)
    found = sobol_indices(points, sobol_g(points), SOBOL_G, seed=1)
    first, total = sobol_g_indices()
    assert [index.value for index in found.first] == pytest.approx(first, abs=0.03)
    assert [index.value for index in found.total] == pytest.approx(total, abs=0.03)


def test_points_of_another_design_are_refused() -> None:
    points = latin_hypercube(ISHIGAMI, 50, seed=1)
    with pytest.raises(ValueError, match="no Saltelli design"):
        sobol_indices(points, ishigami(points), ISHIGAMI)


def test_an_outcome_that_never_moves_has_no_indices() -> None:
    points = sobol(ISHIGAMI, 8)
    found = sobol_indices(points, np.ones(len(points)), ISHIGAMI)
    assert all(index.value == 0.0 for index in (*found.first, *found.total))


def test_morris_ranks_sobol_g_by_weight() -> None:
    points = morris(SOBOL_G, 60, seed=2)
    found = morris_screen(points, sobol_g(points), SOBOL_G, seed=1)
    assert [effect.factor for effect in found] == ["x0", "x1", "x2", "x3", "x4"]
    assert found[0].spread > found[0].size / 4  # it interacts
    with pytest.raises(ValueError, match="no Morris trajectories"):
        morris_screen(points[:-1], sobol_g(points)[:-1], SOBOL_G)


def test_given_data_finds_first_order_indices_of_any_sample() -> None:
    points = latin_hypercube(ISHIGAMI, 3000, seed=7)
    found = given_data_indices(points, ishigami(points), ["x1", "x2", "x3"], seed=1)
    value = {index.factor: index.value for index in found.indices}
    assert [value["x1"], value["x2"], value["x3"]] == pytest.approx(ISHIGAMI_FIRST, abs=0.04)
    assert {index.factor for index in found.told_from_noise} == {"x1", "x2"}


def test_given_data_takes_truth_and_categories() -> None:
    random = np.random.default_rng(4)
    points = np.column_stack([random.random(200), random.integers(0, 3, 200), random.random(200)])
    found = given_data_indices(points, points[:, 1] == 2, ["a", "kind", "b"], seed=1)
    assert found.indices[0].factor == "kind"
    assert found.indices[0].value > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_of_many_factors_that_do_nothing_few_are_told_from_noise(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.random((80, 60))
    found = given_data_indices(points, random.random(80), [f"x{at}" for at in range(60)], seed=seed)
    assert len(found.told_from_noise) <= 1


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        given_data_indices(np.zeros((5, 2)), np.zeros(4), ["a", "b"])
    with pytest.raises(ValueError, match="not finite"):
        given_data_indices(np.zeros((4, 1)), np.array([1.0, np.nan, 0, 0]), ["a"])


def test_indices_of_an_ensemble_at_rest_are_those_of_its_design(tmp_path: Path) -> None:
    """From the plan through runs, the store and one dataset back: no point loses its value on the way."""
    points = sobol(THREE, 32, seed=3)
    plan = Plan(load_scenario("minimal"), scale=0.01, factors=THREE, points=points, design="sobol")
    data = execute(plan, tmp_path / "ishigami", executor="serial", runner=as_run).data
    values = data["opposed_share"].isel(variant=0, replication=0).values
    found = sobol_indices(data["design"].values, values, THREE, seed=1)
    low, high = (np.array([getattr(factor, end) for factor in THREE]) for end in ("low", "high"))
    known = sobol_indices(points, ishigami(np.pi * (2 * (points - low) / (high - low) - 1)), THREE, seed=1)
    for kind in ("first", "total"):
        pairs = zip(getattr(found, kind), getattr(known, kind), strict=True)
        assert all(one.value == pytest.approx(other.value, abs=1e-4) for one, other in pairs)
