"""What an agent and a cop do, and one step of everybody: plain functions that the engine compiles.

    active  iff  H (1 - L) - R P > T,     P = 1 - exp(-k f(C/A))

H hardship and R risk aversion, uniform and fixed; L legitimacy; C cops and A active agents in view, the agent
itself counted once (or twice while active, as NetLogo's version does); k = 2.3, which makes P = .9 at C = A = 1; f
the form of the ratio.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.grid import count_in_view, find_in_view, shuffle
from exitvoice.engine.mathematics import exponential
from exitvoice.engine.primitives import integer, real, u64
from exitvoice.engine.random import philox, uniform
from exitvoice.models.reference.epstein.board import (
    ACTIVE,
    GONE,
    JAILED,
    OUTSIDE,
    QUIET,
    flip_cell,
    lift,
    put,
    set_active,
)

RATIOS = (
    "identity",
    "floor",
    "round",
    "round_half_up",
    "threshold",
)  # forms of C/A, in the order of their numbers
ORDERS = ("decide_first", "move_first", "drawn")
ALL_ONES = 0xFFFFFFFFFFFFFFFF
ACTIVATION_STREAM = 2
TURN_STREAM = 3
BEFORE_THE_FIRST = 0xFFFFFFFF  # a step that no run reaches, for the draws of the start


def ratio(cops: int, actives: int, form: int) -> float:
    """Cops per active agent, in one of five forms; `threshold` is 0 below one cop an active agent.

    `round` takes a half to the even neighbour, as Python's `round` does in Mesa's version.
    """
    share = real(cops) / real(actives)
    whole = real(integer(share))
    rest = share - whole
    if form == 1:
        return whole
    if form == 2:
        is_up = rest > 0.5 or (rest == 0.5 and integer(whole) % 2 == 1)
        return whole + 1.0 if is_up else whole
    if form == 3:
        return whole + 1.0 if rest >= 0.5 else whole
    if form == 4 and share < 1.0:
        return real(0.0)
    return share


def is_active(
    hardship: float,
    risk_aversion: float,
    cops: int,
    actives: int,
    legitimacy: float,
    threshold: float,
    arrest_constant: float,
    form: int,
) -> bool:
    """Whether an agent rebels."""
    chance = 1.0 - exponential(-arrest_constant * ratio(cops, actives, form))
    return hardship * (1.0 - legitimacy) - risk_aversion * chance > threshold


def settle_all(
    places: NDArray[np.int32],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    seed_low: int,
    seed_high: int,
) -> None:
    """Draw an order of the cells, of which the first are taken, and everybody's fixed traits."""
    shuffle(places, BEFORE_THE_FIRST, seed_low, seed_high)
    for who in range(hardship.shape[0]):
        first, second, _, _ = philox(who, 0, BEFORE_THE_FIRST, ACTIVATION_STREAM, seed_low, seed_high)
        hardship[who] = uniform(first)
        risk_aversion[who] = uniform(second)


