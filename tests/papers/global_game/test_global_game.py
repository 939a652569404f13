"""The global game: one threshold 1 - c at every precision; a strong common prior brings two equilibria back."""

import numpy as np
import pytest

from exitvoice.models.reference.base import MET
from exitvoice.models.reference.global_game import MODEL, STRENGTHS, brink, settle
from support_reference import held


@pytest.mark.parametrize("cost", [0.3, pytest.param(0.7, marks=pytest.mark.long)])
def test_regimes_up_to_one_less_the_cost_fall(cost):
    # 8,000 people: the share that attacks is known to .0056, the threshold of the learned belief to about .008
    assert settle(8_000, cost, 3, precision=4.0)[-1] == pytest.approx(1 - cost, abs=0.03)


def test_a_first_belief_that_all_fall_leads_to_the_same_threshold():
    low, high = (settle(4_000, 0.5, 3, precision=4.0, start=start)[-1] for start in (0.0, 1.0))
    assert low == pytest.approx(high, abs=1e-3)


def test_a_strong_common_prior_leaves_two_outcomes_and_a_weak_one_does_not():
    # alpha / sqrt(beta) = 5 and .5, against sqrt(2 pi) = 2.5
    gaps = [
        settle(5_000, 0.5, 3, precision=4.0, prior=prior, start=1.0)[-1]
        - settle(5_000, 0.5, 3, precision=4.0, prior=prior, start=0.0)[-1]
        for prior in (10.0, 1.0)
    ]
    assert gaps[0] > 0.5
    assert abs(gaps[1]) < 1e-3


def test_the_brink_lies_between_the_last_that_falls_and_the_next():
    assert brink(0.4015 - STRENGTHS) == pytest.approx(0.4015, abs=1e-9)


def test_the_compiled_game_has_the_numbers_of_the_uncompiled():
    one, other = (settle(5, 0.4, 7, precision=4.0, plain=plain) for plain in (False, True))
    assert np.array_equal(one, other)


@pytest.mark.long
def test_every_target_is_met():
    for cost in (0.3, 0.5, 0.7):
        assert {one.verdict for one in held(MODEL, cost=cost).values()} == {MET}
