"""Counted: a register that is right but for a small error of its own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import norm

from exitvoice.observation.base import Floats, Words, uniforms


@dataclass(frozen=True)
class Counted:
    """A count with a log-normal error.

    Parameters
    ----------
    log_sd : float
        Error in natural logs; 0.05 is assumed (registers lag by days, and holidays shift them).

    Examples
    --------
    >>> Counted().simulate([500.0], np.full((1, 1), 2**31, dtype=np.uint32)).round().tolist()
    [[500.0]]
    """

    log_sd: float = 0.05

    def __post_init__(self) -> None:
        if self.log_sd <= 0.0:
            raise ValueError("the error is positive")

    @property
    def words(self) -> int:
        """One word for the error."""
        return 1

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return the count, shape (1, *truth.shape)."""
        true = np.asarray(truth, dtype=np.float64)
        return np.asarray(true * np.exp(self.log_sd * ndtri(uniforms(words))), dtype=np.float64)

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log density of the count in logs."""
        counted = np.asarray(observed, dtype=np.float64)[0]
        true = np.asarray(truth, dtype=np.float64)
        return np.asarray(norm.logpdf(np.log(counted), np.log(true), self.log_sd), dtype=np.float64)
