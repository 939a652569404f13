"""The grid shape: agents on a torus, activated one after another in a drawn order.

A board says of each cell whether something is there, a bit a cell. Its rows carry `reach` more bits on each
side, copies of the other side's cells, so that what lies in view of a cell is one stretch of bits in each row.
All is plain Python on arrays: `engine.functions` compiles it, and the uncompiled form is the oracle.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.primitives import bits_set, integer, lowest_bit, u64
from exitvoice.engine.random import philox

Board = NDArray[np.uint64]
NEIGHBOURHOODS = ("moore", "euclidean", "von_neumann")
ORDER_STREAM = 1  # stream of the random function for the order of activation


def empty_board(height: int, width: int, reach: int) -> Board:
    """Board on which nothing stands, shape (height, words)."""
    return np.zeros((height, (width + 2 * reach) // 64 + 2), np.uint64)


def view(neighbourhood: str, radius: float) -> Board:
    """Cells in view of one: a mask a row, shape (2 reach + 1,), without the cell itself.

    Raises
    ------
    ValueError
        If the neighbourhood is unknown or reaches farther than 31 cells.
    """
    reach = int(radius)
    if neighbourhood not in NEIGHBOURHOODS or not 1 <= reach <= 31:
        raise ValueError(f"no view of the kind {neighbourhood!r} with radius {radius}")
    across, down = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    distance = {
        "moore": np.maximum(abs(across), abs(down)),
        "euclidean": np.hypot(across, down),
        "von_neumann": abs(across) + abs(down),
    }[neighbourhood]
    seen = (distance <= radius) & (distance > 0)
    return np.array([sum(1 << int(bit) for bit in np.flatnonzero(row)) for row in seen], np.uint64)


def flip(board: Board, width: int, reach: int, x: int, y: int) -> None:
    """Set or clear a cell, and its copy beyond the edge."""
    bit = x + reach
    board[y, bit >> 6] ^= u64(1) << u64(bit & 63)
    if x < reach:
        bit = x + reach + width
        board[y, bit >> 6] ^= u64(1) << u64(bit & 63)
    if x >= width - reach:
        bit = x + reach - width
        board[y, bit >> 6] ^= u64(1) << u64(bit & 63)


def stretch(board: Board, x: int, y: int) -> int:
    """The 64 bits of a row that begin `reach` cells to the left of x."""
    shift = u64(x & 63)
    return (board[y, x >> 6] >> shift) | ((board[y, (x >> 6) + 1] << u64(1)) << (u64(63) - shift))


def count_in_view(board: Board, masks: Board, height: int, x: int, y: int) -> int:
    """How many cells in view are set."""
    count = 0
    row = y - (masks.shape[0] >> 1)
    if row < 0:
        row += height
    for place in range(masks.shape[0]):
        count += integer(bits_set(stretch(board, x, row) & masks[place]))
        row += 1
        if row == height:
            row = 0
    return count


def find_in_view(
    board: Board, masks: Board, inverse: int, height: int, width: int, x: int, y: int, draw: int
) -> int:
    """Number (y width + x) of one of the cells in view that are set, or clear if `inverse` is all ones; -1 if none.

    `draw`, a word of 32 random bits, picks it.
    """
    reach = masks.shape[0] >> 1
    total = 0
    row = y - reach
    if row < 0:
        row += height
    start = row
    for place in range(masks.shape[0]):
        total += integer(bits_set((stretch(board, x, row) ^ inverse) & masks[place]))
        row += 1
        if row == height:
            row = 0
    if total == 0:
        return -1
    left = integer((u64(draw) * u64(total)) >> u64(32))
    row = start
    for place in range(masks.shape[0]):
        word = (stretch(board, x, row) ^ inverse) & masks[place]
        here = integer(bits_set(word))
        if left < here:
            for _ in range(left):
                word &= word - u64(1)
            column = x - reach + integer(lowest_bit(word))
            if column < 0:
                column += width
            if column >= width:
                column -= width
            return row * width + column
        left -= here
        row += 1
        if row == height:
            row = 0
    return -1


def shuffle(order: NDArray[np.int32], step: int, seed_low: int, seed_high: int) -> None:
    """Draw an order of activation (Fisher and Yates), a pure function of seed and step."""
    for place in range(order.shape[0] - 1, 0, -1):
        word, _, _, _ = philox(place, 0, step, ORDER_STREAM, seed_low, seed_high)
        other = integer((u64(word) * u64(place + 1)) >> u64(32))
        kept = order[place]
        order[place] = order[other]
        order[other] = kept
