"""What every machine offers: a program compiled for it, and the state that its loops work on."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.launch import Series
from exitvoice.engine.program import Program, Stage
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Running, Tallies
from exitvoice.engine.targets.cpu import Threads

DEVICES = ("cpu", "cuda")


class Loops(Protocol):
    """A program compiled for a machine.

    A population and the signals of units stay where `empty_population` and `place` put them; on a device that
    is its own memory, and what the host needs of them comes as a few numbers (`lowest`, `sums`).
    """

    @property
    def program(self) -> Program:
        """The program."""

    @property
    def path(self) -> Path:
        """The generated module, named by a hash of its text."""

    def empty_population(self, units: Units) -> Population:
        """Population of zeros over some units."""

    def place(self, signals: SignalTables) -> SignalTables:
        """Signals where the loops find them; those of the nation, regions and strata stay with the host."""

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
        """Run one round of a stage; `threads` are the host's."""

    def lay(
        self,
        calls: tuple[tuple[str, int], ...],
        population: Population,
        signals: SignalTables,
        running: Running,
        *,
        seed: int,
        threads: Threads,
    ) -> Series | None:
        """Stages by their name, each in a round, laid down for a compiled function that runs them.

        None where there is no such way: then they are run one by one, with the same results.
        """

    def lowest(self, signals: SignalTables, name: str) -> float:
        """Least value of a signal of units."""

    def sums(self, units: Units, signals: SignalTables, name: str, weight: str) -> NDArray[np.float64]:
        """Sums by stratum of a signal of units times another, and of that other; shape (2, strata)."""
