"""Random words for whole arrays at once: a pure function of seed, stream and place (`engine.random`)."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.functions import compile_function
from exitvoice.engine.primitives import u64
from exitvoice.engine.random import philox, seed_words

NETWORK_STREAM = 65536  # clear of the streams of every loop


def fill_words(words: NDArray[np.uint32], first: int, stream: int, seed_low: int, seed_high: int) -> None:
    """Four random words a place, from place `first` on."""
    for at in range(words.shape[0]):
        place = first + at
        a, b, c, d = philox(place & 0xFFFFFFFF, u64(place) >> u64(32), 0, stream, seed_low, seed_high)
        words[at, 0] = a
        words[at, 1] = b
        words[at, 2] = c
        words[at, 3] = d


def draw_words(count: int, stream: int, seed: int) -> NDArray[np.uint32]:
    """Random words, shape (count, 4); each stream has its own."""
    words = np.empty((count, 4), np.uint32)
    low, high = seed_words(seed)
    compile_function(fill_words)(words, 0, np.uint32(NETWORK_STREAM + stream), low, high)
    return words


def below(words: NDArray[np.uint32], bound: int | NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers from 0 to below a bound (at most 2**31), evenly to within bound / 2**32."""
    return ((words.astype(np.uint64) * np.asarray(bound, np.uint64)) >> np.uint64(32)).astype(np.int64)


def happens(words: NDArray[np.uint32], chance: float) -> NDArray[np.bool_]:
    """Whether something of a given chance happens; never at 0, always at 1."""
    return words < np.uint64(round(chance * 2**32))
