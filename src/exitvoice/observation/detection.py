"""Detected against committed: what a statistic of cases sees of what was done.

Each act is detected with a chance that varies from period to period (a campaign, a lull), so the count is
beta-binomial: wider than a binomial of the same mean.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv
from scipy.stats import betabinom, binom

from exitvoice.observation.base import Floats, Words, uniforms


@dataclass(frozen=True)
class Detection:
    """Count of the detected among the committed.

    Parameters
    ----------
    share : float
        Mean share detected, in (0, 1). About 0.10 of those who tried to leave the GDR without a permit in
        September 1989 were prevented: 2,822 of 28,022.
    concentration : float
        How steady the share is from period to period; the standard deviation of the share is
        sqrt(share (1 - share) / (concentration + 1)). 50 is assumed (0.04 at a share of 0.10).

    Examples
    --------
    >>> model = Detection(share=0.1, concentration=1e6)
    >>> model.simulate([28_022.0], np.full((2, 1), 2**31, dtype=np.uint32)).round(-1).tolist()
    [[2800.0]]
    """

    share: float = 0.1
    concentration: float = 50.0

    def __post_init__(self) -> None:
        if not 0.0 < self.share < 1.0 or self.concentration <= 0.0:
            raise ValueError("the share lies between 0 and 1 and the concentration is positive")

    @property
    def words(self) -> int:
        """One word for the share of the period, one for the count."""
        return 2

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return the count detected, shape (1, *truth.shape); truth is rounded to whole acts."""
        committed = np.rint(np.asarray(truth, dtype=np.float64))
        period, count = uniforms(words)
        share = betaincinv(*self._shape(), period)
        return np.asarray(binom.ppf(count, committed, share), dtype=np.float64)[np.newaxis]

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log chance of the count, -inf where more are detected than were committed."""
        detected = np.rint(np.asarray(observed, dtype=np.float64))[0]
        committed = np.rint(np.asarray(truth, dtype=np.float64))
        return np.asarray(betabinom.logpmf(detected, committed, *self._shape()), dtype=np.float64)

    def _shape(self) -> tuple[float, float]:
        return self.share * self.concentration, (1.0 - self.share) * self.concentration
