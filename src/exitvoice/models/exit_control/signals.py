"""The numbers that institutions hand to persons in one step, laid out as the compiled rules want them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.compile import SignalTables
from exitvoice.engine.program import Program
from exitvoice.models.exit_control.columns import RANKS
from exitvoice.models.exit_control.constants import CHAINS
from exitvoice.models.exit_control.people import People
from exitvoice.scenario import PolicyTable

Floats = NDArray[np.float64]
CELLS = 32  # kin x class x rank in a row of the policy tables
PLACES = 4  # offices of a chain in the tables


@dataclass
class SignalBoard:
    """Arrays that are filled anew each step and read by the kernels; `unit` also carries the units' memory.

    `policy` is the table of rules in force as last handed over, `level` each unit's row in it, `reached` how far its
    breakpoints reach among the units by zeal (`People.reached`).
    """

    program: Program
    tables: SignalTables
    policy: PolicyTable | None = None
    level: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    reached: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    def set_nation(self, values: Mapping[str, float]) -> None:
        """Fill the nation's signals; every name must be given."""
        self.tables.nation[:] = [values[name] for name in self.program.signals.nation]

    def set_region(self, values: Mapping[str, Floats]) -> None:
        """Fill regional signals that are given, leave the rest."""
        for place, name in enumerate(self.program.signals.region):
            if name in values:
                self.tables.region[:, place] = values[name]

    def set_stratum(self, values: Mapping[str, Floats]) -> None:
        """Fill signals by stratum that are given, leave the rest."""
        for place, name in enumerate(self.program.signals.stratum):
            if name in values:
                self.tables.stratum[:, place] = values[name]

    def set_unit(self, name: str, values: NDArray[np.float32]) -> None:
        """Fill one signal by unit."""
        self.tables.unit[self.program.signals.unit.index(name)] = values

    def get_unit(self, name: str) -> NDArray[np.float32]:
        """Signal by unit, as the kernels left it; from a device it is fetched."""
        return np.asarray(self.tables.unit[self.program.signals.unit.index(name)])

    def set_rows(self, name: str, values: NDArray[np.int32]) -> None:
        """Fill one row of places by unit."""
        self.tables.unit_rows[self.program.signals.unit_rows.index(name)] = values

    def set_policy(self, table: PolicyTable, people: People) -> None:
        """Hand the rules in force to the units; what is the same object as before is not looked at."""
        before, self.policy = self.policy, table
        if before is None or table.words is not before.words:
            self.tables.tables["policy_words"] = np.ascontiguousarray(table.words, np.uint32)
        if before is None or table.run is not before.run or table.force is not before.force:
            self.tables.tables["policy_timings"] = sixteen_bits(table.run, table.force)
        if before is None or table.breakpoints is not before.breakpoints:
            self._cover(table, people)

    def _cover(self, table: PolicyTable, people: People) -> None:
        """Move the units that a changed coverage reaches, or lets go, to another row of the tables."""
        if not len(self.level):
            self.level = np.zeros(people.units.count, np.int32)
            self.reached = people.reached(np.zeros_like(table.breakpoints))
        now = people.reached(table.breakpoints)
        units, steps = _between(self.reached, now, people.by_zeal[1])
        np.add.at(self.level, units, steps)
        self.reached = now
        first = people.units.stratum * table.words.shape[1]
        self.set_rows("policy_start", ((first + self.level) * CELLS).astype(np.int32))

    def set_offices(self, served: Floats, refused: Floats, opacity: Floats) -> None:
        """Hand over the offices' chances.

        Parameters
        ----------
        served : array, shape (regions, chains, offices)
        refused : array, shape (chains, offices, ranks)
        opacity : array, shape (chains, offices)
        """
        self.tables.tables["served_chances"] = np.ascontiguousarray(served, np.float32)
        self.tables.tables["refusal_words"] = sixteen_bits(
            np.repeat(opacity[..., np.newaxis], RANKS, axis=-1), refused
        )


def _between(
    old: NDArray[np.int64], new: NDArray[np.int64], order: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Units from place `old` to place `new` of an order, for many pairs at once, and +1 or -1 by the direction."""
    pairs = np.nonzero(old != new)
    low, high = np.minimum(old[pairs], new[pairs]), np.maximum(old[pairs], new[pairs])
    many = high - low
    ends = np.cumsum(many)
    places = np.repeat(low - (ends - many), many) + np.arange(many.sum())
    return order[places], np.repeat(np.where(new[pairs] > old[pairs], 1, -1), many).astype(np.int32)


def sixteen_bits(upper: NDArray[Any], lower: NDArray[Any]) -> NDArray[np.uint32]:
    """Two shares in [0, 1] in one word, 16 bits each: half the reads of a table."""
    high = np.round(np.clip(upper, 0.0, 1.0) * 65535.0).astype(np.uint32)
    low = np.round(np.clip(lower, 0.0, 1.0) * 65535.0).astype(np.uint32)
    return np.ascontiguousarray((high << np.uint32(16)) | low)


def blank_board(program: Program, people: People, values: Mapping[str, float]) -> SignalBoard:
    """Board with parameters and fixed places filled in."""
    signals = program.signals
    units = people.units
    tables = SignalTables(
        parameters=np.array([values[name] for name in signals.parameters], np.float32),
        nation=np.zeros(len(signals.nation), np.float32),
        region=np.zeros((people.regions, len(signals.region)), np.float32),
        stratum=np.zeros((people.sectors * people.regions, len(signals.stratum)), np.float32),
        unit=np.zeros((len(signals.unit), units.count), np.float32),
        unit_rows=np.zeros((len(signals.unit_rows), units.count), np.int32),
        tables={},
    )
    board = SignalBoard(program, tables)
    board.set_rows("office_start", (units.region * CHAINS * PLACES).astype(np.int32))
    board.set_unit("confidence", np.full(units.count, values["start_confidence"], np.float32))
    return board
