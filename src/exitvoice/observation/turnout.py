"""Turnout between a low and a high estimate.

Several counters estimate a crowd independently, each off by a log-normal factor; what is handed down is the lowest
and the highest. With four counters the median half-width of the range, in logs, is 0.99 of one counter's error, so
the width that is seen gives the error: 526 demonstrations of 1989/90 with both bounds have a median ratio of 1.67
(half its log is 0.26) and a mean log ratio of 0.73 (half is 0.36).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr, ndtri

from exitvoice.observation.base import Floats, Words, uniforms

_LOG_ROOT_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@dataclass(frozen=True)
class Turnout:
    """Lowest and highest of some independent log-normal estimates of a crowd.

    Parameters
    ----------
    log_sd : float
        Error of one counter, in natural logs; 0.25 to 0.36 from the archive of Monday demonstrations.
    counters : int
        How many estimate; at least two. Four is assumed.
    log_bias : float
        By how much all of them are off together (police low, organisers high); 0 is assumed.

    Examples
    --------
    >>> model = Turnout()
    >>> low, high = model.simulate([70_000.0], np.full((4, 1), 2**31, dtype=np.uint32))
    >>> low.round().tolist(), high.round().tolist()
    ([70000.0], [70000.0])
    """

    log_sd: float = 0.3
    counters: int = 4
    log_bias: float = 0.0

    def __post_init__(self) -> None:
        if self.log_sd <= 0.0 or self.counters < 2:
            raise ValueError("the error is positive and at least two count")

    @property
    def words(self) -> int:
        """One word a counter."""
        return self.counters

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return the lowest and the highest estimate, shape (2, *truth.shape)."""
        centre = np.log(np.asarray(truth, dtype=np.float64)) + self.log_bias
        estimates = np.exp(centre + self.log_sd * ndtri(uniforms(words)))
        return np.stack([estimates.min(axis=0), estimates.max(axis=0)])

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log density, in logs of people, of the two bounds.

        Where the low one is not a number only the highest estimate is known, as in most archives; give a single
        figure so, not as two equal bounds.
        """
        low, high = np.asarray(observed, dtype=np.float64)
        centre = np.log(np.asarray(truth, dtype=np.float64)) + self.log_bias
        top = (np.log(high) - centre) / self.log_sd
        only_high = math.log(self.counters) + (self.counters - 1) * log_ndtr(top) + self._log_density(top)
        bottom = (np.log(np.where(np.isnan(low), high, low)) - centre) / self.log_sd
        between = _log_difference(top, bottom)
        pairs = math.log(self.counters * (self.counters - 1))
        inner = (self.counters - 2) * between if self.counters > 2 else np.zeros_like(between)
        both = pairs + self._log_density(bottom) + self._log_density(top) + inner
        both = np.where(low > high, -np.inf, both)
        return np.asarray(np.where(np.isnan(low), only_high, both), dtype=np.float64)

    def _log_density(self, z: Floats) -> Floats:
        return -0.5 * z * z - _LOG_ROOT_TWO_PI - math.log(self.log_sd)


def _log_difference(top: Floats, bottom: Floats) -> Floats:
    """Return log(Phi(top) - Phi(bottom)) without loss in either tail; -inf where they are equal."""
    flip = bottom > 0.0  # in the upper tail work with the mirrored lower one
    larger = np.where(flip, log_ndtr(-bottom), log_ndtr(top))
    smaller = np.where(flip, log_ndtr(-top), log_ndtr(bottom))
    with np.errstate(divide="ignore"):
        return np.asarray(larger + np.log(-np.expm1(np.minimum(smaller - larger, 0.0))), dtype=np.float64)
