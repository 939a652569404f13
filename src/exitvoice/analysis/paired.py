"""What a difference between twin worlds says: its interval over replications, and what pairing them saved."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

Floats = npt.NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """Mean of paired differences and the bounds of its interval, each of the shape of one difference."""

    mean: Floats
    low: Floats
    high: Floats
    replications: int

    @property
    def excludes_zero(self) -> npt.NDArray[np.bool_]:
        """Where the whole interval lies on one side of zero."""
        return np.asarray((self.low > 0.0) | (self.high < 0.0))


@dataclass(frozen=True)
class Reduction:
    """Variance of an unpaired comparison over that of the paired one, with its interval.

    `ratio` 20 says: unpaired, the same precision would have taken 20 times as many runs. NaN where neither
    comparison varies, infinite where only the paired one does not.
    """

    ratio: float
    low: float
    high: float
    replications: int


def paired_interval(differences: npt.ArrayLike, *, level: float = LEVEL) -> Interval:
    """Student's interval of the mean of paired differences.

    Parameters
    ----------
    differences : array, shape (replications, ...)
        World B minus world A, one a replication.
    level : float
        Coverage, where the differences are close to normal.

    Returns
    -------
    Interval
        With one replication the bounds are infinite, unless nothing differs.

    Examples
    --------
    >>> found = paired_interval([1.0, 2.0, 3.0])
    >>> float(found.mean), round(float(found.low), 3), round(float(found.high), 3)
    (2.0, -0.484, 4.484)
    """
    values = np.asarray(differences, np.float64)
    count = values.shape[0]
    mean = values.mean(axis=0)
    if count < 2:
        half = np.where(mean == 0.0, 0.0, np.inf)
    else:
        half = t_distribution.ppf(0.5 + level / 2.0, count - 1) * values.std(axis=0, ddof=1) / np.sqrt(count)
    return Interval(np.asarray(mean), np.asarray(mean - half), np.asarray(mean + half), count)


def variance_reduction(first: npt.ArrayLike, second: npt.ArrayLike, *, level: float = LEVEL) -> Reduction:
    """What common draws saved: (var A + var B) / var(B - A), over the replications.

    With S = A + B and D = B - A the ratio is (1 + var S / var D) / 2, and for worlds of equal variance var S
    / var D is F-distributed about its true value (Pitman 1939; Morgan 1939): that gives the interval. It is
    wide for a few replications, and so is what we know of the saving.

    Parameters
    ----------
    first, second : arrays, shape (replications,)
        An outcome in each world; replications are independent, worlds of one replication share their draws.

    Examples
    --------
    >>> round(variance_reduction([1.0, 2.0, 4.0], [2.0, 3.0, 5.5]).ratio)
    67
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    count = a.size
    if count < 2:
        return Reduction(float("nan"), float("nan"), float("nan"), count)
    of_sum, of_difference = float(np.var(a + b, ddof=1)), float(np.var(b - a, ddof=1))
    if of_difference <= 0.0:
        ratio = float("inf") if of_sum > 0.0 else float("nan")
        return Reduction(ratio, ratio, ratio, count)
    quotient = of_sum / of_difference
    spread = float(f_distribution.ppf(0.5 + level / 2.0, count - 1, count - 1))
    low, ratio, high = (0.5 * (1.0 + value) for value in (quotient / spread, quotient, quotient * spread))
    return Reduction(ratio, low, high, count)
