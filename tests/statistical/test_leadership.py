"""What fear does to a leadership's knowledge, measured over many synthetic worlds (P7), and calibration.

A world: share opposed H ~ Beta(2, 3); candid share s ~ Beta(10 m, 10 (1 - m)) with mean m; both stay for a
year. Each week 30 displays are looked at, visible with chance f0 + (1 - f0) s H. Seeds are fixed; the rates
declared below are over reseeding.

- `grows` says yes when Welch's z of two means exceeds 4: where nothing grows it says yes in 3.2e-5.
- The growths asserted here have z near 9 or more, so that one fails by chance in less than 1e-6.
- Calibration: chi-squared of 10 bins of posterior ranks, rejected beyond its 1e-4 point: false alarm 1e-4.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from exitvoice.models.exit_control.institutions.leadership import (
    Evidence,
    GridRules,
    NaiveRules,
    believed,
    grid_leader,
    naive_leader,
    probabilities,
    start_belief,
    take_in,
)
from exitvoice.units import WEEKS_PER_YEAR

WEEK = 1 / WEEKS_PER_YEAR
FALSE_ALARM = 0.02
SAMPLE = 30
WORLDS = 400
ALARM = 4.0


def leader(kind, candour):
    if kind == "naive":
        return naive_leader(NaiveRules(belief_report_sample=0.0))
    mean, weight = (candour, 10.0) if kind == "band" else (0.5, 2.0)
    return grid_leader(GridRules(candour_mean=mean, candour_weight=weight))


@cache
def errors_and_spreads(kind, candour, seed, shown_candour=None):
    """Errors in H after a year and the sd of the belief; `shown_candour` replaces m in displays alone."""
    rng = np.random.default_rng(seed)
    shown = candour if shown_candour is None else shown_candour
    here, errors, spreads = leader(kind, candour), [], []
    start = start_belief(here).held
    for _ in range(WORLDS):
        opposed, candid = rng.beta(2, 3), rng.beta(10 * shown, 10 * (1 - shown))
        held = start.copy()
        chance = FALSE_ALARM + (1 - FALSE_ALARM) * candid * opposed
        for visible in rng.binomial(SAMPLE, chance, 52) / SAMPLE:
            held = take_in(held, Evidence(visible, 0.0), here, dt=WEEK)
        belief = believed(held, here)
        errors.append(belief.mean - opposed)
        spreads.append(belief.sd)
    return np.array(errors), np.array(spreads)


def grows(before, after):
    z = (after.mean() - before.mean()) / np.sqrt(before.var() / len(before) + after.var() / len(after))
    return bool(z > ALARM)


@pytest.mark.parametrize("kind", ["naive", "flat", "band"])
def test_the_error_grows_as_candour_falls(kind):
    candid, _ = errors_and_spreads(kind, 0.9, 1)
    fearful, _ = errors_and_spreads(kind, 0.03, 2)
    assert grows(np.abs(candid), np.abs(fearful))


@pytest.mark.parametrize("kind", ["flat", "band"])
def test_a_sophisticated_leadership_knows_that_it_knows_less(kind):
    _, candid = errors_and_spreads(kind, 0.9, 1)
    _, fearful = errors_and_spreads(kind, 0.03, 2)
    assert grows(candid, fearful)


@pytest.mark.parametrize("kind", ["naive", "flat"])
def test_no_growth_is_reported_where_fear_hides_nothing(kind):
    """Negative control: 'fearful' people who show as much as candid ones must not pass the test above."""
    candid, _ = errors_and_spreads(kind, 0.9, 1)
    fearless, _ = errors_and_spreads(kind, 0.03, 2, shown_candour=0.9)
    assert not grows(np.abs(candid), np.abs(fearless))


@pytest.mark.parametrize(
    ("kind", "candour", "bias", "rmse"),
    [
        ("naive", 0.9, -0.04, 0.07),
        ("naive", 0.3, -0.27, 0.32),
        ("naive", 0.1, -0.37, 0.41),
        ("flat", 0.9, 0.09, 0.12),
        ("flat", 0.3, -0.06, 0.18),
        ("flat", 0.1, -0.15, 0.25),
        ("band", 0.3, 0.0, 0.16),
        ("band", 0.1, 0.0, 0.19),
    ],
)
def test_bias_and_error_agree_with_an_independent_prototype(kind, candour, bias, rmse):
    """Within .06: its candour had another distribution; the sampling error here is about .01."""
    errors, _ = errors_and_spreads(kind, candour, 3)
    assert errors.mean() == pytest.approx(bias, abs=0.06)
    assert np.sqrt((errors**2).mean()) == pytest.approx(rmse, abs=0.06)


def test_a_naive_leadership_is_surer_the_more_wrong_it_is():
    error, spread = errors_and_spreads("naive", 0.03, 2)
    assert np.abs(error).mean() > 10 * spread.mean()


def rank(opposed, points, weights):
    """Posterior probability below the true H, with cells cut in proportion."""
    cell = np.clip(opposed * len(points) - np.arange(len(points)), 0.0, 1.0)
    return float((cell * weights).sum())


def chi_squared(ranks):
    counts = np.histogram(ranks, bins=10, range=(0.0, 1.0))[0]
    return ((counts - len(ranks) / 10) ** 2 / (len(ranks) / 10)).sum()


def calibration_ranks(*, is_redrawn, seed, worlds=600, weeks=12):
    """Ranks of H in the posterior of worlds drawn from the leadership's own prior, without forgetting."""
    rng = np.random.default_rng(seed)
    here = grid_leader(GridRules(belief_half_life_years=1e9, candour_mean=0.3, candour_weight=10.0))
    prior = start_belief(here).held
    points, candour = here.grid.opposed, probabilities(prior).sum(axis=1)
    chances = FALSE_ALARM + (1 - FALSE_ALARM) * points[:, None] * here.grid.candour
    ranks = []
    for _ in range(worlds):
        opposed, candid = rng.beta(2, 3), rng.beta(3, 7)
        seen = rng.binomial(SAMPLE, FALSE_ALARM + (1 - FALSE_ALARM) * candid * opposed, weeks)
        if is_redrawn:
            likelihood = stats.binom.pmf(seen[:, None, None], SAMPLE, chances[None]) @ candour
            weights = probabilities(prior).sum(axis=0) * np.exp(np.log(likelihood).sum(axis=0))
            weights = weights / weights.sum()
        else:
            held = take_in(prior, Evidence(seen.mean() / SAMPLE, 0.0), here, dt=weeks * WEEK)
            weights = probabilities(held).sum(axis=0)
        ranks.append(rank(opposed, points, weights))
    return np.array(ranks)


def test_the_joint_posterior_is_calibrated():
    ranks = calibration_ranks(is_redrawn=False, seed=4)
    assert chi_squared(ranks) < stats.chi2.isf(1e-4, 9)


def test_candour_drawn_anew_each_week_gives_false_certainty():
    """Negative control: the tempting shortcut must be rejected by the calibration test."""
    ranks = calibration_ranks(is_redrawn=True, seed=4, worlds=300)
    assert chi_squared(ranks) > stats.chi2.isf(1e-4, 9)
