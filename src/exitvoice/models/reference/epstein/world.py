"""Civil violence, model I (Epstein 2002): agents and cops on a torus, activated in a drawn order.

    active  iff  H (1 - L) - R P > T,     P = 1 - exp(-k f(C/A))

H hardship and R risk aversion, uniform and fixed; L legitimacy; C cops and A active agents in view, the agent
itself counted once; k = 2.3; f the form of the ratio. As printed (f the identity) the equation does not give the
published outbursts: NetLogo's version takes the floor, Mesa's rounds. A cop arrests one active agent in view, for a
term drawn evenly from 0 to the maximum; all move to an empty cell in view.

Source: J. M. Epstein, PNAS 99 suppl. 3 (2002) 7243-7250; NetLogo 'Rebellion'; Mesa 'epstein_civil_violence'.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.functions import compile_function
from exitvoice.engine.grid import count_in_view, empty_board, find_in_view, flip, shuffle, view
from exitvoice.engine.mathematics import exponential
from exitvoice.engine.primitives import integer, real, u64
from exitvoice.engine.random import philox, uniform

QUIET, ACTIVE, JAILED = 0, 1, 2
RATIOS = ("identity", "floor", "round", "threshold")  # forms of C/A, in the order of their numbers
ALL_ONES = 0xFFFFFFFFFFFFFFFF
ACTIVATION_STREAM = 2
BEFORE_THE_FIRST = 0xFFFFFFFF  # a step that no run reaches, for the draws of the start
NOBODY = -1


def ratio(cops: int, actives: int, form: int) -> float:
    """Cops per active agent, in one of four forms; `threshold` is 0 below one cop an active agent."""
    share = real(cops) / real(actives)
    if form == 1:
        return real(integer(share))
    if form == 2:
        return real(integer(share + 0.5))
    if form == 3 and share < 1.0:
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
    legitimacy: float,
    threshold: float,
    arrest_constant: float,
    longest_term: int,
    form: int,
    step: int,
    seed_low: int,
    seed_high: int,
) -> None:
    """One step of everybody. `cell` holds each one's place, `at` who stands in each cell; the first `cops` are cops."""
    height = occupied.shape[0]
    reach = masks.shape[0] >> 1
    shuffle(order, step, seed_low, seed_high)
    for turn in range(order.shape[0]):
        who = order[turn]
        y = cell[who] // width
        x = cell[who] - y * width
        move, pick, length, _ = philox(who, 0, step, ACTIVATION_STREAM, seed_low, seed_high)
        if who < cops:
            found = find_in_view(active, masks, u64(0), height, width, x, y, pick)
            if found >= 0:
                suspect = at[found]
                flip(active, width, reach, found % width, found // width)
                state[suspect] = JAILED
                term[suspect] = integer((u64(length) * u64(longest_term + 1)) >> u64(32))
        elif state[who] == JAILED:
            term[who] -= 1
            if term[who] <= 0:
                state[who] = QUIET
            continue
        else:
            seen = count_in_view(active, masks, height, x, y) + 1
            watched = count_in_view(cop, masks, height, x, y)
            rebels = is_active(
                hardship[who], risk_aversion[who], watched, seen, legitimacy, threshold, arrest_constant, form
            )
            if rebels != (state[who] == ACTIVE):
                flip(active, width, reach, x, y)
                state[who] = ACTIVE if rebels else QUIET
        goal = find_in_view(occupied, masks, u64(ALL_ONES), height, width, x, y, move)
        if goal >= 0:
            there, up = goal % width, goal // width
            flip(occupied, width, reach, x, y)
            flip(occupied, width, reach, there, up)
            if who < cops:
                flip(cop, width, reach, x, y)
                flip(cop, width, reach, there, up)
            elif state[who] == ACTIVE:
                flip(active, width, reach, x, y)
                flip(active, width, reach, there, up)
            at[cell[who]] = NOBODY
            at[goal] = who
            cell[who] = goal


@dataclass(frozen=True)
class EpsteinSetting:
    """Parameters of a run; the defaults are Mesa's shipped example but for the ratio, which is named there `round`."""

    width: int = 40
    height: int = 40
    agent_density: float = 0.7
    cop_density: float = 0.074
    radius: float = 7.0
    neighbourhood: str = "von_neumann"
    ratio: str = "round"
    legitimacy: float = 0.8
    threshold: float = 0.1
    arrest_constant: float = 2.3
    longest_term: int = 1000
    seed: int = 0


class Epstein:
    """A world of the model: `step` moves it, `counts` looks at it.

    `plain` runs the uncompiled functions, slowly and to the same bits.
    """

    def __init__(self, setting: EpsteinSetting, *, plain: bool = False) -> None:
        self.setting = setting
        cells = setting.width * setting.height
        self.cops = round(cells * setting.cop_density)
        agents = round(cells * setting.agent_density)
        if self.cops + agents >= cells:
            raise ValueError("the densities of agents and cops leave no empty cell")
        self.seed = (np.uint32(setting.seed & 0xFFFFFFFF), np.uint32((setting.seed >> 32) & 0xFFFFFFFF))
        places = np.arange(cells, dtype=np.int32)
        self.hardship = np.zeros(self.cops + agents, np.float32)
        self.risk_aversion = np.zeros(self.cops + agents, np.float32)
        settle: Any = settle_all if plain else compile_function(settle_all)
        settle(places, self.hardship, self.risk_aversion, *self.seed)
        self.cell = places[: self.cops + agents].copy()
        self.at = np.full(cells, NOBODY, np.int32)
        self.at[self.cell] = np.arange(len(self.cell))
        self.state = np.zeros(len(self.cell), np.uint8)
        self.term = np.zeros(len(self.cell), np.int32)
        self.order = np.arange(len(self.cell), dtype=np.int32)
        self.masks = view(setting.neighbourhood, setting.radius)
        reach = len(self.masks) // 2
        if min(setting.width, setting.height) < 2 * reach + 1:
            raise ValueError("the torus is smaller than what one cell sees of it")
        boards = [empty_board(setting.height, setting.width, reach) for _ in range(3)]
        self.occupied, self.active, self.cop = boards
        for who, cell in enumerate(self.cell):
            x, y = int(cell) % setting.width, int(cell) // setting.width
            flip(self.occupied, setting.width, reach, x, y)
            if who < self.cops:
                flip(self.cop, setting.width, reach, x, y)
        self.now = 0
        self._activate: Any = activate_all if plain else compile_function(activate_all)

    def step(self) -> None:
        """Activate everybody once."""
        setting = self.setting
        self._activate(
            *(
                self.order,
                self.cell,
                self.at,
                self.state,
                self.term,
                self.hardship,
                self.risk_aversion,
                self.cops,
            ),
            *(self.occupied, self.active, self.cop, self.masks, setting.width),
            *(np.float32(v) for v in (setting.legitimacy, setting.threshold, setting.arrest_constant)),
            setting.longest_term,
            RATIOS.index(setting.ratio),
            self.now,
            *self.seed,
        )
        self.now += 1

    def cells_by_kind(self) -> NDArray[np.uint8]:
        """Return what stands in each cell, shape (height, width): 0 nothing, 1 quiet, 2 active, 3 in jail, 4 a cop."""
        kinds = np.zeros(self.setting.height * self.setting.width, np.uint8)
        kinds[self.cell] = self.state + 1
        kinds[self.cell[: self.cops]] = 4
        return kinds.reshape(self.setting.height, self.setting.width)

    def counts(self) -> tuple[int, int, int]:
        """Quiet, active and jailed agents."""
        quiet, active, jailed = np.bincount(self.state[self.cops :], minlength=3)
        return int(quiet), int(active), int(jailed)
