"""A compiled program that takes down, before its stages run, what a few seats are about to meet."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.loops import stage_marks
from exitvoice.engine.program import Program, Stage
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.single import Snapshot, take_snapshot
from exitvoice.engine.tallies import Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.protocol import Loops

EVENTS, SPEAK = "events", "speak"


@dataclass(frozen=True)
class Sight:
    """One seat before one stage; `takes_part`: whether the stage's rules will look at it."""

    stage: Stage
    snapshot: Snapshot
    takes_part: bool


@dataclass
class Watch:
    """Stands in a model where the compiled program stands, runs its stages, and keeps sights of a few seats.

    Attributes
    ----------
    compiled : Loops
    seats : list of (int, int)
        Row of the unit and place in it.
    sights : list of dict
        One a seat: (stage, round) to what was seen in the step under way.
    """

    compiled: Loops
    seats: list[tuple[int, int]]
    sights: list[dict[tuple[str, int], Sight]] = field(default_factory=list)

    @property
    def program(self) -> Program:
        """The program."""
        return self.compiled.program

    @property
    def path(self) -> Path:
        """The generated module."""
        return self.compiled.path

    def empty_population(self, units: Units) -> Population:
        """Population of zeros over some units."""
        return self.compiled.empty_population(units)

    def place(self, signals: SignalTables) -> SignalTables:
        """Signals where the loops find them."""
        return self.compiled.place(signals)

    def lay(self, *_: Any, **__: Any) -> None:
        """Nothing: every stage is looked at before it runs."""

    def lowest(self, signals: SignalTables, name: str) -> float:
        """Least value of a signal of units."""
        return self.compiled.lowest(signals, name)

    def sums(self, units: Units, signals: SignalTables, name: str, weight: str) -> NDArray[np.float64]:
        """Sums by stratum of a signal of units times another, and of that other."""
        return self.compiled.sums(units, signals, name, weight)

    def forget(self) -> None:
        """Begin a new step."""
        self.sights = [{} for _ in self.seats]

    def run_stage(
        self,
        stage: Stage,
        population: Population,
        signals: SignalTables,
        *,
        seed: int,
        step: int,
        round: int = 0,
        threads: Threads,
    ) -> Tallies:
        """Run one round of a stage as the compiled program does."""
        if stage.name in (EVENTS, SPEAK) and self.sights:
            mark = stage_marks(self.program, stage, round)[0]
            for seen, (unit, member) in zip(self.sights, self.seats, strict=True):
                snapshot = take_snapshot(population, signals, unit, member, seed=seed, step=step, round=round)
                word = int(population.marks[mark][population.units.blocks[unit] + member // 64])
                seen[stage.name, round] = Sight(stage, snapshot, bool((word >> (member % 64)) & 1))
        return self.compiled.run_stage(
            stage, population, signals, seed=seed, step=step, round=round, threads=threads
        )
