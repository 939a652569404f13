"""How many more runs an open verdict needs: against the intervals themselves, and where nothing is to be had."""

import numpy as np
import pytest

from exitvoice.claims.needs import Needs, needs_of, worlds_needed
from exitvoice.claims.shares import Share, share_of


@pytest.mark.parametrize(("value", "worlds"), [(0.95, 20), (0.1, 20), (0.6, 15), (0.0, 8)])
def test_with_so_many_more_worlds_the_interval_is_clear_and_with_a_few_less_it_is_not(
    value: float, worlds: int
) -> None:
    more = worlds_needed(Share(value, 0.1, 0.9, worlds))
    assert more is not None
    for count, is_settled in ((worlds + more + 8, True), (worlds + more - 8, False)):
        if count < 3:
            continue
        truth = (np.arange(count) < round(value * count)).astype(float)[:, np.newaxis]
        assert share_of(truth).is_decided is is_settled


def test_a_share_at_a_limit_is_settled_by_no_number() -> None:
    assert worlds_needed(Share(0.8, 0.7, 0.9, 30)) is None
    assert needs_of(Share(0.8, 0.7, 0.9, 30), unmeasured=0, runs_a_world=2) == Needs(None, None)


def test_runs_are_those_of_all_twins_and_of_worlds_that_do_not_count() -> None:
    share = Share(1.0, 0.7, 1.0, 8)
    assert needs_of(share, unmeasured=0, runs_a_world=3) == Needs(5, 15)
    assert needs_of(share, unmeasured=8, runs_a_world=3) == Needs(5, 30)


def test_what_is_decided_or_unknown_needs_nothing() -> None:
    assert needs_of(Share(0.95, 0.85, 0.99, 60), unmeasured=0, runs_a_world=2) is None
    assert needs_of(Share(float("nan"), 0.0, 1.0, 0), unmeasured=9, runs_a_world=2) is None
