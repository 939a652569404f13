"""PRIM, the patient rule induction method: in which box of assumptions does something hold?

The box starts as the whole space. Each peel cuts a share of its points off one side of one factor. The published
method cuts a twentieth each time, where the box becomes densest; with a hundred points and fifty factors that is a cut
into noise, so here a cut may take up to a half, and the one that tells best (in standard errors) is made. The series
of boxes trades coverage (share of all true points that lie inside) for density (share of the points inside that are
true). One box is chosen from it, limits that do not matter are taken off again, and the whole is repeated on resampled
points: a limit that does not come back is chance.
Source: Friedman and Fisher 1999, Statistics and Computing 9; Bryant and Lempert 2010, Technological Forecasting and
Social Change 77, for coverage, density and resampling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
_DULL = 1.1  # a limit that improves the balance by less than this factor is not worth its words
_PEEL = (0.05, 0.5)  # smallest and largest share of a box's points that one peel takes off
_TELLING = 2.5  # standard errors between the points kept and those taken off, below which peeling ends


@dataclass(frozen=True)
class Limit:
    """One side condition of a box; `low` or `high` is None where the factor is not cut on that side.

    `stability` is the share of resamples in which the factor is limited on the same side.
    """

    factor: str
    low: float | None
    high: float | None
    stability: float


@dataclass(frozen=True)
class Box:
    """Where something holds.

    Attributes
    ----------
    limits : tuple of Limit
        The most telling first; empty where no box is denser than the whole.
    coverage : float
        Share of all true points inside.
    density : float
        Share of the points inside that are true.
    base : float
        Share of all points that are true: the density without any box.
    points : int
        Points inside.
    stability : float
        Mean overlap (inside both over inside either) of this box with those of the resamples.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    base: float
    points: int
    stability: float


@dataclass(frozen=True)
class _Cut:
    low: Floats
    high: Floats

    def inside(self, points: Floats) -> Truth:
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))


def prim(
    points: ArrayLike,
    truth: ArrayLike,
    names: Sequence[str],
    *,
    seed: int = 0,
    least: int = 10,
    resamples: int = 40,
    most_limits: int = 4,
) -> Box:
    """Return the box in which `truth` is most often so.

    Parameters
    ----------
    points : array (points, factors)
    truth : array (points,)
        Whether it holds at each point.
    names : sequence of str
        Names of the factors.
    seed : int
        Of the resamples.
    least : int
        Fewest points a box may hold.
    resamples : int
        Resamples for the stability.
    most_limits : int
        Factors a box may limit: a box that nobody can say is no answer.

    Returns
    -------
    Box

    Raises
    ------
    ValueError
        If points, truth and names do not belong together.

    Examples
    --------
    >>> import numpy as np
    >>> at = np.random.default_rng(1).random((400, 3))
    >>> box = prim(at, at[:, 1] > 0.6, ["a", "b", "c"])
    >>> [limit.factor for limit in box.limits], box.density > 0.95
    (['b'], True)
    """
    at = np.asarray(points, np.float64)
    holds = np.asarray(truth, np.bool_)
    if at.ndim != 2 or at.shape != (holds.size, len(names)):
        raise ValueError(
            f"points {at.shape}, truth {holds.shape} and {len(names)} names do not belong together: "
            "give a row of factors for each truth value"
        )
    base = float(holds.mean()) if holds.size else 0.0
    cut = _search(at, holds, least, most_limits)
    inside = cut.inside(at)
    random = np.random.default_rng(seed)
    again = [_again(at, holds, least, most_limits, random) for _ in range(resamples)] if base else []
    overlap = [_overlap(inside, other.inside(at)) for other in again]
    limits = _limits(cut, at, holds, names, again)
    return Box(
        limits=limits,
        coverage=float(holds[inside].sum() / holds.sum()) if holds.any() else 0.0,
        density=float(holds[inside].mean()) if inside.any() else 0.0,
        base=base,
        points=int(inside.sum()),
        stability=float(np.mean(overlap)) if overlap else 0.0,
    )


def _again(at: Floats, holds: Truth, least: int, most: int, random: np.random.Generator) -> _Cut:
    drawn = random.integers(0, holds.size, holds.size)
    return _search(at[drawn], holds[drawn], least, most)


def _overlap(one: Truth, other: Truth) -> float:
    either = int((one | other).sum())
    return float((one & other).sum() / either) if either else 0.0