def relocate(
    who: int,
    goal: int,
    cops: int,
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    cop: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Take one from its cell to an empty one; who is outside has no cell to leave."""
    if state[who] != OUTSIDE:
        if who < cops:
            flip_cell(cop, cell[who], width, height, reach)
        lift(who, cell, at, state, occupied, active, width, height, reach)
    if who < cops:
        flip_cell(cop, goal, width, height, reach)
    put(who, goal, cell, at, state, occupied, active, width, height, reach)


def move(
    who: int,
    draw: int,
    cops: int,
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    cop: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
) -> None:
    """Rule M: to an empty cell in view; who finds none stays, and who is outside waits there."""
    y = cell[who] // width
    x = cell[who] - y * width
    goal = find_in_view(occupied, masks, u64(ALL_ONES), width, reach, x, y, draw)
    if goal >= 0:
        relocate(
            who, goal, cops, cell, at, state, occupied, active, cop, width, height, reach
        )  # fmt: skip
        if state[who] == OUTSIDE:
            state[who] = QUIET


def decide(
    who: int,
    cell: NDArray[np.int32],
    state: NDArray[np.uint8],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    active: NDArray[np.uint64],
    cop: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
    legitimacy: float,
    threshold: float,
    arrest_constant: float,
    form: int,
    counts_itself_twice: int,
) -> bool:
    """Rule A: be active or quiet, and say which."""
    y = cell[who] // width
    x = cell[who] - y * width
    seen = count_in_view(active, masks, u64(0), x, y) + 1
    if counts_itself_twice == 1 and state[who] == ACTIVE:
        seen += 1
    watched = count_in_view(cop, masks, u64(0), x, y)
    rebels = is_active(
        hardship[who], risk_aversion[who], watched, seen, legitimacy, threshold, arrest_constant, form
    )
    set_active(who, rebels, cell, state, active, width, height, reach)
    return rebels


def arrest(
    who: int,
    pick: int,
    term_drawn: int,
    cops: int,
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    term: NDArray[np.int32],
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    cop: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
    jailed_leave: int,
    is_free_at_once: int,
) -> None:
    """Rule C: arrest one active agent in view; where the jailed leave the torus, the cop takes the place."""
    y = cell[who] // width
    x = cell[who] - y * width
    found = find_in_view(active, masks, u64(0), width, reach, x, y, pick)
    if found >= 0:
        suspect = at[found]
        set_active(suspect, False, cell, state, active, width, height, reach)
        state[suspect] = JAILED
        term[suspect] = term_drawn
        if jailed_leave == 1:
            lift(suspect, cell, at, state, occupied, active, width, height, reach)
            relocate(who, found, cops, cell, at, state, occupied, active, cop, width, height, reach)
        if is_free_at_once == 1:
            state[suspect] = OUTSIDE if jailed_leave == 1 else QUIET


def drawn_turn(turn: int, everybody: int, step: int, seed_low: int, seed_high: int) -> int:
    """Whose turn it is where turns are drawn with replacement."""
    word, _, _, _ = philox(turn, 0, step, TURN_STREAM, seed_low, seed_high)
    return integer((u64(word) * u64(everybody)) >> u64(32))


def sits_out(
    who: int, state: NDArray[np.uint8], term: NDArray[np.int32], schedule: int, jailed_leave: int
) -> bool:
    """Whether one has no turn: withdrawn, or in jail; terms that count turns are counted down here."""
    if state[who] == GONE:
        return True
    if state[who] != JAILED:
        return False
    if schedule > 0:
        return True
    if term[who] > 0:
        term[who] -= 1
        return True
    state[who] = OUTSIDE if jailed_leave == 1 else QUIET
    return False


def count_down(cops: int, state: NDArray[np.uint8], term: NDArray[np.int32], jailed_leave: int) -> None:
    """End a step where terms count steps: whose term is over is free from the next step on."""
    for who in range(cops, state.shape[0]):
        if state[who] == JAILED:
            term[who] -= 1
            if term[who] <= 0:
                state[who] = OUTSIDE if jailed_leave == 1 else QUIET


def activate_all(
    order: NDArray[np.int32],
    cell: NDArray[np.int32],
    at: NDArray[np.int32],
    state: NDArray[np.uint8],
    term: NDArray[np.int32],
    hardship: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    cops: int,
    occupied: NDArray[np.uint64],
    active: NDArray[np.uint64],
    cop: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    width: int,
    height: int,
    reach: int,
    legitimacy: float,
    threshold: float,
    arrest_constant: float,
    longest_term: int,
    form: int,
    schedule: int,
    jailed_leave: int,
    counts_itself_twice: int,
    step: int,
    seed_low: int,
    seed_high: int,
) -> None:
    """One step of everybody. `cell` holds each one's place, `at` who stands in each cell; the first `cops` are cops.

    `schedule` is the place in `ORDERS`. In the first, as in Mesa's version, each acts and then moves, and a jailed
    agent counts its term down in its own turns; in the second, as in NetLogo's, each moves and then acts, and terms
    count down at the end of a step; in the third, as the paper seems to say, turns are drawn with replacement.
    """
    shuffle(order, step, seed_low, seed_high)
    everybody = order.shape[0]
    for turn in range(everybody):
        who = order[turn]
        again = 0
        if schedule == 2:
            who = drawn_turn(turn, everybody, step, seed_low, seed_high)
            again = turn + 1
        step_draw, pick, length, _ = philox(who, again, step, ACTIVATION_STREAM, seed_low, seed_high)
        if sits_out(who, state, term, schedule, jailed_leave):
            continue
        if schedule > 0 or state[who] == OUTSIDE:
            move(who, step_draw, cops, cell, at, state, occupied, active, cop, masks, width, height, reach)
        if state[who] == OUTSIDE:
            continue
        if who < cops:
            lengths = longest_term + 1 if schedule == 0 else longest_term
            drawn = integer((u64(length) * u64(lengths)) >> u64(32))
            at_once = 1 if schedule > 0 and drawn == 0 else 0
            arrest(
                who, pick, drawn, cops, cell, at, state, term, occupied, active, cop, masks, width, height, reach,
                jailed_leave, at_once,
            )  # fmt: skip
        else:
            decide(
                who, cell, state, hardship, risk_aversion, active, cop, masks, width, height, reach,
                legitimacy, threshold, arrest_constant, form, counts_itself_twice,
            )  # fmt: skip
        if schedule == 0:
            move(who, step_draw, cops, cell, at, state, occupied, active, cop, masks, width, height, reach)
    if schedule > 0:
        count_down(cops, state, term, jailed_leave)
