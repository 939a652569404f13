"""Observation models: the same words give the same data, and the likelihood is that of the simulation."""

import numpy as np
import pytest
from scipy.integrate import quad

from exitvoice.observation import (
    Detection,
    Observation,
    ReportToTarget,
    Survey,
    Turnout,
    feigning_gap,
    random_words,
)

MODELS: list[tuple[Observation, float, float]] = [  # model, truth, a truth that is wrong
    (Turnout(log_sd=0.3), 70_000.0, 120_000.0),
    (Detection(share=0.1, concentration=50.0), 20_000.0, 60_000.0),
    (Survey(feigning=0.5, asked=1000), 0.6, 0.45),
    (ReportToTarget(target=100.0), 60.0, 95.0),
]


@pytest.mark.parametrize(("model", "truth", "wrong"), MODELS, ids=lambda value: type(value).__name__)
def test_the_same_words_give_the_same_data(model: Observation, truth: float, wrong: float) -> None:
    words = random_words(model, (5,), seed=0)
    one, other = (model.simulate(np.full(5, truth), words) for _ in range(2))
    assert np.array_equal(one, other)
    assert one.shape[1:] == (5,)
    assert not np.array_equal(one, model.simulate(np.full(5, truth), random_words(model, (5,), seed=1)))


@pytest.mark.parametrize(("model", "truth", "wrong"), MODELS, ids=lambda value: type(value).__name__)
def test_data_are_likelier_under_their_truth(model: Observation, truth: float, wrong: float) -> None:
    data = model.simulate(np.full(400, truth), random_words(model, (400,), seed=2))
    right, other = (model.log_likelihood(data, np.full(400, value)).mean() for value in (truth, wrong))
    assert right > other


def test_the_chances_of_all_counts_sum_to_one() -> None:
    chances = np.exp(Detection(share=0.2).log_likelihood(np.arange(51)[np.newaxis], 50.0))
    assert chances.sum() == pytest.approx(1.0, abs=1e-9)
    assert Detection().log_likelihood([51.0], 50.0) == -np.inf


def test_the_density_of_reports_integrates_to_what_is_not_bunched() -> None:
    model = ReportToTarget(target=100.0, bunching=0.1)
    density = quad(lambda log: np.exp(model.log_likelihood([np.exp(log)], 60.0)), 3.0, 6.0, limit=200)[0]
    assert density == pytest.approx(0.9, abs=1e-6)
    assert np.exp(model.log_likelihood([100.0], 60.0)) == pytest.approx(0.1)
    assert model.log_likelihood([100.0], 120.0) == -np.inf


def test_the_density_of_the_bounds_integrates_to_one() -> None:
    model = Turnout(log_sd=0.3, counters=4)
    steps = np.linspace(-6 * 0.3, 6 * 0.3, 401)
    low, high = np.meshgrid(steps, steps, indexing="ij")
    density = np.where(low < high, np.exp(model.log_likelihood([np.exp(low), np.exp(high)], 1.0)), 0.0)
    assert np.trapezoid(np.trapezoid(density, steps), steps) == pytest.approx(1.0, abs=0.01)
    only_high = np.exp(model.log_likelihood([np.full(401, np.nan), np.exp(steps)], 1.0))
    assert np.trapezoid(only_high, steps) == pytest.approx(1.0, abs=1e-6)


def test_with_four_counters_the_half_width_is_about_one_error() -> None:
    """The reading of the archive's ranges that the default rests on."""
    model = Turnout(log_sd=0.26, counters=4)
    low, high = model.simulate(np.full(20_000, 1e4), random_words(model, (20_000,), seed=3))
    assert np.median(high / low) == pytest.approx(1.67, abs=0.03)


def test_the_likelihood_finds_the_crowd_again() -> None:
    model = Turnout(log_sd=0.3)
    data = model.simulate(np.full(200, 50_000.0), random_words(model, (200,), seed=4))
    grid = np.geomspace(30_000, 80_000, 101)
    best = grid[np.argmax([model.log_likelihood(data, np.full(200, value)).sum() for value in grid])]
    assert best == pytest.approx(50_000, rel=0.05)


def gaps(feigning: float, deflation: float = 0.0) -> list[tuple[float, float, float]]:
    survey = Survey(feigning=feigning, deflation=deflation, asked=1000)
    data = survey.simulate(np.full(400, 0.6), random_words(survey, (400,), seed=5))
    found = [feigning_gap(float(direct), float(listed), survey=survey) for direct, listed in data.T]
    return [(one.gap, one.low, one.high) for one in found]


def test_the_list_experiment_finds_the_feigned_part() -> None:
    found = gaps(feigning=0.6)
    assert np.mean([gap for gap, _, _ in found]) == pytest.approx(0.24, abs=0.01)
    covered = np.mean([low <= 0.24 <= high for _, low, high in found])
    assert 0.92 <= covered <= 0.98  # 95 per cent declared; 400 draws have a standard error of 1.1


def test_where_nobody_feigns_it_finds_nothing() -> None:
    """Negative control with its declared rate: one in twenty intervals misses zero."""
    found = gaps(feigning=0.0)
    false_alarms = np.mean([low > 0.0 or high < 0.0 for _, low, high in found])
    assert false_alarms < 0.05 + 3 * 0.011


def test_a_list_that_deflates_looks_like_feigning() -> None:
    """The rival reading: nobody feigns, the list falls short, and the gap is there all the same."""
    assert np.mean([gap for gap, _, _ in gaps(feigning=0.0, deflation=0.1)]) == pytest.approx(0.1, abs=0.01)


def test_pressure_through_levels_hides_a_shortfall() -> None:
    words = np.full((2, 1), 2**31, dtype=np.uint32)
    honest, bent = (
        ReportToTarget(target=100.0, pressure=pressure, bunching=0.0).simulate([50.0], words)[0, 0]
        for pressure in (0.0, 0.3)
    )
    assert honest == pytest.approx(50.0)
    assert bent == pytest.approx(100.0 - 50.0 * 0.7**4)
    less = ReportToTarget(target=100.0, pressure=0.5, levels=1, bunching=0.0, wanted="less")
    assert less.simulate([140.0], words)[0, 0] == pytest.approx(120.0)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Turnout(log_sd=0.0),
        lambda: Turnout(counters=1),
        lambda: Detection(share=1.0),
        lambda: Survey(feigning=1.1),
        lambda: Survey(asked=1),
        lambda: ReportToTarget(target=0.0),
        lambda: ReportToTarget(target=1.0, bunching=1.0),
    ],
)
def test_impossible_settings_are_refused(bad: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        bad()  # type: ignore[operator]
