"""Casts that mean the same in plain Python and in a compiled kernel.

A rule is plain Python on scalars. In the oracle the names below are these functions; in a generated
module they are the machine types of the target. Reals are 32-bit everywhere: with NumPy 2 a Python
number takes the width of the ``float32`` it meets, so the oracle rounds as the kernel does.
"""

import math
from typing import cast

import numpy as np

SHARE_STEP = 1.5259022e-05  # 1/65535, the level in which shares are kept
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


def lowest_bit(word: int) -> int:
    """Place of the lowest bit that is set, in a 64-bit word other than 0."""
    return (int(word) & -int(word)).bit_length() - 1


def bits_set(word: int) -> int:
    """Number of bits that are set in a 64-bit word."""
    return int(word).bit_count()


def has_bit(word: int, place: int) -> bool:
    """Whether a bit of a 32-bit word is set; places beyond 31 begin anew."""
    return (int(word) >> (int(place) & 31)) & 1 == 1


def fused(x: float, y: float, z: float) -> float:
    """X * y + z, rounded once (IEEE 754 fused multiply-add), for 32-bit reals.

    The product of two 32-bit reals is exact in 64 bits. Their sum with z is rounded to odd first, so that
    the second rounding, to 32 bits, is the only one that counts (Boldo and Melquiond 2008).
    """
    # a literal of a rule is 64-bit here and 32-bit in a kernel
    x, y, other = (float(np.float32(value)) for value in (x, y, z))
    product = x * y
    total = product + other
    if not math.isfinite(total):
        return real(total)
    rest = total - product
    error = (product - (total - rest)) + (other - rest)
    if error != 0.0 and int(np.float64(total).view(np.int64)) % 2 == 0:
        total = math.nextafter(total, math.inf if error > 0.0 else -math.inf)
    return real(total)


def share_level(value: float) -> int:
    """Level of a share in [0, 1], for 16 bits."""
    return integer(real(value) * real(65535.0) + real(0.5))


def level_share(level: int) -> float:
    """Share of a level."""
    return real(real(level) * real(SHARE_STEP))


def square_root(value: float) -> float:
    """Square root, correctly rounded (IEEE 754)."""
    return cast(float, np.sqrt(np.float32(value)))
