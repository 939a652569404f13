"""The grid shape: agents on a torus, activated one after another in a drawn order.

A board says of each cell whether something is there, a bit a cell: `board[word, row]`. On all four sides it carries
`reach` more bits or rows, copies of the other side's cells, so that what lies in view of a cell is one stretch of bits
in each of the rows below one another, which a wide register takes eight at once.
All is plain Python on arrays: `engine.functions` compiles it, and the uncompiled form is the oracle.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.primitives import bits_set, integer, lowest_bit, u64
from exitvoice.engine.random import philox

Board = NDArray[np.uint64]
NEIGHBOURHOODS = ("moore", "euclidean", "von_neumann")
ORDER_STREAM = 1  # stream of the random function for the order of activation
ROWS_AT_ONCE = 8


def empty_board(height: int, width: int, masks: Board) -> Board:
    """Board on which nothing stands, shape (words, height - 1 + rows of the masks)."""
    words = (width + 2 * reach_of(masks)) // 64 + 2
    return np.zeros((words, height - 1 + len(masks)), np.uint64)


def view(neighbourhood: str, radius: float) -> Board:
    """Cells in view of one: a mask a row, without the cell itself.

    Shape (2 reach + 1 and as many empty ones as make it a multiple of `ROWS_AT_ONCE`,).

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
    masks = [sum(1 << int(bit) for bit in np.flatnonzero(row)) for row in seen]
    return np.array([*masks, *[0] * (-len(masks) % ROWS_AT_ONCE)], np.uint64)


def reach_of(masks: Board) -> int:
    """How many rows, or cells of a row, lie in view on each side."""
    return int(np.flatnonzero(masks)[-1]) // 2


def flip(board: Board, width: int, height: int, reach: int, x: int, y: int) -> None:
    """Set or clear a cell, and its copies beyond the edges."""
    flip_row(board, width, reach, x, y + reach)
    if y < reach:
        flip_row(board, width, reach, x, y + reach + height)
    if y >= height - reach:
        flip_row(board, width, reach, x, y + reach - height)


def flip_row(board: Board, width: int, reach: int, x: int, row: int) -> None:
    """Set or clear a cell in one row of the board, and its copy beyond the edge."""
    bit = x + reach
    board[bit >> 6, row] ^= u64(1) << u64(bit & 63)
    if x < reach:
        bit = x + reach + width
        board[bit >> 6, row] ^= u64(1) << u64(bit & 63)
    if x >= width - reach:
        bit = x + reach - width
        board[bit >> 6, row] ^= u64(1) << u64(bit & 63)


def stretch(low: int, high: int, x: int) -> int:
    """The 64 bits that begin `reach` cells to the left of x, out of two words of a row."""
    shift = u64(x & 63)
    return (low >> shift) | ((high << u64(1)) << (u64(63) - shift))


def count_in_view(board: Board, masks: Board, inverse: int, x: int, y: int) -> int:
    """How many cells in view are set, or clear if `inverse` is all ones."""
    rows = masks.shape[0]
    # sliced, so that the loop runs from zero: only then does it become one of wide registers
    low, high = board[x >> 6, y : y + rows], board[(x >> 6) + 1, y : y + rows]
    count = u64(0)
    for row in range(rows):
        count += u64(bits_set((stretch(low[row], high[row], x) ^ inverse) & masks[row]))
    return integer(count)


def find_in_view(
    board: Board, masks: Board, inverse: int, width: int, reach: int, x: int, y: int, draw: int
) -> int:
    """Number (y width + x) of one of the cells in view that are set, or clear if `inverse` is all ones; -1 if none.

    `draw`, a word of 32 random bits, picks it.
    """
    total = count_in_view(board, masks, inverse, x, y)
    if total == 0:
        return -1
    left = integer((u64(draw) * u64(total)) >> u64(32))
    for row in range(masks.shape[0]):
        word = (stretch(board[x >> 6, y + row], board[(x >> 6) + 1, y + row], x) ^ inverse) & masks[row]
        here = integer(bits_set(word))
        if left < here:
            for _ in range(left):
                word &= word - u64(1)
            column = x - reach + integer(lowest_bit(word))
            if column < 0:
                column += width
            if column >= width:
                column -= width
            height = board.shape[1] + 1 - masks.shape[0]
            line = y - reach + row
            if line < 0:
                line += height
            if line >= height:
                line -= height
            return line * width + column
        left -= here
    return -1


def shuffle(order: NDArray[np.int32], step: int, seed_low: int, seed_high: int) -> None:
    """Draw an order of activation (Fisher and Yates), a pure function of seed and step."""
    for place in range(order.shape[0] - 1, 0, -1):
        word, _, _, _ = philox(place, 0, step, ORDER_STREAM, seed_low, seed_high)
        other = integer((u64(word) * u64(place + 1)) >> u64(32))
        kept = order[place]
        order[place] = order[other]
        order[other] = kept
