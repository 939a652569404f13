"""Moves on the torus that both models share: who stands where, on boards of bits.

`cell` holds each one's place, `at` who stands in each cell; a board has a bit for each cell. Everybody is on the
board of the occupied, who is active on that of the active as well; a caller that keeps a board of some of them (of
cops, or of a group) flips their bit itself.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.grid import flip

# outside: set free, back on the torus with the next turn; gone: off it for good
QUIET, ACTIVE, JAILED, OUTSIDE, GONE = 0, 1, 2, 3, 4
NOBODY = -1


def flip_cell(board: NDArray[np.uint64], cell: int, width: int, height: int, reach: int) -> None:
    """Set or clear the bit of one cell."""
    y = cell // width
    flip(board, width, height, reach, cell - y * width, y)


def lift(
    who: int,
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Take one off the torus."""
    flip_cell(occupied, cell[who], width, height, reach)
    if state[who] == ACTIVE:
        flip_cell(active, cell[who], width, height, reach)
    at[cell[who]] = NOBODY


def put(
    who: int,
    goal: int,
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Put one on the torus, in an empty cell."""
    flip_cell(occupied, goal, width, height, reach)
    if state[who] == ACTIVE:
        flip_cell(active, goal, width, height, reach)
    at[goal] = who
    cell[who] = goal


def set_active(
    who: int,
    rebels: bool,
    cell: NDArray[np.int32],
    state: NDArray[np.uint8],
    active: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Make one active or quiet."""
    if rebels != (state[who] == ACTIVE):
        flip_cell(active, cell[who], width, height, reach)
        state[who] = ACTIVE if rebels else QUIET
