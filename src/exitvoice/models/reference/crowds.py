"""Many independent crowds on the engine: each person decides by own traits and by what the own crowd did before.

A crowd is a row of the engine's tables by region; it is made of units of at most `UNIT` persons, because a unit's
members are numbered in 16 bits. Its program counts per unit, and here units are summed to crowds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.compile import CompiledProgram, compile_program
from exitvoice.engine.oracle import run_stage
from exitvoice.engine.program import Program
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads, default_threads

UNIT = 10_000


@dataclass
class Crowds:
    """Crowds of one program: `run` moves them, `columns` and `marked` show the persons.

    `plain` runs the uncompiled rules, slowly and to the same bits.
    """

    compiled: CompiledProgram
    population: Population
    signals: SignalTables
    threads: Threads
    seed: int
    is_plain: bool
    now: int = 0

    @classmethod
    def build(
        cls,
        program: Program,
        *,
        crowds: int,
        persons: int,
        parameters: Mapping[str, float],
        seed: int,
        plain: bool = False,
    ) -> "Crowds":
        """Crowds of `persons` each; all signals but the parameters begin at 0."""
        parts = -(-persons // UNIT)
        sizes = np.tile(np.diff(np.linspace(0, persons, parts + 1).astype(np.int64)), crowds)
        count = crowds * parts
        units = Units(
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            number=np.arange(count, dtype=np.uint32),
            key=np.zeros(count, np.uint32),
            stratum=np.zeros(count, np.int32),
            region=np.repeat(np.arange(crowds, dtype=np.int32), parts),
        )
        named = program.signals
        signals = SignalTables(
            parameters=np.array([parameters[name] for name in named.parameters], np.float32),
            nation=np.zeros(0, np.float32),
            region=np.zeros((crowds, len(named.region)), np.float32),
            stratum=np.zeros((1, 0), np.float32),
            unit=np.zeros((len(named.unit), count), np.float32),
            unit_rows=np.zeros((0, count), np.int32),
            tables={},
        )
        population = Population.empty(program.layout, units)
        return cls(compile_program(program), population, signals, Threads(default_threads()), seed, plain)

    def run(self, name: str) -> dict[str, NDArray[np.int64]]:
        """Run a stage; what it keeps of each unit, summed to crowds, shape (crowds,)."""
        program = self.compiled.program
        stage = next(stage for stage in program.stages if stage.name == name)
        given: Any = (stage, self.population, self.signals)
        if self.is_plain:
            run_stage(program, *given, seed=self.seed, step=self.now)
        else:
            self.compiled.run_stage(*given, seed=self.seed, step=self.now, threads=self.threads)
        self.now += 1
        return {
            kept: self._by_crowd(program.signals.unit.index(kept))
            for kept in (count.keep for count in stage.counted)
            if kept is not None
        }

    def tell(self, name: str, values: NDArray[Any] | float) -> None:
        """Set what every person of a crowd sees, shape (crowds,)."""
        self.signals.region[:, self.compiled.program.signals.region.index(name)] = values

    def column(self, name: str) -> NDArray[Any]:
        """A column of all persons, shape (crowds, persons); writing to it writes to the population."""
        return self.population.columns[name].reshape(len(self.signals.region), -1)

    def close(self) -> None:
        """End the threads."""
        self.threads.close()

    def _by_crowd(self, place: int) -> NDArray[np.int64]:
        counts = np.bincount(
            self.population.units.region, self.signals.unit[place], minlength=len(self.signals.region)
        )
        return counts.astype(np.int64)
