"""Scores and baselines, held against what is known of them."""

import numpy as np
import pytest
from scipy.stats import norm

from exitvoice.calibration import load_targets, problem_of
from exitvoice.calibration.baselines import logistic_growth, persistence
from exitvoice.calibration.forecast import forecast_of
from exitvoice.calibration.scores import coverage, crps, score
from exitvoice.scenario import load_scenario


def test_crps_of_a_normal_is_its_formula():
    """4,000 draws: the error of the mean is below .01, four of them allowed."""
    draws = np.random.default_rng(1).standard_normal((4000, 3))
    observed = np.array([0.0, 1.0, -2.5])
    formula = observed * (2 * norm.cdf(observed) - 1) + 2 * norm.pdf(observed) - 1 / np.sqrt(np.pi)
    assert crps(draws, observed) == pytest.approx(formula, abs=0.04)


def test_the_honest_forecast_scores_best():
    generator = np.random.default_rng(2)
    observed = generator.standard_normal(2000)
    scores = [
        crps(spread * generator.standard_normal((400, 2000)), observed).mean() for spread in (0.4, 1.0, 2.5)
    ]
    assert scores[1] == min(scores)


def test_coverage_counts_what_lies_inside():
    draws = np.linspace(-1.0, 1.0, 1001)[:, np.newaxis] * np.ones(4)
    assert coverage(draws, np.array([0.0, 0.89, -0.89, 0.95])) == 0.75
    assert score("model", "x", draws, np.zeros(4)).figures == 4


def test_persistence_stays_and_widens():
    drawn = persistence(np.log(np.array([100.0, 120.0, 90.0, 100.0])), np.array([1.0, 9.0]), seed=1)
    assert np.median(drawn, axis=0) == pytest.approx(np.log(100.0), abs=0.06)
    assert drawn[:, 1].std() / drawn[:, 0].std() == pytest.approx(3.0, rel=0.15)


def test_a_logistic_course_is_found_and_levels_off_at_its_ceiling():
    times = np.arange(8.0)
    known = np.log(1000.0 / (1.0 + np.exp(-(times - 6.0))))
    drawn = logistic_growth(known, np.array([2.0, 40.0]), np.log(5000.0), seed=1)
    truth = np.log(1000.0 / (1.0 + np.exp(-(np.array([9.0, 47.0]) - 6.0))))
    assert np.median(drawn, axis=0) == pytest.approx(truth, abs=0.05)
    flat = logistic_growth(np.full(5, 3.0), np.array([1.0]), 4.0, seed=1)
    assert np.isfinite(flat).all()


def test_more_crossings_than_persons_have_a_curve_too():
    known = np.log(np.array([300e6, 420e6]))
    drawn = logistic_growth(known, np.array([1.0]), np.log(100e6), seed=1)
    assert (np.median(drawn) > known[0]) and (np.median(drawn) <= known.max() + np.log(2.0) + 0.1)


def test_baselines_stand_on_the_floor_that_what_was_counted_stands_on():
    problem = problem_of(load_targets("gdr-1961"), load_scenario("gdr-1961"))
    vectors = np.tile(problem.observed, (40, 1))
    scores = {
        (found.target, found.forecast): found.crps for found in forecast_of(problem, vectors, seed=1).scores
    }
    # 192 were counted after 228, both below the floor of 700: nothing is missed, nothing is won
    assert scores["wall-breakers", "persistence"] < 0.01
    assert scores["wall-breakers", "model"] == 0.0
    assert scores["permits", "persistence"] > 1.0
