"""First-order indices from any design: how much of an outcome's variance each factor accounts for.

Each factor's points are cut into groups of equal number; S_i = Var(E[Y | group]) / Var(Y), freed of the bias that
chance differences between groups give (adjusted as R squared is: 1 - (1 - eta2)(n - 1)/(n - m)). It needs no special
design and takes truth values as well as effects, but sees no interaction: a factor that acts only together with
another shows nothing. With many factors and few points the largest of them is large by chance alone; so the largest
index under shuffled outcomes is given beside. Source: Plischke, Borgonovo and Smith 2013, European Journal of
Operational Research 226.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from exitvoice.analysis.sensitivity.base import Floats, Index, Indices, checked


def given_data_indices(
    points: ArrayLike,
    values: ArrayLike,
    names: Sequence[str],
    *,
    groups: int | None = None,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.95,
) -> Indices:
    """Return first-order indices with bootstrap intervals, the largest first.

    Parameters
    ----------
    points : array (points, factors)
        Any sample that covers the ranges.
    values : array (points,)
        Outcome at each point; truth values count as 0 and 1.
    names : sequence of str
        Names of the factors, in the order of the columns.
    groups : int, optional
        Groups of equal number a factor is cut into; the cube root of the points, at least 3, if not given.
        A factor with fewer different values than that is cut at its values.
    seed, resamples, level :
        Of the bootstrap and of the shuffles.

    Returns
    -------
    Indices

    Examples
    --------
    >>> import numpy as np
    >>> at = np.random.default_rng(1).random((500, 2))
    >>> found = given_data_indices(at, at[:, 0], ["decides", "does not"])
    >>> found.indices[0].factor, found.indices[0].value > 0.9
    ('decides', True)
    """
    at, outcome = checked(points, values, len(names))
    count = outcome.size
    members = groups or max(3, round(count ** (1 / 3)))
    random = np.random.default_rng(seed)
    if count < 2 * members or np.ptp(outcome) == 0.0:
        return Indices(tuple(Index(name, 0.0, 0.0, 1.0) for name in names), 1.0, count)
    labels = np.stack([_groups(column, members) for column in at.T])
    value = _indices(labels, outcome)
    shuffled = [_indices(labels, random.permutation(outcome)).max() for _ in range(resamples)]
    again = np.stack([_resampled(labels, outcome, random) for _ in range(resamples)])
    # drawing points twice makes groups look tighter than they are; only the spread of the resamples is taken
    spread = np.quantile(again - again.mean(axis=0), [(1 - level) / 2, (1 + level) / 2], axis=0)
    found = [
        Index(name, float(value[at]), float(max(0.0, value[at] + low)), float(min(1.0, value[at] + high)))
        for at, (name, low, high) in enumerate(zip(names, spread[0], spread[1], strict=True))
    ]
    found.sort(key=lambda index: -index.value)
    return Indices(tuple(found), float(np.quantile(shuffled, level)), count)


def _groups(column: Floats, members: int) -> np.ndarray:
    different = np.unique(column)
    if different.size <= members:
        return np.searchsorted(different, column)
    ranks = np.argsort(np.argsort(column, kind="stable"), kind="stable")
    return np.asarray(ranks * members // column.size)


def _resampled(labels: np.ndarray, outcome: Floats, random: np.random.Generator) -> Floats:
    drawn = random.integers(0, outcome.size, outcome.size)
    return _indices(labels[:, drawn], outcome[drawn])


def _indices(labels: np.ndarray, outcome: Floats) -> Floats:
    whole = float(((outcome - outcome.mean()) ** 2).sum())
    if whole == 0.0:
        return np.zeros(labels.shape[0])
    return np.array([_adjusted(row, outcome, whole) for row in labels])


def _adjusted(groups: np.ndarray, outcome: Floats, whole: float) -> float:
    size = np.bincount(groups)
    filled = size > 0
    total = np.bincount(groups, weights=outcome)
    means = total[filled] / size[filled]
    between = float((size[filled] * (means - outcome.mean()) ** 2).sum())
    left = outcome.size - int(filled.sum())
    if left <= 0:
        return 0.0
    return max(0.0, 1.0 - (1.0 - between / whole) * (outcome.size - 1) / left)
