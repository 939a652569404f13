"""Total indices from any design: what a factor decides alone, and with the pairs it takes part in.

A Saltelli design measures total indices outright and costs thousands of runs; SALib's method for given data (HDMR)
refuses fewer than 300 points; nearest neighbours (Broto, Bachoc and Depecker 2020, SIAM/ASA Journal on Uncertainty
Quantification 8) find none near in forty dimensions. So a sparse expansion is fitted to the points that are there,
whose squared coefficients are the indices. What it explains in points it has not seen, by a cross-validation of the
whole choice of terms, is said with the indices; where that is too little they are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from exitvoice.analysis.sensitivity.base import Floats, Index, checked
from exitvoice.analysis.sensitivity.expansion import Fit, Terms, candidates, fit_each

LEAST_FIT = 0.5
"""Share of the variance of unseen points that a surrogate must explain, or nothing is read from it; our choice."""
LEAST_POINTS = 30
"""With fewer, the folds of a cross-validation are a handful; our choice."""
FOLDS = 10


@dataclass(frozen=True)
class Interplay:
    """What factors decide alone and with interactions, as shares of the variance of an outcome.

    Attributes
    ----------
    alone, with_others : tuple of Index
        First-order and total indices in the same order, the largest total first; empty where they are refused.
    fit : float
        Share of the variance that the surrogate explains in points it has not seen.
    points : int
        Points they rest on.
    pairs : tuple of (str, str)
        Factors that act together, the strongest pair first.
    """

    alone: tuple[Index, ...]
    with_others: tuple[Index, ...]
    fit: float
    points: int
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the surrogate explains too little for an index to be read from it."""
        return not self.with_others

    @property
    def told_from_none(self) -> tuple[Index, ...]:
        """The total indices whose interval leaves out zero."""
        return tuple(index for index in self.with_others if index.low > 0.0)


def total_indices(
    points: ArrayLike,
    values: ArrayLike,
    names: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = 100,
    level: float = 0.95,
    least_fit: float = LEAST_FIT,
) -> Interplay:
    """Return first-order and total indices with bootstrap intervals, the largest total first, or refuse them.

    Parameters
    ----------
    points : array (points, factors)
        Any sample of independent factors; one of few different values, such as a category of three, is taken so.
    values : array (points,)
        Outcome at each point; truth values count as 0 and 1.
    names : sequence of str
        Names of the factors, in the order of the columns.
    seed, resamples, level :
        Of the bootstrap: points are weighted anew (Rubin 1981, The Annals of Statistics 9), terms chosen anew.
    least_fit : float
        Share of the variance of unseen points that must be explained.

    Returns
    -------
    Interplay

    Examples
    --------
    >>> import numpy as np
    >>> at = np.random.default_rng(1).random((120, 3))
    >>> found = total_indices(at, (at[:, 0] - 0.5) * (at[:, 1] - 0.5), ["one", "other", "none"])
    >>> found.pairs, found.alone[0].value < 0.1 < 0.9 < found.with_others[0].value
    ((('one', 'other'),), True)
    """
    at, outcome = checked(points, values, len(names))
    count = outcome.size
    if count < LEAST_POINTS or np.ptp(outcome) == 0.0:
        return Interplay((), (), 0.0, count)
    outcome = (outcome - outcome.mean()) / outcome.std()
    terms, random = candidates(at), np.random.default_rng(seed)
    fit = _explained(terms, outcome, random.permutation(count) % FOLDS)
    if fit < least_fit:
        return Interplay((), (), fit, count)
    weights = np.vstack([np.ones(count), random.dirichlet(np.ones(count), resamples) * count])
    fits = fit_each(terms, outcome, weights)
    shares = np.stack([_shares(terms, one, len(names)) for one in fits])
    order = np.argsort(-shares[0, 1], kind="stable")
    alone, with_others = (_with_intervals(shares[:, kind], names, order, level) for kind in (0, 1))
    return Interplay(alone, with_others, fit, count, _pairs(terms, fits[0], names))


def _explained(terms: Terms, outcome: Floats, folds: np.ndarray) -> float:
    """Return the share of the variance explained in points that took no part in the choice or the fit."""
    kept = (folds != np.arange(FOLDS)[:, np.newaxis]).astype(np.float64)
    error = 0.0
    for fold, fit in enumerate(fit_each(terms, outcome, kept)):
        unseen = folds == fold
        error += float(((outcome - fit.values(terms))[unseen] ** 2).sum())
    return round(1.0 - error / outcome.size, 6)


def _shares(terms: Terms, fit: Fit, factors: int) -> Floats:
    """Return what each factor decides alone and with others, (2, factors)."""
    found = np.zeros((2, factors))
    for (one, other), coefficient in zip(terms.factors[list(fit.terms)], fit.coefficients[1:], strict=True):
        found[1, list({one, other})] += coefficient**2
        if one == other:
            found[0, one] += coefficient**2
    return found / (float((fit.coefficients[1:] ** 2).sum()) + fit.left)


def _with_intervals(
    shares: Floats, names: Sequence[str], order: np.ndarray, level: float
) -> tuple[Index, ...]:
    """Return indices with the wider of two intervals: the resamples' own, and their spread about the estimate.

    Resamples find terms in their own noise, so their mean lies above the estimate; and a term that some of them leave
    out has an interval that holds zero.
    """
    value, again = shares[0], shares[1:]
    ends = np.quantile(again, [(1 - level) / 2, (1 + level) / 2], axis=0)
    moved = ends + value - again.mean(axis=0)
    low = np.minimum(np.minimum(ends, moved)[0], value).clip(0.0, 1.0)
    high = np.maximum(np.maximum(ends, moved)[1], value).clip(0.0, 1.0)
    # six digits: the last ones turn on how many threads multiplied
    return tuple(Index(names[at], *(round(float(end[at]), 6) for end in (value, low, high))) for at in order)


def _pairs(terms: Terms, fit: Fit, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    size: dict[tuple[str, str], float] = {}
    for (one, other), coefficient in zip(terms.factors[list(fit.terms)], fit.coefficients[1:], strict=True):
        if one != other:
            pair = (names[one], names[other])
            size[pair] = size.get(pair, 0.0) + float(coefficient**2)
    return tuple(sorted(size, key=lambda pair: -size[pair]))
