"""What agents of two groups and peacekeepers do in a step: plain functions that the engine compiles.

    active  iff  H (1 - L) - R P > T,     P = 1 - exp(-k f(C/A))

L is now what an agent grants the other group's right to exist; C peacekeepers and A active agents of both groups in
view, the agent itself counted once. Who is active kills one of the other group in view. Each moves, then acts; then an
agent has, with a given chance, a child on an empty cell in view, of its own group and hardship, with a risk aversion
and a length of life of its own. A peacekeeper arrests one active agent in view.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.grid import find_in_view, shuffle
from exitvoice.engine.primitives import integer, u64
from exitvoice.engine.random import philox, uniform
from exitvoice.models.reference.epstein.board import (
    GONE,
    JAILED,
    QUIET,
    flip_cell,
    lift,
    put,
    set_active,
)
from exitvoice.models.reference.epstein.rules import ALL_ONES, decide

TURN_STREAM, CHILD_STREAM, START_STREAM = 4, 5, 6
KEEPERS, GROUPS = 2, 3  # places in `boards`, after those of everybody and of the active; a board a group
KILLED, DIED, BORN, FREE = 0, 1, 2, 3  # places in `tally`; FREE counts the slots on the stack


def length_of_life(word: int, longest: int) -> int:
    """Length of a life in steps, evenly from 1 to `longest`."""
    return 1 + integer((u64(word) * u64(longest)) >> u64(32))


def settle_groups(
    places: NDArray[np.int32],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    last_step: NDArray[np.int32],
    longest_life: int,
    seed_low: int,
    seed_high: int,
) -> None:
    """Draw an order of the cells and everybody's traits and length of life."""
    shuffle(places, 0xFFFFFFFF, seed_low, seed_high)
    for who in range(hardship.shape[0]):
        first, second, third, _ = philox(who, 0, 0, START_STREAM, seed_low, seed_high)
        hardship[who] = uniform(first)
        risk_aversion[who] = uniform(second)
        last_step[who] = length_of_life(third, longest_life)


def remove(
    who: int,
    why: int,
    free: NDArray[np.int32],
    tally: NDArray[np.int64],
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    own: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Take one off the torus for good, and keep the slot for a child."""
    flip_cell(own, cell[who], width, height, reach)
    lift(who, cell, at, state, occupied, active, width, height, reach)
    state[who] = GONE
    free[tally[FREE]] = who
    tally[FREE] += 1
    tally[why] += 1


def inherit(
    child: int,
    who: int,
    state: NDArray[np.uint8],
    group: NDArray[np.uint8],
    last_step: NDArray[np.int32],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    longest_life: int,
    step: int,
    seed_low: int,
    seed_high: int,
) -> None:
    """Give a child its parent's group and hardship, and a risk aversion and a length of life of its own."""
    first, second, _, _ = philox(who, 0, step, CHILD_STREAM, seed_low, seed_high)
    state[child] = QUIET
    group[child] = group[who]
    hardship[child] = hardship[who]
    risk_aversion[child] = uniform(first)
    last_step[child] = step + length_of_life(second, longest_life)


def detain(
    found: int,
    place: int,
    at: NDArray[np.int32],
    cell: NDArray[np.int32],
    state: NDArray[np.uint8],
    term: NDArray[np.int32],
    active: NDArray[np.uint64],
    longest_term: int,
    width: int,
    height: int,
    reach: int,
) -> None:
    """Rule C: put the one in a cell into jail."""
    suspect = at[found]
    set_active(suspect, False, cell, state, active, width, height, reach)
    state[suspect] = JAILED
    term[suspect] = integer((u64(place) * u64(longest_term)) >> u64(32))


def empty_in_view(
    who: int,
    draw: int,
    cell: NDArray[np.int32],
    occupied: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> int:
    """An empty cell in view of one, or -1."""
    y = cell[who] // width
    x = cell[who] - y * width
    return find_in_view(occupied, masks, u64(ALL_ONES), width, reach, x, y, draw)


def move(
    who: int,
    draw: int,
    own: NDArray[np.uint64],
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Rule M: to an empty cell in view; who finds none stays."""
    goal = empty_in_view(who, draw, cell, occupied, masks, width, height, reach)
    if goal >= 0:
        flip_cell(own, cell[who], width, height, reach)
        lift(who, cell, at, state, occupied, active, width, height, reach)
        put(who, goal, cell, at, state, occupied, active, width, height, reach)
        flip_cell(own, goal, width, height, reach)


def step_groups(
    order: NDArray[np.int32],
    free: NDArray[np.int32],
    tally: NDArray[np.int64],
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    group: NDArray[np.uint8],
    term: NDArray[np.int32],
    last_step: NDArray[np.int32],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    peacekeepers: int,
    boards: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
    legitimacy: float,
    threshold: float,
    arrest_constant: float,
    birth_chance: float,
    longest_term: int,
    longest_life: int,
    form: int,
    step: int,
    seed_low: int,
    seed_high: int,
) -> None:
    """One step of everybody, in a drawn order; `boards` has shape (5, words, rows).

    A slot that nobody has is `GONE`, and `free` holds those slots.
    """
    occupied = boards[0]
    active = boards[1]
    keepers = boards[KEEPERS]
    shuffle(order, step, seed_low, seed_high)
    for turn in range(order.shape[0]):
        who = order[turn]
        if state[who] == GONE:
            continue
        draw, pick, chance, place = philox(who, 0, step, TURN_STREAM, seed_low, seed_high)
        own = boards[KEEPERS if who < peacekeepers else GROUPS + integer(group[who])]
        if who >= peacekeepers and step >= last_step[who]:
            remove(who, DIED, free, tally, cell, at, state, occupied, active, own, width, height, reach)
            continue
        if state[who] == JAILED:
            term[who] -= 1
            if term[who] <= 0:
                state[who] = QUIET
            continue
        move(who, draw, own, cell, at, state, occupied, active, masks, width, height, reach)
        y = cell[who] // width
        x = cell[who] - y * width
        if who < peacekeepers:
            found = find_in_view(active, masks, u64(0), width, reach, x, y, pick)
            if found >= 0:
                detain(found, place, at, cell, state, term, active, longest_term, width, height, reach)
            continue
        rebels = decide(
            who, cell, state, hardship, risk_aversion, active, keepers, masks, width, height, reach,
            legitimacy, threshold, arrest_constant, form, 0,
        )  # fmt: skip
        other = boards[GROUPS + 1 - integer(group[who])]
        if rebels:
            found = find_in_view(other, masks, u64(0), width, reach, x, y, pick)
            if found >= 0:
                remove(
                    at[found], KILLED, free, tally, cell, at, state, occupied, active, other, width, height, reach
                )  # fmt: skip
        if uniform(chance) < birth_chance and tally[FREE] > 0:
            goal = empty_in_view(who, place, cell, occupied, masks, width, height, reach)
            if goal >= 0:
                tally[FREE] -= 1
                tally[BORN] += 1
                child = free[tally[FREE]]
                inherit(
                    child, who, state, group, last_step, hardship, risk_aversion, longest_life,
                    step, seed_low, seed_high,
                )  # fmt: skip
                put(child, goal, cell, at, state, occupied, active, width, height, reach)
                flip_cell(own, goal, width, height, reach)
