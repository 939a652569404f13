"""What a claim hinges on: what assumptions decide alone and with interactions, and the box in which it holds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from exitvoice.analysis.discovery import Box, prim
from exitvoice.analysis.sensitivity import Index, Interplay, given_data_indices, total_indices
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
    names, at = _factors(hypothesis, pool, asking)
    for title, known, values in _targets(hypothesis, pool):
        found = given_data_indices(at[known], values, names, seed=asking.seed)
        if found.told_from_noise:
            return found.told_from_noise[:6], found.noise, title
    return (), 1.0, ""


def interplay_of(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[Interplay | None, str]:
    """Return what assumptions decide alone and with interactions, and of what.

    Of the first target that a surrogate explains well enough; else the refusal with the best fit; None where there are
    too few worlds to ask.
    """
    names, at = _factors(hypothesis, pool, asking)
    refused: list[tuple[Interplay, str]] = []
    for title, known, values in _targets(hypothesis, pool):
        found = total_indices(at[known], values, names, seed=asking.seed)
        if not found.is_refused:
            return found, title
        refused.append((found, title))
    return max(refused, key=lambda one: one[0].fit, default=(None, ""))


def _factors(hypothesis: Hypothesis, pool: Pool, asking: Asking) -> tuple[list[str], Floats]:
    """Return the names of what is asked about, the theory of expression last, and their values at each point."""
    columns = _columns(hypothesis, asking)
    names = [*(asking.setting.names[at] for at in columns), THEORY]
    return names, np.column_stack([pool.points[:, columns], pool.theory])


def _targets(hypothesis: Hypothesis, pool: Pool) -> Iterator[tuple[str, NDArray[np.bool_], Floats]]:
    """Yield what indices are asked of: whether it holds, if that varies; then how large the effect is, in ranks.

    With it the points at which it is known, if they are enough to ask.
    """
    targets: list[tuple[str, Floats]] = []
    truth = mean_truth(pool.answers.truth)
    if min(np.nansum(truth), np.nansum(1.0 - truth)) >= LEAST_OF_EACH:
        targets.append(("whether it holds", truth))
    for part in reversed(hypothesis.parts):
        effect = mean_truth(pool.answers.effects[part.name])
        targets.append((f"the size of: {part.name}", _ranked(effect)))
    for title, values in targets:
        known = np.isfinite(values)
        if known.sum() >= 2 * LEAST_OF_EACH:
            yield title, known, values[known]


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
