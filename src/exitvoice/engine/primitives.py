"""Casts that mean the same in plain Python and in a compiled kernel.

A rule is plain Python on scalars. In the oracle the names below are these functions; in a generated
module they are the machine types of the target. Reals are 32-bit everywhere: with NumPy 2 a Python
number takes the width of the ``float32`` it meets, so the oracle rounds as the kernel does.
"""

from typing import cast

import numpy as np

_MASK32 = 0xFFFFFFFF
_MASK64 = 0xFFFFFFFFFFFFFFFF


def real(value: float) -> float:
    """Round to a 32-bit real."""
    return cast(float, np.float32(value))


def integer(value: float) -> int:
    """Truncate to a 32-bit signed integer."""
    return int(value)


def u32(value: int) -> int:
    """Keep the lower 32 bits."""
    return int(value) & _MASK32


def u64(value: int) -> int:
    """Keep the lower 64 bits."""
    return int(value) & _MASK64


def bits_of(value: float) -> int:
    """Bit pattern of a 32-bit real."""
    return int(np.float32(value).view(np.uint32))


def from_bits(pattern: int) -> float:
    """32-bit real with a given bit pattern."""
    return cast(float, np.uint32(pattern).view(np.float32))


def square_root(value: float) -> float:
    """Square root, correctly rounded (IEEE 754)."""
    return cast(float, np.sqrt(np.float32(value)))
