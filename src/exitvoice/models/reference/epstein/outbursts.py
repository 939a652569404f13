"""Outbursts in a series of active agents: when each begins and ends, how high and how large it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LIMIT = 50  # active agents of the paper's 1,120: more is an outburst


@dataclass(frozen=True)
class Outbursts:
    """Outbursts in order, arrays of shape (outbursts,).

    Attributes
    ----------
    begins, ends : int arrays
        First step with more than the limit, and the first step after it that has not.
    peaks : int array
        Most active agents in a step.
    totals : int array
        Active agents, summed over the steps of an outburst (total activation).
    steps : int
        Steps that were watched.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    peaks: NDArray[np.int64]
    totals: NDArray[np.int64]
    steps: int

    @property
    def waits(self) -> NDArray[np.int64]:
        """Steps from the end of an outburst to the beginning of the next."""
        return self.begins[1:] - self.ends[:-1]

    @property
    def per_thousand(self) -> float:
        """Outbursts in a thousand steps."""
        return 1000.0 * len(self.begins) / self.steps


def find_outbursts(active: NDArray[np.int64], limit: float) -> Outbursts:
    """Find the outbursts of a series: stretches of steps with more than `limit` active agents.

    One that is under way at the start or the end is left out: its size is not known.

    Examples
    --------
    >>> found = find_outbursts(np.array([0, 60, 90, 10, 0, 70, 3]), 50)
    >>> found.begins.tolist(), found.ends.tolist(), found.totals.tolist(), found.waits.tolist()
    ([1, 5], [3, 6], [150, 70], [2])
    """
    above = np.concatenate([[False], active > limit, [False]]).astype(np.int8)
    begins = np.flatnonzero(np.diff(above) == 1)
    ends = np.flatnonzero(np.diff(above) == -1)
    whole = (begins > 0) & (ends < len(active))
    begins, ends = begins[whole], ends[whole]
    stretches = [active[a:b] for a, b in zip(begins, ends, strict=True)]
    return Outbursts(
        begins=begins,
        ends=ends,
        peaks=np.array([stretch.max() for stretch in stretches], np.int64),
        totals=np.array([stretch.sum() for stretch in stretches], np.int64),
        steps=len(active),
    )


def mean_or_nan(values: NDArray[np.int64]) -> float:
    """Mean, or not a number where there is nothing."""
    return float(values.mean()) if len(values) else float("nan")


def deviation_or_nan(values: NDArray[np.int64]) -> float:
    """Standard deviation of a sample, or not a number where there are fewer than two."""
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def skewness_or_nan(values: NDArray[np.int64]) -> float:
    """Skewness (third standardised moment), or not a number where all are alike or fewer than three."""
    if len(values) < 3 or values.std() == 0:
        return float("nan")
    return float((((values - values.mean()) / values.std()) ** 3).mean())
