"""A stage's kernel with everything that it is called with, laid down once for many steps."""

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import random, sums
from exitvoice.engine.columns import Population
from exitvoice.engine.loops import MARKED, lookup_tables, stage_columns, stage_marks
from exitvoice.engine.program import LANES, Program, Stage
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.crew import Held

STEP = 1  # place of the step among the arguments of a kernel that its threads share, after the round
Ranges = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Called:
    """What is called: a stage of a program, in a round, with a seed."""

    program: Program
    stage: Stage
    round: int
    seed: int


class Launch:
    """A stage in a round over one population, told by one set of signals, on as many threads as there are ranges.

    The arrays of a population and of the signals are read and written where they lie; lookup tables, which may be
    replaced from step to step, are copied to a place of their own.
    """

    def __init__(
        self,
        kernel: Callable[..., Any],
        called: Called,
        population: Population,
        signals: SignalTables,
        ranges: Ranges,
    ) -> None:
        units, stage, parts = population.units, called.stage, (len(ranges), len(signals.stratum))
        # no more than a weak reference, or the columns of a whole country would last as long as the program
        self._population, self._signals = weakref.ref(population), signals
        self._called, self._ranges = called, ranges
        self._before = len(stage.counts) if stage.changes else 0
        self._counts = np.zeros((*parts, self._before + len(stage.counted), LANES), np.int64)
        self._totals = np.zeros((*parts, len(stage.totals), LANES), np.int64)
        self._strata = _strata(units.stratum, ranges)
        self._tables = {n: _Table(signals.tables[n]) for n in lookup_tables(called.program, stage)}
        self._arrays = (
            *(units.offsets, units.blocks, units.number, units.key, units.stratum, units.region),
            *(signals.parameters, signals.nation, signals.region, signals.stratum),
            *(signals.unit, signals.unit_rows),
            np.zeros((len(ranges), MARKED), np.uint8),
        )
        self._held = Held(
            kernel,
            np.int32(called.round),
            np.int32(0),
            *random.seed_words(called.seed),
            *self._arrays,
            *(population.columns[name] for name in stage_columns(called.program, stage)),
            *(population.marks[name] for name in stage_marks(called.program, stage, called.round)),
            *(table.own for table in self._tables.values()),
            self._counts,
            self._totals,
        )

    def serves(self, population: Population, signals: SignalTables, seed: int, ranges: Ranges) -> bool:
        """Whether it was laid down for these."""
        return (
            self._population() is population
            and self._signals is signals
            and self._called.seed == seed
            and len(self._ranges) == len(ranges)
            and all(signals.tables[name].size == table.own.size for name, table in self._tables.items())
        )

    def run(self, step: int, signals: SignalTables, threads: Threads) -> Tallies:
        """Run it in a step and return its tallies."""
        for name, table in self._tables.items():
            given = signals.tables[name]
            if given is not table.given:
                table.take(given)
        self._held.alter(STEP, step)
        threads.run_held(self._held, self._ranges)
        return Tallies(*sums.take(self._counts, self._totals, self._before, self._strata), self._called.stage)


class _Table:
    """A lookup table as a kernel reads it, in one row, and the one it was copied from."""

    def __init__(self, given: NDArray[Any]) -> None:
        self.given, self.own = given, given.flatten()

    def take(self, given: NDArray[Any]) -> None:
        """Copy another in its place."""
        self.own[:] = given.reshape(-1)
        self.given = given


def _strata(stratum: NDArray[np.int32], ranges: Ranges) -> sums.Places:
    """First stratum of each range of units and the one after its last, shape (ranges, 2)."""
    each = [stratum[first:last] for first, last in ranges]
    return np.array([(s.min(), s.max() + 1) if s.size else (0, 0) for s in each], np.intp)
