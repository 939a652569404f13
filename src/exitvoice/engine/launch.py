"""A stage's kernel with everything that it is called with, laid down once for many steps."""

import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import random, sums
from exitvoice.engine.columns import Population
from exitvoice.engine.loops import MARKED, lookup_tables, stage_columns, stage_marks
from exitvoice.engine.proceed import STEP, Laid
from exitvoice.engine.program import LANES, Program, Stage
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Running, Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.crew import Held, Ranges


class Called(NamedTuple):
    """What is called: a stage, in a round, with a seed."""

    stage: Stage
    round: int
    seed: int


class _Table:
    """A lookup table as a kernel reads it, in one row, and the one it was copied from."""

    def __init__(self, given: NDArray[Any]) -> None:
        self.given, self.own = given, given.flatten()

    def take(self, given: NDArray[Any]) -> bool:
        """Copy another in its place, if there is room."""
        if given.size != self.own.size:
            return False
        self.own[:] = given.reshape(-1)
        self.given = given
        return True


Named = tuple[str, _Table]


class Launch:
    """A stage in a round over one population, told by one set of signals, on as many threads as there are ranges.

    The arrays of a population and of the signals are read and written where they lie; lookup tables, which may be
    replaced from step to step, are copied to a place of their own.
    """

    def __init__(
        self,
        kernel: Callable[..., Any],
        program: Program,
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
        self.tables = [(n, _Table(signals.tables[n])) for n in lookup_tables(program, stage)]
        self._arrays = (
            *(units.offsets, units.blocks, units.number, units.key, units.stratum, units.region),
            *(signals.parameters, signals.nation, signals.region, signals.stratum),
            *(signals.unit, signals.unit_rows),
            np.zeros((len(ranges), 2 * MARKED), np.uint8),  # twice the room: no two threads write to one line
        )
        self._held = Held(
            kernel,
            np.int32(called.round),
            np.int32(0),
            *random.seed_words(called.seed),
            *self._arrays,
            *(population.columns[name] for name in stage_columns(program, stage)),
            *(population.marks[name] for name in stage_marks(program, stage, called.round)),
            *(table.own for _, table in self.tables),
            self._counts,
            self._totals,
        )

    def serves(self, population: Population, signals: SignalTables, seed: int, ranges: Ranges) -> bool:
        """Whether it was laid down for these; then its copies of lookup tables are those of now."""
        return self.is_of(population, signals, seed, ranges) and _follow(self.tables, signals)

    def is_of(self, population: Population, signals: SignalTables, seed: int, ranges: Ranges) -> bool:
        """Whether it was laid down for these, whatever the tables."""
        return (
            self._population() is population
            and self._signals is signals
            and self._called.seed == seed
            and len(self._ranges) == len(ranges)
        )

    def run(self, step: int, threads: Threads) -> Tallies:
        """Run it in a step and return its tallies."""
        self._held.alter(STEP, step)
        threads.run_held(self._held, self._ranges)
        return Tallies(*sums.take(self._counts, self._totals, self._before, self._strata), self._called.stage)

    def laid(self, running: Running) -> Laid:
        """The same for compiled functions; running tallies take its changes in."""
        stage, nowhere = self._called.stage, np.zeros(0, np.intp)
        counts, totals = running.places_of(stage) if stage.changes else (nowhere, nowhere)
        return Laid(
            held=self._held.address,
            ranges=np.array(self._ranges, np.intp),
            strata=self._strata,
            counts=self._counts,
            totals=self._totals,
            before=self._before,
            whole_counts=running.whole.counts,
            whole_totals=running.whole.totals,
            count_places=counts,
            total_places=totals,
        )


class Series:
    """Launches that a compiled function of the host runs one after the other."""

    def __init__(self, launches: Sequence[Launch], running: Running, ranges: Ranges) -> None:
        # launches last as long as the handle, which knows no more than where they lie
        self._launches, self._whole, self._ranges = launches, running.whole, ranges
        self._tables = [named for launch in launches for named in launch.tables]
        self._laid = tuple(launch.laid(running) for launch in launches)
        self._handle: Any = None

    def serves(
        self, population: Population, signals: SignalTables, running: Running, *, seed: int, ranges: Ranges
    ) -> bool:
        """Whether it was made of launches that serve, and for tallies that still go on."""
        is_of = self._launches[0].is_of(population, signals, seed, ranges)
        return is_of and self._whole is running.whole and _follow(self._tables, signals)

    def handle(self, fixed: Callable[[tuple[Laid, ...]], Any]) -> Any:
        """Handle of them, made once, by the module whose function is to run them (`engine.host`)."""
        if self._handle is None:
            self._handle = fixed(self._laid)
        return self._handle

    def at_work(self, threads: Threads) -> AbstractContextManager[int]:
        """What the function is to be told of the threads, which work for nobody else meanwhile."""
        return threads.lent(self._ranges)


def _follow(tables: Sequence[Named], signals: SignalTables) -> bool:
    """Copy those of the signals in place of what is there; whether there is room for all."""
    given = signals.tables
    return all(given[name] is table.given or table.take(given[name]) for name, table in tables)


def _strata(stratum: NDArray[np.int32], ranges: Ranges) -> sums.Places:
    """First stratum of each range of units and the one after its last, shape (ranges, 2)."""
    each = [stratum[first:last] for first, last in ranges]
    return np.array([(s.min(), s.max() + 1) if s.size else (0, 0) for s in each], np.intp)
