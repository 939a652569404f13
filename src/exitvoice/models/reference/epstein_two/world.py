"""A world of civil violence, model II: two groups on a torus, born, killed and dying, with peacekeepers or without."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.functions import compile_function
from exitvoice.engine.grid import empty_board, flip, reach_of, view
from exitvoice.engine.random import seed_words
from exitvoice.models.reference.epstein.board import GONE, JAILED, NOBODY
from exitvoice.models.reference.epstein.rules import RATIOS
from exitvoice.models.reference.epstein_two.rules import DIED, FREE, KILLED, settle_groups, step_groups


@dataclass(frozen=True)
class TwoGroupsSetting:
    """Parameters of a run; densities are shares of the cells, times are steps."""

    side: int = 40
    agent_density: float = 0.7
    cop_density: float = 0.0
    radius: float = 1.7
    neighbourhood: str = "euclidean"
    ratio: str = "floor"
    legitimacy: float = 0.8
    threshold: float = 0.1
    arrest_constant: float = 2.3
    birth_chance: float = 0.05
    longest_term: int = 15
    longest_life: int = 200
    seed: int = 0


class TwoGroups:
    """A world of the model: `step` moves it, `alive` and `killed` look at it.

    A cell holds one at most, so there are as many slots for agents as cells. `plain` runs the uncompiled functions,
    slowly and to the same bits.
    """

    def __init__(self, setting: TwoGroupsSetting, *, plain: bool = False) -> None:
        self.setting = setting
        cells = setting.side**2
        self.peacekeepers = round(cells * setting.cop_density)
        there = self.peacekeepers + round(cells * setting.agent_density)
        if there >= cells:
            raise ValueError("the densities of agents and peacekeepers leave no empty cell")
        self.masks = view(setting.neighbourhood, setting.radius)
        self.reach = reach_of(self.masks)
        if setting.side < 2 * self.reach + 1:
            raise ValueError("the torus is smaller than what one cell sees of it")
        self.seed = seed_words(setting.seed)
        places = np.arange(cells, dtype=np.int32)
        self.hardship, self.risk_aversion = np.zeros(cells, np.float32), np.zeros(cells, np.float32)
        self.last_step = np.zeros(cells, np.int32)
        settle: Any = settle_groups if plain else compile_function(settle_groups)
        settle(places, self.hardship, self.risk_aversion, self.last_step, setting.longest_life, *self.seed)
        self.cell = places
        self.state = np.where(np.arange(cells) < there, 0, GONE).astype(np.uint8)
        self.group = (np.arange(cells) % 2).astype(np.uint8)  # as many of each as can be
        self.term = np.zeros(cells, np.int32)
        self.order = np.arange(cells, dtype=np.int32)
        self.free = np.zeros(cells, np.int32)
        self.free[: cells - there] = np.arange(cells - 1, there - 1, -1)
        self.tally = np.zeros(4, np.int64)
        self.tally[FREE] = cells - there
        self.at = np.full(cells, NOBODY, np.int32)
        self.at[self.cell[:there]] = np.arange(there)
        self.boards = np.array([empty_board(setting.side, setting.side, self.masks) for _ in range(5)])
        for who in range(there):
            self._flip(self.boards[0], who)
            self._flip(self.boards[2 if who < self.peacekeepers else 3 + int(self.group[who])], who)
        self.now = 0
        self._step: Any = step_groups if plain else compile_function(step_groups)

    def step(self) -> None:
        """Activate everybody once."""
        setting = self.setting
        self._step(
            *(self.order, self.free, self.tally, self.cell, self.at, self.state, self.group, self.term),
            *(self.last_step, self.hardship, self.risk_aversion, self.peacekeepers),
            *(self.boards, self.masks, setting.side, setting.side, self.reach),
            *(np.float32(v) for v in (setting.legitimacy, setting.threshold, setting.arrest_constant)),
            np.float32(setting.birth_chance),
            setting.longest_term,
            setting.longest_life,
            RATIOS.index(setting.ratio),
            self.now,
            *self.seed,
        )
        self.now += 1

    def alive(self) -> tuple[int, int]:
        """Agents of each group."""
        groups = np.bincount(
            self.group[self.peacekeepers :][self.state[self.peacekeepers :] != GONE], minlength=2
        )
        return int(groups[0]), int(groups[1])

    def killed(self) -> int:
        """Agents killed since the start."""
        return int(self.tally[KILLED])

    def died(self) -> int:
        """Agents who died of age since the start."""
        return int(self.tally[DIED])

    def jailed(self) -> int:
        """Agents in jail now."""
        return int((self.state == JAILED).sum())

    def cells_by_kind(self) -> NDArray[np.uint8]:
        """Return what stands in each cell: 0 nothing, 1 the one group, 2 the other, 3 in jail, 4 a peacekeeper."""
        kinds = np.zeros(self.setting.side**2, np.uint8)
        there = self.at[self.at >= 0]
        kinds[self.cell[there]] = np.where(
            there < self.peacekeepers, 4, np.where(self.state[there] == JAILED, 3, 1 + self.group[there])
        )
        return kinds.reshape(self.setting.side, self.setting.side)

    def _flip(self, board: NDArray[np.uint64], who: int) -> None:
        cell, side = int(self.cell[who]), self.setting.side
        flip(board, side, side, self.reach, cell % side, cell // side)
