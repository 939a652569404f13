"""Whether all implementations of the threshold model do the same: their open shares, compared pair by pair.

Every implementation runs worlds of 20,000 agents from seeds of its own, as many as fit into six seconds (4 to 60).
After 5 steps (on the way up, where an order of updating or an old share would show) and after 50 the mean shares of
any two must lie within four standard errors of their difference. The variance of a share between worlds is pooled
over all implementations, which the hypothesis of one model allows.

False alarms: with ten implementations and 150 degrees of freedom or more, the largest of the 45 differences exceeds
four standard errors by chance with probability 0.4 % at either moment (the studentised range), so a run in which all
is well fails less than once in 125 times. A failure is printed, kept in the results, and is the exit status.

What it can see: shares that are two steps old, noise with a deviation of 0.45, or noise drawn only once fail it by far.
What it cannot see: noise of another shape with the same deviation, which hardly moves the mean share.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import fmean, variance
from typing import Any

AGENTS, MOMENTS, SECONDS, LIMIT = 20_000, (5, 50), 6.0, 20.0
SEEDS_APART = 1_000  # so that no two implementations share a seed
STANDARD_ERRORS = 4.0


@dataclass(frozen=True)
class Comparison:
    """Two implementations at one moment."""

    step: int
    first: str
    second: str
    difference: float
    standard_errors: float

    @property
    def holds(self) -> bool:
        """Whether they agree."""
        return abs(self.standard_errors) <= STANDARD_ERRORS


def pooled_deviation(samples: Sequence[Sequence[float]]) -> float:
    """Standard deviation between worlds, pooled over the implementations."""
    freedom = sum(len(sample) - 1 for sample in samples)
    return math.sqrt(sum(variance(sample) * (len(sample) - 1) for sample in samples) / freedom)


def compare(shares: Mapping[str, Sequence[Sequence[float]]]) -> list[Comparison]:
    """All pairs at all moments; shares by implementation, world and moment."""
    found: list[Comparison] = []
    if len(shares) < 2:
        return found
    for place, step in enumerate(MOMENTS):
        samples = {name: [row[place] for row in rows] for name, rows in shares.items()}
        deviation = pooled_deviation(list(samples.values()))
        for (first, ones), (second, others) in combinations(samples.items(), 2):
            difference = fmean(ones) - fmean(others)
            error = deviation * math.sqrt(1 / len(ones) + 1 / len(others))
            found.append(Comparison(step, first, second, difference, difference / error))
    return found


def summary(shares: Mapping[str, Sequence[Sequence[float]]], absent: Mapping[str, str]) -> dict[str, Any]:
    """What goes into the results."""
    comparisons = compare(shares)
    return {
        "agents": AGENTS,
        "steps": list(MOMENTS),
        "limit_standard_errors": STANDARD_ERRORS,
        "largest_standard_errors": max((abs(one.standard_errors) for one in comparisons), default=0.0),
        "pairs": len(comparisons),
        "mean_open_share": {
            name: [fmean(column) for column in zip(*rows, strict=True)] for name, rows in shares.items()
        },
        "worlds": {name: len(rows) for name, rows in shares.items()},
        "not_compared": dict(absent),
        "failures": [asdict(one) for one in comparisons if not one.holds],
    }
