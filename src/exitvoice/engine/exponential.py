"""exp of 64-bit reals as arithmetic alone: a compiled loop runs it on all lanes, and plain Python gives the same bits.

A C library's exp is a scalar call in a compiled loop. After Moshier's Cephes library (netlib): the
argument is taken modulo log 2, the rest goes through a rational function. Within 2 units of the last place.
"""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
"""An array, or one number, which is what it is compiled for (`engine.host`)."""

LEAST = -708.0  # below this the answer would be no normal number; exp(-708) = 3e-308 stands for it
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it and taking it away rounds to the nearest whole number
LOG2_E = 1.4426950408889634
LOG_2_HIGH, LOG_2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6  # together log 2


def exponential(x: Reals) -> Reals:
    """exp(x) for x up to 0 (and on to 709); arguments below LEAST are held there, and no number stays none."""
    held = np.where(x < LEAST, LEAST, x)
    whole = (held * LOG2_E + ROUNDER) - ROUNDER
    rest = (held - whole * LOG_2_HIGH) - whole * LOG_2_LOW
    square = rest * rest
    odd = rest * (
        (1.26177193074810590878e-4 * square + 3.02994407707441961300e-2) * square + 9.99999999999999999910e-1
    )
    even = (
        (3.00198505138664455042e-6 * square + 2.52448340349684104192e-3) * square + 2.27265548208155028766e-1
    ) * square + 2.0
    power = np.int64((np.int64(whole) + 1023) << 52).view(np.float64)  # of two: `whole` is its exponent
    return (1.0 + 2.0 * (odd / (even - odd))) * power
