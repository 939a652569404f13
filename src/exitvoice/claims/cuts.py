"""A claim's verdict under each theory of expression, each disputed sign and each band of theta."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exitvoice.claims.design import THEORIES
from exitvoice.claims.findings import Cut
from exitvoice.claims.needs import needs_of
from exitvoice.claims.pool import Asking, Pool
from exitvoice.claims.schema import Hypothesis
from exitvoice.claims.verdicts import CANNOT_TELL, OPEN, verdict_of_some

THETA = "punishment_steepness"


def by_theory(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[Cut, ...]:
    """Return the verdict under each theory of expression."""
    return tuple(
        _cut(name.replace("_", " "), pool, pool.theory == at, hypothesis, asking)
        for at, name in enumerate(THEORIES)
    )


def by_sign(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[Cut, ...]:
    """Return the verdict with each disputed sign one way and the other."""
    cuts: list[Cut] = []
    for name in hypothesis.contested:
        column = pool.points[:, asking.setting.names.index(name)]
        cuts.append(_cut(f"{name} above zero", pool, column > 0, hypothesis, asking))
        cuts.append(_cut(f"{name} below zero", pool, column < 0, hypothesis, asking))
    return tuple(cuts)


def by_theta(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[Cut, ...]:
    """Return the verdict in each third of theta's range, where a claim is about cascades."""
    names = asking.setting.names
    if not hypothesis.cascade or THETA not in names:
        return ()
    at = names.index(THETA)
    edges = np.linspace(asking.setting.factors[at].low, asking.setting.factors[at].high, 4)
    column = pool.points[:, at]
    return tuple(
        _cut(
            f"theta {first:.1f} to {last:.1f}", pool, (column >= first) & (column <= last), hypothesis, asking
        )
        for first, last in pairwise(edges)
    )


def _cut(label: str, pool: Pool, rows: NDArray[np.bool_], hypothesis: Hypothesis, asking: Asking) -> Cut:
    truth = pool.answers.truth[rows]
    share = asking.share(truth, pool.theory[rows])
    verdict = CANNOT_TELL if hypothesis.hidden else verdict_of_some(share)
    unmeasured = int(np.isnan(truth).all(axis=1).sum())
    needs = needs_of(share, unmeasured=unmeasured, runs_a_world=len(hypothesis.worlds))
    return Cut(label, share, verdict, needs if verdict == OPEN else None)