def _search(at: Floats, holds: Truth, least: int, most: int) -> _Cut:
    """Peel, choose the box of best balance, take off limits that do not matter."""
    whole = _Cut(np.full(at.shape[1], -np.inf), np.full(at.shape[1], np.inf))
    if not holds.any() or holds.all():
        return whole
    plain = [_plainer(cut, at, holds, most) for cut in _peeled(whole, at, holds, least)]
    return max(plain, key=lambda cut: _balance(cut, at, holds))


def _peeled(cut: _Cut, at: Floats, holds: Truth, least: int) -> list[_Cut]:
    series = [cut]
    while True:
        inside = cut.inside(at)
        peel = _best_peel(at[inside], holds[inside], least)
        if peel is None:
            return series
        cut = _cut_off(cut, *peel)
        series.append(cut)


def _best_peel(at: Floats, holds: Truth, least: int) -> tuple[int, bool, float] | None:
    """Return factor, side (True: the low one) and new limit of the cut that tells best, or None if none does."""
    count = holds.size
    smallest = max(1, int(_PEEL[0] * count))
    largest = min(int(_PEEL[1] * count), count - least)
    if largest < smallest or holds.all():
        return None
    best, found = _TELLING, None
    for factor in range(at.shape[1]):
        order = np.argsort(at[:, factor], kind="stable")
        for is_low, ranked in ((True, order), (False, order[::-1])):
            column, true = at[ranked, factor], holds[ranked]
            size = np.arange(smallest, largest + 1)
            size = size[column[size - 1] != column[size]]  # equal values stay together
            score = _contrast(true, size)
            if score.size and float(score.max()) > best:
                best = float(score.max())
                found = (factor, is_low, float(column[size[int(score.argmax())]]))
    return found


def _contrast(true: Truth, size: np.ndarray) -> Floats:
    """How many standard errors the points kept lie above the `size` first ones, which are taken off."""
    count, total = true.size, int(true.sum())
    taken = np.cumsum(true)[size - 1]
    share = total / count
    error = np.sqrt(share * (1 - share) * (1 / size + 1 / (count - size)))
    return np.asarray(((total - taken) / (count - size) - taken / size) / error)


def _cut_off(cut: _Cut, factor: int, is_low: bool, limit: float) -> _Cut:
    low, high = cut.low.copy(), cut.high.copy()
    (low if is_low else high)[factor] = limit
    return _Cut(low, high)


def _balance(cut: _Cut, at: Floats, holds: Truth) -> float:
    """Harmonic mean of coverage and of the density gained over the whole."""
    inside = cut.inside(at)
    base = holds.mean()
    if not inside.any() or base in (0.0, 1.0):
        return 0.0
    coverage = holds[inside].sum() / holds.sum()
    gained = (holds[inside].mean() - base) / (1.0 - base)
    return float(2 * coverage * gained / (coverage + gained)) if gained > 0 and coverage > 0 else 0.0


def _plainer(cut: _Cut, at: Floats, holds: Truth, most: int) -> _Cut:
    """Take off limits, the least telling first, while more stand than can be said or the loss is small."""
    while True:
        limited = np.flatnonzero(np.isfinite(cut.low) | np.isfinite(cut.high))
        if not limited.size:
            return cut
        looser = max(
            (_loosened(cut, int(factor)) for factor in limited), key=lambda new: _balance(new, at, holds)
        )
        is_dull = _balance(looser, at, holds) > 0 and _balance(cut, at, holds) <= _DULL * _balance(
            looser, at, holds
        )
        if limited.size <= most and not is_dull:
            return cut
        cut = looser


def _loosened(cut: _Cut, factor: int) -> _Cut:
    low, high = cut.low.copy(), cut.high.copy()
    low[factor], high[factor] = -np.inf, np.inf
    return _Cut(low, high)


def _limits(
    cut: _Cut, at: Floats, holds: Truth, names: Sequence[str], again: Sequence[_Cut]
) -> tuple[Limit, ...]:
    balance = _balance(cut, at, holds)
    found: list[tuple[float, Limit]] = []
    for factor, name in enumerate(names):
        low, high = bool(np.isfinite(cut.low[factor])), bool(np.isfinite(cut.high[factor]))
        if not (low or high):
            continue
        same = [
            (not low or np.isfinite(other.low[factor])) and (not high or np.isfinite(other.high[factor]))
            for other in again
        ]
        limit = Limit(
            name,
            float(cut.low[factor]) if low else None,
            float(cut.high[factor]) if high else None,
            float(np.mean(same)) if same else 0.0,
        )
        found.append((balance - _balance(_loosened(cut, factor), at, holds), limit))
    return tuple(limit for _, limit in sorted(found, key=lambda pair: -pair[0]))
