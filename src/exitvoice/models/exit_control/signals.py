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

    `policy` is the table of rules in force as last handed over, `level` each unit's row in it.
    """

    program: Program
    tables: SignalTables
    policy: PolicyTable | None = None
    level: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

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
        """Hand the rules in force to the units; nothing is done where the table is the same object."""
        if table is self.policy:
            return
        stratum = people.units.stratum
        before = self.policy.breakpoints if self.policy else np.zeros_like(table.breakpoints)
        if before.shape != table.breakpoints.shape or self.policy is None:
            self.level = np.zeros(people.units.count, np.int32)
            before = np.zeros_like(table.breakpoints)
        # most rules cover as many units as a step ago: only what changed is looked at
        for old, new in zip(before.T, table.breakpoints.T, strict=True):
            if not np.array_equal(old, new):
                self.level += (new[stratum] > people.zeal).astype(np.int32) - (old[stratum] > people.zeal)
        self.policy = table
        rows = table.words.shape[1]
        self.set_rows("policy_start", ((stratum * rows + self.level) * CELLS).astype(np.int32))
        self.tables.tables["policy_words"] = np.ascontiguousarray(table.words, np.uint32)
        self.tables.tables["policy_timings"] = sixteen_bits(table.run, table.force)

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
