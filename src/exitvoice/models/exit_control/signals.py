"""The numbers that institutions hand to persons in one step, laid out as the compiled rules want them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.program import Program
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.thresholds import NOT_YET, pass_units
from exitvoice.models.exit_control.columns import RANKS
from exitvoice.models.exit_control.compiled import tables
from exitvoice.models.exit_control.compiled.policy import CELLS
from exitvoice.models.exit_control.constants import CHAINS
from exitvoice.models.exit_control.people import People
from exitvoice.scenario import PolicyTable

Floats = NDArray[np.float64]
BITS = {
    "restricted_places": 31,
    "custody_places": 8,
    "invalid_places": 16,
}  # of a word, any of which (persons/policy.py)
PLACES = 4  # offices of a chain in the tables


@dataclass
class SignalBoard:
    """Arrays that are filled anew each step and read by the kernels; `unit` also carries the units' memory.

    `policy` is the table of rules in force as last handed over, `row` where each unit's cells begin in its tables:
    the board's own row, or a copy where that lies on a device.
    `reached` is the place among the units by zeal that each coverage of a stratum has come to, `edges` the keys of the
    units on both sides of it. `refused_at` is the level of control at which the refusals of offices were last handed
    over.
    """

    program: Program
    tables: SignalTables
    policy: PolicyTable | None = None
    row: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    is_copy: bool = False
    reached: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    edges: NDArray[np.uint64] = field(default_factory=lambda: np.zeros((0, 0, 2), np.uint64))
    refused_at: float | None = None

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
        if before is table:
            return
        laid = self.tables.tables
        if before is None or table.words is not before.words:
            laid["policy_words"] = table.words
            for name, bits in BITS.items():
                laid[name] = tables().places_with(table.words, bits)
        laid["policy_timings"] = table.timings
        if before is None:
            self._begin_to_cover(table, people)
        self._cover(table, people)

    def _begin_to_cover(self, table: PolicyTable, people: People) -> None:
        """Put every unit in the first row of its stratum, where no rule reaches it."""
        self.set_rows("policy_start", people.units.stratum * np.int32(table.words.shape[1] * CELLS))
        rows = self.tables.unit_rows[self.program.signals.unit_rows.index("policy_start")]
        self.row = np.asarray(rows)
        self.is_copy = self.row is not rows
        self.reached = np.repeat(people.first_by_zeal[:, np.newaxis], table.places.shape[1], axis=1)
        self.edges = np.full((*table.places.shape, 2), NOT_YET, np.uint64)

    def _cover(self, table: PolicyTable, people: People) -> None:
        """Move the units that a changed coverage reaches, or lets go, to another row of the tables."""
        coverages = table.coverages.view(np.uint32)
        has_moved = pass_units(
            coverages, table.places, *people.by_zeal, self.reached, self.edges, self.row, CELLS
        )
        if has_moved and self.is_copy:
            self.set_rows("policy_start", self.row)

    def set_served(self, served: NDArray[np.float32]) -> None:
        """Hand over the offices' chances of deciding, shape (regions, chains, offices)."""
        self.tables.tables["served_chances"] = served

    def set_refused(self, refused: Floats, opacity: Floats, level: float) -> None:
        """Hand over what offices refuse at a level of control.

        Parameters
        ----------
        refused : array, shape (chains, offices, ranks)
        opacity : array, shape (chains, offices)
        level : float
        """
        self.refused_at = level
        self.tables.tables["refusal_words"] = sixteen_bits(
            np.repeat(opacity[..., np.newaxis], RANKS, axis=-1), refused
        )


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
