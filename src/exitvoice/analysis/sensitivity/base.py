"""What the methods share: one index with its interval, and the problem as SALib wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Ranged(Protocol):
    """Something with a name and a range, such as a factor of an ensemble."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def low(self) -> float:
        """Lower end."""
        ...

    @property
    def high(self) -> float:
        """Upper end."""
        ...


@dataclass(frozen=True)
class Index:
    """The share of an outcome's variance that one factor accounts for, with its interval."""

    factor: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Indices:
    """First-order indices, the largest first.

    Attributes
    ----------
    indices : tuple of Index
    noise : float
        What the largest index reaches by chance: the chosen quantile of the greatest index of all factors when
        the outcomes are shuffled. An index below it is not told from none.
    points : int
        Points they rest on.
    """

    indices: tuple[Index, ...]
    noise: float
    points: int

    @property
    def told_from_noise(self) -> tuple[Index, ...]:
        """Those above what chance gives the largest of all."""
        return tuple(index for index in self.indices if index.value > self.noise)


def bounds_of(factors: Sequence[Ranged]) -> dict[str, Any]:
    """Return the problem as SALib wants it."""
    return {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[factor.low, factor.high] for factor in factors],
    }


def checked(points: ArrayLike, values: ArrayLike, factors: int) -> tuple[Floats, Floats]:
    """Return points (points, factors) and values (points) as arrays, or say what does not fit."""
    at = np.asarray(points, np.float64)
    outcome = np.asarray(values, np.float64)
    if at.ndim != 2 or outcome.ndim != 1 or at.shape != (outcome.size, factors):
        raise ValueError(
            f"points {at.shape}, values {outcome.shape} and {factors} factors do not belong together: "
            "give a row of factors for each value"
        )
    if not (np.isfinite(at).all() and np.isfinite(outcome).all()):
        raise ValueError("a point or a value is not finite: leave out the points whose runs failed")
    return at, outcome
