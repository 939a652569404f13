"""A world of civil violence, model I: agents and cops on a torus, activated one after another.

As printed (f the identity) the equation does not give the published outbursts: NetLogo's version takes the floor,
Mesa's rounds. Order, neighbourhood and what becomes of the jailed differ too; all are options, because each changes
the result.

Source: J. M. Epstein, PNAS 99 suppl. 3 (2002) 7243-7250; NetLogo 'Rebellion'; Mesa 'epstein_civil_violence'.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.functions import compile_function
from exitvoice.engine.grid import empty_board, flip, reach_of, view
from exitvoice.engine.random import seed_words
from exitvoice.models.reference.epstein.board import GONE, NOBODY, OUTSIDE, QUIET
from exitvoice.models.reference.epstein.rules import ORDERS, RATIOS, activate_all, settle_all

JAILED_CHOICES = ("stay", "leave")


@dataclass(frozen=True)
class EpsteinSetting:
    """Parameters of a run; the defaults are Mesa's shipped example.

    Attributes
    ----------
    width, height : int
        Cells of the torus.
    agent_density, cop_density : float
        Shares of the cells.
    radius : float
        How far everybody sees, in cells.
    neighbourhood, ratio, order : str
        See `engine.grid.NEIGHBOURHOODS`, `RATIOS` and `ORDERS`.
    jailed : str
        Whether the jailed `stay` in their cell or `leave` it, so that others may stand there.
    counts_itself_twice : bool
        Whether an agent that is active counts itself twice among the active ones, as in NetLogo's version.
    legitimacy, threshold, arrest_constant : float
        L, T and k.
    longest_term : int
        Longest term in jail, in turns or steps.
    seed : int
    """

    width: int = 40
    height: int = 40
    agent_density: float = 0.7
    cop_density: float = 0.074
    radius: float = 7.0
    neighbourhood: str = "von_neumann"
    ratio: str = "round"
    order: str = "decide_first"
    jailed: str = "stay"
    counts_itself_twice: bool = False
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
        self.seed = seed_words(setting.seed)
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
        self.reach = reach_of(self.masks)
        if min(setting.width, setting.height) < 2 * self.reach + 1:
            raise ValueError("the torus is smaller than what one cell sees of it")
        boards = [empty_board(setting.height, setting.width, self.masks) for _ in range(3)]
        self.occupied, self.active, self.cop = boards
        for who, cell in enumerate(self.cell):
            self._flip(self.occupied, int(cell))
            if who < self.cops:
                self._flip(self.cop, int(cell))
        self.now = 0
        self._activate: Any = activate_all if plain else compile_function(activate_all)

    def step(self, *, legitimacy: float | None = None) -> None:
        """Activate everybody once; `legitimacy` takes the place of the setting's in this step."""
        setting = self.setting
        felt = setting.legitimacy if legitimacy is None else legitimacy
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
            *(self.occupied, self.active, self.cop, self.masks, setting.width, setting.height, self.reach),
            *(np.float32(value) for value in (felt, setting.threshold, setting.arrest_constant)),
            setting.longest_term,
            RATIOS.index(setting.ratio),
            ORDERS.index(setting.order),
            JAILED_CHOICES.index(setting.jailed),
            int(setting.counts_itself_twice),
            self.now,
            *self.seed,
        )
        self.now += 1

    def withdraw_cops(self, left: int) -> None:
        """Take cops away until `left` are there, the last ones first."""
        for who in range(left, self.cops):
            if self.state[who] != GONE:
                self.state[who] = GONE
                self._flip(self.occupied, int(self.cell[who]))
                self._flip(self.cop, int(self.cell[who]))
                self.at[self.cell[who]] = NOBODY

    def cells_by_kind(self) -> NDArray[np.uint8]:
        """Return what stands in each cell, shape (height, width): 0 nothing, 1 quiet, 2 active, 3 in jail, 4 a cop."""
        kinds = np.zeros(self.setting.height * self.setting.width, np.uint8)
        there = self.at[self.at >= 0]
        kinds[self.cell[there]] = np.where(there < self.cops, 4, self.state[there] + 1)
        return kinds.reshape(self.setting.height, self.setting.width)

    def counts(self) -> tuple[int, int, int]:
        """Quiet, active and jailed agents."""
        states = np.bincount(self.state[self.cops :], minlength=OUTSIDE + 1)
        return int(states[QUIET] + states[OUTSIDE]), int(states[1]), int(states[2])

    def _flip(self, board: NDArray[np.uint64], cell: int) -> None:
        width, height = self.setting.width, self.setting.height
        flip(board, width, height, self.reach, cell % width, cell // width)
