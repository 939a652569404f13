"""The polynomials against NumPy and SciPy in double precision; errors are those of the docstrings."""

import numpy as np
import pytest
from scipy.special import expit, ndtri

from exitvoice.engine import mathematics

STATED = 3e-7  # relative, of the module's docstring
POINTS = 4000
TINY = np.finfo(np.float32).tiny


def between(low: float, high: float) -> np.ndarray:
    drawn = np.random.default_rng(20261123).uniform(low, high, POINTS)
    return np.concatenate([drawn, [low, high]]).astype(np.float32)


def geometric(low: float, high: float) -> np.ndarray:
    inside = np.exp(between(np.log(low), np.log(high)).astype(np.float64))
    return np.clip(inside, low, high).astype(np.float32)


def values_of(function, *arguments: np.ndarray) -> np.ndarray:
    return np.array([function(*row) for row in zip(*arguments, strict=True)], np.float64)


def relative(got: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.max(np.abs(got - wanted) / np.abs(wanted)))


def test_exponential():
    x = between(-87.0, 87.0)
    assert relative(values_of(mathematics.exponential, x), np.exp(x.astype(np.float64))) < STATED


@pytest.mark.parametrize(("beyond", "end"), [(-1000.0, -87.0), (-88.0, -87.0), (88.0, 87.0), (np.inf, 87.0)])
def test_exponential_holds_arguments_at_the_ends(beyond, end):
    got = mathematics.exponential(np.float32(beyond))
    assert got == mathematics.exponential(np.float32(end))
    assert np.isfinite(got)


def test_logarithm_over_all_magnitudes():
    x = geometric(float(TINY), 3e38)
    assert relative(values_of(mathematics.logarithm, x), np.log(x.astype(np.float64))) < STATED


def test_logarithm_near_one_keeps_its_relative_error():
    x = between(0.5, 2.0)
    x = x[x != 1.0]
    assert relative(values_of(mathematics.logarithm, x), np.log(x.astype(np.float64))) < STATED
    assert mathematics.logarithm(np.float32(1.0)) == 0.0


@pytest.mark.parametrize("exponent", [0.1, 1.0 / 3.0, 0.5])
def test_power_with_exponents_of_roots(exponent):
    x = geometric(1e-6, 1.0)
    order = np.full_like(x, exponent)
    wanted = x.astype(np.float64) ** order.astype(np.float64)
    assert relative(values_of(mathematics.power, x, order), wanted) < STATED


@pytest.mark.parametrize("exponent", [1.0, 2.0, 3.0, 4.4, -1.0])
def test_power_loses_in_proportion_to_the_logarithm_of_the_result(exponent):
    # exp carries the absolute error of its argument: half a last place of exponent * log x
    x = geometric(1e-6, 1.0)
    order = np.full_like(x, exponent)
    wanted = x.astype(np.float64) ** order.astype(np.float64)
    allowed = STATED + 1.5e-7 * np.abs(np.log(wanted))
    assert np.all(np.abs(values_of(mathematics.power, x, order) - wanted) <= allowed * wanted)


def test_logistic():
    x = between(-80.0, 80.0)
    assert relative(values_of(mathematics.logistic, x), expit(x.astype(np.float64))) < STATED


def test_probability_is_right_to_a_last_place_of_one():
    exposure = geometric(1e-9, 50.0)
    got = values_of(mathematics.probability, exposure, np.ones_like(exposure))
    np.testing.assert_allclose(got, -np.expm1(-exposure.astype(np.float64)), atol=1.2e-7, rtol=0.0)
    assert np.all((got >= 0.0) & (got <= 1.0))


def test_probability_is_zero_for_rates_of_zero_or_below():
    assert mathematics.probability(np.float32(0.0), np.float32(1.0)) == 0.0
    assert mathematics.probability(np.float32(-3.0), np.float32(1.0)) == 0.0


def test_normal_quantile():
    u = np.concatenate([between(1e-4, 1.0 - 1e-4), geometric(1e-6, 0.1), 1.0 - geometric(1e-6, 0.1)])
    u = u[(u > 0.0) & (u < 1.0)].astype(np.float32)
    got = values_of(mathematics.normal_quantile, u)
    assert np.max(np.abs(got - ndtri(u.astype(np.float64)))) < 1e-5


def test_normal_quantile_of_every_uniform_is_finite():
    ends = np.array([2.0**-32, 1e-9, 0.5, 0.99999994], np.float32)
    assert np.all(np.isfinite(values_of(mathematics.normal_quantile, ends)))


def test_choices_between_values():
    assert mathematics.clip(3.0, 0.0, 1.0) == 1.0
    assert mathematics.clip(-3.0, 0.0, 1.0) == 0.0
    assert mathematics.clip(0.25, 0.0, 1.0) == 0.25
    assert mathematics.larger(1.0, 2.0) == mathematics.larger(2.0, 1.0) == 2.0
    assert mathematics.smaller(1.0, 2.0) == mathematics.smaller(2.0, 1.0) == 1.0


def test_the_stated_error_is_one_that_a_worse_polynomial_would_break():
    # negative control: the same exponential with its last coefficient one part in a million off
    x = between(-1.0, 1.0)
    worse = values_of(mathematics.exponential, x) * (1.0 + 1e-6)
    assert relative(worse, np.exp(x.astype(np.float64))) > STATED
