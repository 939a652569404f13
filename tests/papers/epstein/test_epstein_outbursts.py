"""Epstein (2002), model I: what the printed equation gives, and what its roundings give.

Runs of 1,500 steps from one seed each; the effects are far larger than the spread between seeds (the largest
number of active agents differs by a factor of ten), so that a false alarm is rarer than one in ten thousand.
"""

import numpy as np
import pytest

from exitvoice.models.reference.epstein import Epstein, EpsteinSetting


def active(ratio, steps=1500, **more):
    given = {
        "cop_density": 0.04,
        "legitimacy": 0.82,
        "longest_term": 30,
        "neighbourhood": "euclidean",
        "seed": 4,
    }
    world = Epstein(EpsteinSetting(ratio=ratio, **(given | more)))
    series = []
    for _ in range(steps):
        world.step()
        series.append(world.counts()[1])
    return np.array(series)


def test_the_printed_equation_gives_no_outbursts():
    assert active("identity").max() < 50


@pytest.mark.parametrize("ratio", ["floor", "round"])
def test_rounded_ratios_give_outbursts_between_calms(ratio):
    series = active(ratio)[200:]
    assert series.max() > 80
    assert np.median(series) < 0.25 * series.max()


def test_the_floor_gives_larger_outbursts_than_rounding():
    assert active("floor").mean() > 2.0 * active("round").mean()


def test_nobody_rebels_where_legitimacy_leaves_no_grievance_above_the_threshold():
    # H (1 - L) <= 1 - L = T at L = .90
    assert active("floor", steps=100, legitimacy=0.9, cop_density=0.0).max() == 0


def test_without_cops_everybody_whose_grievance_passes_the_threshold_rebels():
    series = active("floor", steps=3, cop_density=0.0)
    # H > T / (1 - L) = .1 / .18, of 1,120 agents: four standard deviations, false alarm 6e-5
    share = series[-1] / 1120
    expected = 1 - 0.1 / 0.18
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / 1120)
