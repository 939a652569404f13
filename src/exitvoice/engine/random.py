"""Randomness as a pure function of (seed, unit, member, step, stream).

Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
as 1, 2, 3", SC'11. Checked against the known answers that Random123 publishes.

One block of four 32-bit words serves seven uniforms. Each has its own upper 16 bits; all seven share
the lower 16. Every one is uniform on 2**-32; two of them are independent but for the lower bits, which
matters only for the joint chance of two events each rarer than 2**-16 in one step (see
docs/design-notes/seven-uniforms.md).
"""

from functools import lru_cache

import numpy as np

from exitvoice.engine.primitives import fused, integer, real, u32, u64

UNIFORMS_PER_BLOCK = 7


def seed_halves(seed: int) -> tuple[int, int]:
    """Lower and upper half of a 64-bit seed: the two words of the key that `philox` is given."""
    return u32(seed), u32(seed >> 32)


@lru_cache
def seed_words(seed: int) -> tuple[np.uint32, np.uint32]:
    """Halves of a seed as the machine's own 32-bit words, for what is compiled."""
    low, high = seed_halves(seed)
    return np.uint32(low), np.uint32(high)


def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox4x32-10: four 32-bit words from a counter of four words and a key of two."""
    # the words stay in 64-bit lanes, their upper halves unused: widening them anew each round costs twice the time
    a, b, c, d = u64(c0), u64(c1), u64(c2), u64(c3)
    for _ in range(10):
        low = (a & u64(0xFFFFFFFF)) * u64(0xD2511F53)
        high = (c & u64(0xFFFFFFFF)) * u64(0xCD9E8D57)
        a = (high >> u64(32)) ^ b ^ u64(k0)
        c = (low >> u64(32)) ^ d ^ u64(k1)
        b = high
        d = low
        k0 = u32(k0 + u32(0x9E3779B9))
        k1 = u32(k1 + u32(0xBB67AE85))
    return u32(a), u32(b), u32(c), u32(d)


def uniform(word: int) -> float:
    """Real in (0, 1) from a 32-bit word; fine-grained (2**-32) near zero, where rare events live."""
    u = fused(real(integer(word >> 1)), 4.656612873077393e-10, 2.3283064365386963e-10)
    return u if u < 0.99999994 else real(0.99999994)


def upper_uniform(word: int, shared: int) -> float:
    """Uniform whose upper 16 bits are the upper half of `word` and lower 16 those of `shared`."""
    return uniform(u32((word & 0xFFFF0000) | (shared & 0xFFFF)))


def lower_uniform(word: int, shared: int) -> float:
    """Uniform whose upper 16 bits are the lower half of `word` and lower 16 those of `shared`."""
    return uniform(u32((word << 16) | (shared & 0xFFFF)))


def upper_level(word: int) -> int:
    """Upper 16 bits of the uniform that `upper_uniform` makes of a word."""
    return integer(word >> 16)


def lower_level(word: int) -> int:
    """Upper 16 bits of the uniform that `lower_uniform` makes of a word."""
    return integer(word & 0xFFFF)
