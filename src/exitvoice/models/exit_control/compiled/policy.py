"""What the filter of persons asks of the rules in force: a bit a place, in place of its word."""

import numpy as np

from exitvoice.scenario.words import Words

CELLS = 32  # kin x class x rank in a row of the policy tables


def places_with(words: Words, bits: int) -> Words:
    """Places of each row of `CELLS` words that have any of some bits, a bit each; shape (rows,)."""
    flat = words.reshape(-1)
    found = np.zeros(len(flat) // CELLS, np.uint32)
    for row in range(len(found)):
        for place in range(CELLS):
            if flat[row * CELLS + place] & bits != 0:
                found[row] |= np.uint32(1) << np.uint32(place)
    return found
