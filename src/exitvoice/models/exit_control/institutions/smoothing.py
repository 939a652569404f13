"""Fading memory, shared by the institutions.

Everything an office or a leadership remembers fades exponentially, so one function holds the rule. Weights
depend on the length of the step in years, never on the number of steps, so that halving the step changes no
level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

Rules = TypeVar("Rules")


def toward(old: FloatArray, new: FloatArray, *, memory_years: float, dt: float) -> FloatArray:
    """Move `old` toward `new` as an exponentially weighted mean.

    old + (1 - exp(-dt / memory)) * (new - old), both in years. A memory of zero forgets at once.
    """
    return old + _weight(memory_years, dt) * (new - old)


@lru_cache
def _weight(memory_years: float, dt: float) -> float:
    return 1.0 if memory_years <= 0.0 else -float(np.expm1(-dt / memory_years))


def fade(level: FloatArray, *, half_life_years: float, dt: float) -> FloatArray:
    """Let `level` fade: level * 2**(-dt / half-life). A half-life of zero ends it at once."""
    kept = 0.0 if half_life_years <= 0.0 else float(np.exp2(-dt / half_life_years))
    return level * kept


def share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide `part` by `whole`, with 0 where there is nobody."""
    shape = part.shape if part.shape == whole.shape else np.broadcast_shapes(part.shape, whole.shape)
    nobody = np.zeros(shape)
    return np.divide(part, whole, out=nobody, where=whole > 0.0)


def chosen(kind: type[Rules], values: Mapping[str, float]) -> Rules:
    """Build the parameter set `kind` (a dataclass) from the values of its names among `values`.

    A name that `values` lacks keeps its default; a test holds every default to the prior of that name.
    """
    names = [field.name for field in fields(kind) if field.name in values]  # type: ignore[arg-type]
    return kind(**{name: values[name] for name in names})
