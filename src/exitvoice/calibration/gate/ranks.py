"""Are ranks uniform? The ECDF of ranks within simultaneous bands.

Talts et al. 2018 (arXiv:1804.06788): where truths are drawn from the prior, data from the simulator, and posteriors
are right, the rank of the truth among draws of its posterior is uniform. Sailynoja, Burkner and Vehtari 2022
(Statistics and Computing 32:32): bands that the whole ECDF of uniform ranks stays within with a given chance, here
found by simulating uniform ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]
SIMULATED = 2000
"""Sets of uniform ranks from which the level of the bands is found: its error is about half a per cent."""
POINTS = 50


@dataclass(frozen=True, eq=False)
class Envelope:
    """Bands around the ECDF of ranks.

    Attributes
    ----------
    points : array (points,)
        Shares of the ranks' range.
    low, high : array (points,)
        Of the ECDF.
    level : float
        Chance that the ECDF of uniform ranks stays within the bands everywhere.
    """

    points: Floats
    low: Floats
    high: Floats
    level: float

    def holds(self, ranks: Ranks, draws: int) -> bool:
        """Tell whether the ECDF of ranks 0 to `draws` stays within."""
        course = self.course(ranks, draws)
        return bool(((course >= self.low - 1e-12) & (course <= self.high + 1e-12)).all())

    def course(self, ranks: Ranks, draws: int) -> Floats:
        """Return the ECDF of ranks at the points."""
        return np.asarray((_cells(ranks, draws)[:, np.newaxis] <= _places(draws)).mean(axis=0))


def rank_of(truth: Floats, draws: Floats, generator: np.random.Generator) -> Ranks:
    """Return how many draws (draws, factors) lie below the truth (factors,); ties are broken by lot."""
    below = (draws < truth).sum(axis=0)
    equal = (draws == truth).sum(axis=0)
    return np.asarray(below + generator.integers(0, equal + 1), np.int64)


@cache
def envelope_of(replications: int, draws: int, *, level: float = 0.95) -> Envelope:
    """Return the bands for so many ranks, each from 0 to `draws`.

    Parameters
    ----------
    replications : int
    draws : int
        Draws of each posterior, at least 19.
    level : float
        Simultaneous; give 1 - alpha / k where k ECDFs are looked at together.

    Examples
    --------
    >>> bands = envelope_of(500, 99)
    >>> bool(bands.high.max() <= 1.0), bool((bands.low <= bands.points).all())
    (True, True)
    """
    generator = np.random.Generator(np.random.PCG64([replications, draws]))
    places = _places(draws)
    shares: Floats = np.asarray((places + 1.0) / (draws + 1.0), np.float64)
    least = np.empty(SIMULATED)
    for number in range(SIMULATED):
        ranks = generator.integers(0, draws + 1, replications)
        counts = (_cells(ranks, draws)[:, np.newaxis] <= places).sum(axis=0)
        least[number] = _extremity(counts, replications, shares).min()
    pointwise = float(np.quantile(least, 1.0 - level, method="lower"))
    low = binom.ppf(pointwise / 2.0, replications, shares) / replications
    high = binom.ppf(1.0 - pointwise / 2.0, replications, shares) / replications
    return Envelope(shares, np.asarray(low), np.asarray(high), level)


def _extremity(counts: Any, size: int, shares: Any) -> Floats:
    """Return twice the smaller tail of each count."""
    lower = binom.cdf(counts, size, shares)
    upper = binom.sf(counts - 1, size, shares)
    return np.asarray(2.0 * np.minimum(lower, upper))


def _places(draws: int) -> NDArray[np.int64]:
    inner = np.linspace(0, draws, min(POINTS, draws) + 1)[:-1]
    return np.unique(inner.astype(np.int64))


def _cells(ranks: Ranks, draws: int) -> Any:
    return np.clip(np.asarray(ranks, np.int64), 0, draws)
