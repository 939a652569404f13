"""Shares, their intervals and the verdicts that follow."""

import numpy as np
import pytest
from scipy.stats import beta

from exitvoice.claims.shares import LEAST_WORLDS, Share, disagreement, share_of
from exitvoice.claims.verdicts import (
    CANNOT_TELL,
    DEPENDS,
    FAILS,
    HOLDS,
    verdict_of,
    verdict_of_hidden,
)


@pytest.mark.parametrize(("true", "worlds"), [(0, 20), (3, 20), (30, 40), (40, 40)])
def test_without_replications_the_interval_is_that_of_jeffreys(true: int, worlds: int) -> None:
    truth = np.concatenate([np.ones(true), np.zeros(worlds - true)])[:, np.newaxis]
    share = share_of(truth, level=0.95)
    known = beta(true + 0.5, worlds - true + 0.5).ppf([0.025, 0.975])
    assert share.value == true / worlds
    assert [share.low, share.high] == pytest.approx(known, abs=0.012)


def test_replications_that_disagree_widen_the_interval() -> None:
    sure = share_of(np.repeat([[1.0, 1.0], [0.0, 0.0]], 20, axis=0))
    noisy = share_of(np.repeat([[1.0, 0.0], [0.0, 1.0]], 20, axis=0))
    assert sure.value == noisy.value == 0.5
    assert noisy.high - noisy.low > 0.1  # the points agree in their means; only chance is left
    assert disagreement(np.array([[1.0, 1.0], [0.0, 1.0], [1.0, np.nan]])) == 0.5
    assert np.isnan(disagreement(np.ones((4, 1))))


def test_worlds_that_are_not_known_do_not_count() -> None:
    share = share_of(np.array([[1.0, np.nan], [np.nan, np.nan], [0.0, 0.0]]))
    assert (share.worlds, share.value) == (2, 0.5)
    nothing = share_of(np.full((5, 1), np.nan))
    assert (nothing.worlds, nothing.low, nothing.high) == (0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (Share(0.95, 0.81, 0.99, 50), HOLDS),
        (Share(0.95, 0.79, 0.99, 50), DEPENDS),
        (Share(0.05, 0.01, 0.19, 50), FAILS),
        (Share(0.05, 0.01, 0.21, 50), DEPENDS),
        (Share(0.5, 0.4, 0.6, 50), DEPENDS),
        (Share(1.0, 0.85, 1.0, LEAST_WORLDS - 1), CANNOT_TELL),
    ],
)
def test_verdicts(share: Share, verdict: str) -> None:
    assert verdict_of(share) == verdict


def test_what_is_hidden_is_told_only_where_data_move_it() -> None:
    prior = Share(0.1, 0.05, 0.2, 90)
    assert verdict_of_hidden(prior, None) == CANNOT_TELL
    assert verdict_of_hidden(prior, Share(0.05, 0.01, 0.15, 60)) == CANNOT_TELL  # prior in, prior out
    assert verdict_of_hidden(prior, Share(0.95, 0.85, 0.99, 60)) == HOLDS
    assert verdict_of_hidden(prior, Share(0.95, 0.85, 0.99, 5)) == CANNOT_TELL


def test_decided_means_clear_of_both_limits() -> None:
    assert Share(0.5, 0.3, 0.7, 30).is_decided
    assert not Share(0.7, 0.5, 0.82, 30).is_decided
    assert not Share(0.25, 0.15, 0.4, 30).is_decided
