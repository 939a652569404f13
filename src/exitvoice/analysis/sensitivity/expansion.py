"""A sparse expansion of an outcome in polynomials of single factors and of pairs of factors.

Polynomials of a factor are orthonormal over its points, and their products over independent factors, so that the square
of a coefficient is the variance of its term. Terms enter one by one, that most correlated with what is left first, as
long as the extended Bayesian criterion falls (Chen and Chen 2008, Biometrika 95): it asks the more of a term, the more
of its kind there were to choose from. Interactions of three and more factors are not seen. Expansions as surrogates:
Sudret 2008, Reliability Engineering and System Safety 93; sparse ones: Blatman and Sudret 2011, Journal of
Computational Physics 230.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from exitvoice.analysis.sensitivity.base import Floats

HIGHEST_PAIR = 6
"""Highest degree of a pair; single factors get two more."""
POINTS_A_DEGREE = 25
"""Points that a further degree asks for; our choice."""
MOST_COLUMNS = 50_000
MOST_TERMS = 20
POINTS_A_TERM = 6


@dataclass(frozen=True)
class Terms:
    """Candidates of an expansion.

    Attributes
    ----------
    columns : array (points, terms)
        Each of mean 0 and variance 1 over the whole space, those of pairs only about so over the points.
    factors : array (terms, 2)
        The factors of each; the same one twice where it has one only.
    """

    columns: Floats
    factors: NDArray[np.int64]

    @property
    def kinds(self) -> tuple[NDArray[np.int64], ...]:
        """Places of the terms of one factor, and of those of two, where there are any."""
        is_pair = self.factors[:, 0] != self.factors[:, 1]
        return tuple(kind for kind in (np.flatnonzero(~is_pair), np.flatnonzero(is_pair)) if kind.size)


def candidates(points: Floats) -> Terms:
    """Return the polynomials of single factors and of pairs, of as high a degree as the points allow."""
    count, factors = points.shape
    degree = _degree(count, factors)
    single = [_polynomials(column, degree + 2) for column in points.T]
    columns, of = list(single), [np.full((own.shape[1], 2), at) for at, own in enumerate(single)]
    for one, other in combinations(range(factors), 2):
        for power in range(min(degree - 1, single[one].shape[1])):
            own = single[one][:, [power]] * single[other][:, : degree - 1 - power]
            columns.append(own)
            of.append(np.tile([one, other], (own.shape[1], 1)))
    return Terms(np.concatenate(columns, axis=1), np.concatenate(of))


def _degree(count: int, factors: int) -> int:
    pairs = factors * (factors - 1) // 2
    degree = max(2, min(HIGHEST_PAIR, count // POINTS_A_DEGREE))
    while degree > 2 and pairs * degree * (degree - 1) // 2 > MOST_COLUMNS:
        degree -= 1
    return degree


def _polynomials(column: Floats, degree: int) -> Floats:
    """Return polynomials of a factor's ranks, (points, degree): a change of scale changes no index."""
    different, place = np.unique(column, return_inverse=True)
    degree = min(degree, different.size - 1)
    if degree < 1:
        return np.zeros((column.size, 0))
    scaled = 2 * place / (different.size - 1) - 1
    basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(scaled, degree))
    return np.asarray(basis[:, 1:] * np.sqrt(column.size))


@dataclass(frozen=True)
class Fit:
    """Terms that were chosen, the constant and their coefficients, the variance left, the criterion they came to."""

    terms: tuple[int, ...]
    coefficients: Floats
    left: float
    score: float

    def values(self, terms: Terms) -> Floats:
        """Return what it says at every point."""
        return np.asarray(self.coefficients[0] + terms.columns[:, list(self.terms)] @ self.coefficients[1:])


def fit_each(terms: Terms, outcome: Floats, weights: Floats) -> list[Fit]:
    """Choose terms and fit them, anew for each row of weights (weightings, points).

    Points of weight 0 are left out, so that folds and resamples are one and the same work.
    """
    spread = _spread(terms, weights)
    fits = [_fitted(terms, outcome, own, ()) for own in weights]
    going = list(range(len(weights)))
    for _ in range(min(MOST_TERMS, outcome.size // POINTS_A_TERM)):
        left = np.stack([outcome - fits[row].values(terms) for row in going])
        lean = np.abs((weights[going] * left) @ terms.columns) / spread[going]
        tried = [
            _best_with_one_more(terms, outcome, weights[row], fits[row], own)
            for row, own in zip(going, lean, strict=True)
        ]
        better = [(row, fit) for row, fit in zip(going, tried, strict=True) if fit.score < fits[row].score]
        for row, fit in better:
            fits[row] = fit
        going = [row for row, _ in better]
        if not going:
            break
    return fits


def _spread(terms: Terms, weights: Floats) -> Floats:
    size = weights.sum(axis=1)[:, np.newaxis]
    mean = weights @ terms.columns / size
    return np.asarray(np.sqrt(np.maximum(weights @ terms.columns**2 / size - mean**2, 1e-12)))


def _best_with_one_more(terms: Terms, outcome: Floats, weights: Floats, fit: Fit, lean: Floats) -> Fit:
    """Add the term of one factor, or that of two, that leans most on what is left."""
    more = [int(kind[np.argmax(lean[kind])]) for kind in terms.kinds]
    tried = [_fitted(terms, outcome, weights, (*fit.terms, one)) for one in more if one not in fit.terms]
    return min(tried, key=lambda one: one.score, default=fit)


def _fitted(terms: Terms, outcome: Floats, weights: Floats, chosen: tuple[int, ...]) -> Fit:
    root = np.sqrt(weights)
    columns = np.column_stack([np.ones(outcome.size), terms.columns[:, list(chosen)]])
    coefficients = np.linalg.lstsq(columns * root[:, np.newaxis], outcome * root, rcond=None)[0]
    size = float(weights.sum())
    error = float((weights * (outcome - columns @ coefficients) ** 2).sum()) / size
    price = sum(
        np.log(size) + 2.0 * np.log(kind.size) for kind in terms.kinds for one in chosen if one in kind
    )
    # an error of nothing is as good as one of a billionth of the variance
    return Fit(chosen, coefficients, error, size * float(np.log(max(error, 1e-9))) + price)
