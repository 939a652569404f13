"""Granovetter (1978): two crowds that differ in one person; the fold of the normal distribution; what size blurs.

Draws are fixed by the seed; sampling bounds are six standard errors or more, so that a false alarm is rarer than 1e-8.
"""

import numpy as np
import pytest

from exitvoice.models.reference import cascade
from exitvoice.models.reference.base import MET
from exitvoice.models.reference.granovetter import (
    FOLD,
    FOLD_SHARE,
    MODEL,
    _chance,
    fixed_point,
    quantile_thresholds,
)
from support_reference import held


def rest(thresholds):
    return int(cascade.settle(cascade.given(np.array([thresholds], np.float64)))[-1, 0])


def test_a_hundred_thresholds_in_a_row_give_a_riot_of_a_hundred_and_one_gap_stops_it():
    assert rest(range(100)) == 100
    assert rest([0, 2, *range(2, 100)]) == 1


@pytest.mark.long
def test_every_target_at_a_million_is_met():
    found = held(MODEL)
    assert len(found) == len(MODEL.targets)
    assert {name: one.obtained for name, one in found.items() if one.verdict != MET} == {}


def test_the_fold_is_where_the_equations_say():
    assert fixed_point(FOLD - 1e-6) == pytest.approx(FOLD_SHARE, abs=2e-3)
    assert fixed_point(FOLD + 1e-4) > 0.99
    assert [round(fixed_point(s), 5) for s in (0.10, 0.11, 0.12)] == [0.00770, 0.01713, 0.04021]


def test_a_crowd_that_begins_with_nobody_stays_at_rest():
    assert rest(quantile_thresholds(0.3, 1.0) + 1.0) == 0


@pytest.mark.parametrize("deviation", [0.05, 0.2, 0.4])
def test_the_compiled_cascade_has_the_numbers_of_the_uncompiled(deviation):
    numbers = {"crowds": 3, "persons": 40, "mean": 0.25, "deviation": deviation, "seed": 5}
    one, other = (cascade.drawn(**numbers, plain=plain) for plain in (False, True))
    assert np.array_equal(one.column("threshold"), other.column("threshold"))
    assert np.array_equal(cascade.settle(one), cascade.settle(other))


def test_persons_beyond_one_unit_have_draws_of_their_own():
    # a unit's members are numbered in 16 bits: 70,000 persons in one unit would repeat the first 4,464 draws
    crowd = cascade.drawn(crowds=1, persons=70_000, mean=0.5, deviation=0.1, seed=1)
    assert len(np.unique(crowd.column("threshold"))) > 65_536
    crowd.close()


def test_size_blurs_the_jump():
    small, large = _chance(100, 0.120, 0), _chance(100_000, 0.120, 0)
    assert 0.02 < small < 0.5
    assert large == 0.0
