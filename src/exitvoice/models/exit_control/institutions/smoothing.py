"""Fading memory, shared by the institutions.

Everything an office or a leadership remembers fades exponentially, so one function holds the rule. Weights
depend on the length of the step in years, never on the number of steps, so that halving the step changes no
level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
"""Numbers by region, stratum or office; or one of them, which is what formulas are compiled for (`engine.host`)."""
Amount = TypeVar("Amount", float, FloatArray)

Rules = TypeVar("Rules")


def toward(old: Amount, new: Amount, *, memory_years: float, dt: float) -> Amount:
    """Move `old` toward `new` as an exponentially weighted mean.

    old + (1 - exp(-dt / memory)) * (new - old), both in years. A memory of zero forgets at once.
    """
    weight = 1.0 if memory_years <= 0.0 else -float(np.expm1(-dt / memory_years))
    return old + weight * (new - old)


def fade(level: FloatArray, *, half_life_years: float, dt: float) -> FloatArray:
    """Let `level` fade: level * 2**(-dt / half-life). A half-life of zero ends it at once."""
    kept = 0.0 if half_life_years <= 0.0 else float(np.exp2(-dt / half_life_years))
    return level * kept


def share(part: Amount, whole: Amount) -> Amount:
    """Divide `part` by `whole`, with 0 where there is nobody."""
    some = np.greater(whole, 0.0)
    return np.where(some, part / np.where(some, whole, 1.0), 0.0)  # type: ignore[return-value]


def total(parts: npt.NDArray[Any]) -> float:
    """Sum of a row, one after the other."""
    found = 0.0
    for part in parts:
        found += part
    return float(found)


def chosen(kind: type[Rules], values: Mapping[str, float]) -> Rules:
    """Build the parameter set `kind` (a dataclass or named tuple) from the values of its names among `values`.

    A name that `values` lacks keeps its default; a test holds every default to the prior of that name.
    """
    return kind(**{name: float(values[name]) for name in names_of(kind) if name in values})


def names_of(kind: Any) -> tuple[str, ...]:
    """Names of the fields of a dataclass or named tuple, or of one of them."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else tuple(kind._fields)
