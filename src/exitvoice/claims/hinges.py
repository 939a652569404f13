"""What a claim hinges on: first-order indices of single assumptions, and the box in which it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exitvoice.analysis.discovery import Box, prim
from exitvoice.analysis.sensitivity import Index, given_data_indices
from exitvoice.claims.design import THEORIES, short_name
from exitvoice.claims.load import parameters_of
from exitvoice.claims.pool import Asking, Pool, mean_truth
from exitvoice.claims.schema import Hypothesis

Floats = NDArray[np.float64]
THEORY = "theory of expression"
LEAST_OF_EACH = 8
"""Worlds in which it holds, and in which not, below which nothing is asked of a box or an index."""


def hinges_of(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[tuple[Index, ...], float, str]:
    """Return the indices told from chance, what the largest reaches by chance, and of what they are."""
    columns = _columns(hypothesis, asking)
    names = [*(asking.setting.names[at] for at in columns), THEORY]
    at = np.column_stack([pool.points[:, columns], pool.theory])
    for title, values in _targets(hypothesis, pool):
        known = np.isfinite(values)
        if known.sum() < 2 * LEAST_OF_EACH:
            continue
        found = given_data_indices(at[known], values[known], names, seed=asking.seed)
        if found.told_from_noise:
            return found.told_from_noise[:6], found.noise, title
    return (), 1.0, ""


def _targets(hypothesis: Hypothesis, pool: Pool) -> list[tuple[str, Floats]]:
    """What indices are asked of: whether it holds, if that varies; else how large the effect is, in ranks."""
    targets: list[tuple[str, Floats]] = []
    truth = mean_truth(pool.answers.truth)
    if min(np.nansum(truth), np.nansum(1.0 - truth)) >= LEAST_OF_EACH:
        targets.append(("whether it holds", truth))
    for part in reversed(hypothesis.parts):
        effect = mean_truth(pool.answers.effects[part.name])
        targets.append((f"the size of: {part.name}", _ranked(effect)))
    return targets


def _ranked(values: Floats) -> Floats:
    # a few huge ratios would otherwise be all of the variance
    ranks = np.full(values.size, np.nan)
    known = ~np.isnan(values)
    _, place = np.unique(values[known], return_inverse=True)
    ranks[known] = place
    return ranks


def box_of(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> Box | None:
    """Return the box in which a claim holds, None where too few worlds differ."""
    truth = mean_truth(pool.answers.truth)
    known = ~np.isnan(truth)
    is_true = truth[known] > 0.5
    if min(is_true.sum(), (~is_true).sum()) < LEAST_OF_EACH:
        return None
    columns = _columns(hypothesis, asking)
    theories = (pool.theory[:, np.newaxis] == np.arange(len(THEORIES))).astype(np.float64)
    names = [
        *(asking.setting.names[at] for at in columns),
        *(f"theory: {name.replace('_', ' ')}" for name in THEORIES),
    ]
    at = np.column_stack([pool.points[:, columns], theories])
    return prim(at[known], is_true, names, seed=asking.seed)


def _columns(hypothesis: Hypothesis, asking: Asking) -> list[int]:
    wanted = {short_name(path) for path in parameters_of(hypothesis, asking.worlds)}
    kept = asking.screening.columns(hypothesis.claim)
    return [
        at for at, name in enumerate(asking.setting.names) if name in wanted and (kept is None or at in kept)
    ]
