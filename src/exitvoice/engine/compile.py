"""Compiles a program: one readable module, named by a hash of all that went into it, cached on disk.

The name is a hash of the module's whole text (which holds the source of every rule) and of the
versions that compile it, so an edited rule is never answered from a stale cache.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import random, sums
from exitvoice.engine.columns import Population, Units
from exitvoice.engine.loops import MARKED, lookup_tables, stage_columns, stage_marks, write_stage
from exitvoice.engine.program import LANES, TOTAL_UNITS, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import check_program
from exitvoice.engine.source import helper_sources
from exitvoice.engine.targets.cpu import PREAMBLE, Threads, tune

FIXED = 2.0**28  # binary places of sums over units
Places = NDArray[np.intp]
Arrays = Callable[[Mapping[str, Any]], tuple[Any, ...]]

TALLY_HELPERS = """\
@helper
def empty_counts(packed, counts):
    for i in range(packed.shape[0]):
        for lane in range(4):
            counts[i, lane] += (packed[i] >> (8 * lane)) & 255
        packed[i] = 0


@helper
def lane_sum(word):
    return (word & 255) + ((word >> 8) & 255) + ((word >> 16) & 255) + ((word >> 24) & 255)

"""


@dataclass(frozen=True)
class SignalTables:
    """Numbers handed to a stage from outside, all float32 but `unit_rows` (int32).

    Attributes
    ----------
    parameters, nation : arrays, shape (names,)
    region, stratum : arrays, shape (rows, names)
    unit : array, shape (names, units)
    unit_rows : int32 array, shape (names, units)
    tables : mapping of str to array
        Lookup tables by name, contiguous.
    """

    parameters: NDArray[np.float32]
    nation: NDArray[np.float32]
    region: NDArray[np.float32]
    stratum: NDArray[np.float32]
    unit: NDArray[np.float32]
    unit_rows: NDArray[np.int32]
    tables: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Tallies:
    """What a stage counted: whole numbers by stratum, name and class; differences in a stage of changes."""

    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    stage: Stage

    def copy(self) -> "Tallies":
        """The same numbers in arrays of their own."""
        return Tallies(self.counts.copy(), self.totals.copy(), self.stage)

    def count(self, name: str) -> NDArray[np.int64]:
        """Members by stratum and class, shape (strata, 4)."""
        return self.counts[:, self.stage.places[name]]

    def total(self, name: str) -> NDArray[np.float64]:
        """Sum by stratum and class, shape (strata, 4)."""
        place = [t.name for t in self.stage.totals].index(name)
        return self.totals[:, place] / TOTAL_UNITS


@dataclass
class Running:
    """Tallies that go on from stage to stage: whole once, then moved by the changes that stages tally."""

    whole: Tallies
    _now: Tallies | None = None
    _places: dict[str, tuple[Places, Places]] = field(default_factory=dict)

    @classmethod
    def of(cls, tallies: Tallies) -> "Running":
        """Begin with everything that a stage tallied."""
        return cls(tallies.copy())

    def move(self, tallies: Tallies) -> None:
        """Take in the changes that a stage tallied."""
        stage, self._now = tallies.stage, None
        if stage.name not in self._places:
            self._places[stage.name] = self._places_of(stage)
        counts, totals = self._places[stage.name]
        sums.move(self.whole.counts, counts, tallies.counts)
        if stage.totals:
            sums.move(self.whole.totals, totals, tallies.totals)

    def _places_of(self, stage: Stage) -> tuple[Places, Places]:
        """Where the counts and the totals of a stage stand among those that go on."""
        totals = [total.name for total in self.whole.stage.totals]
        return (
            self.whole.stage.places_of(tuple(count.name for count in stage.counts)),
            np.array([totals.index(total.name) for total in stage.totals], np.intp),
        )

    def now(self) -> Tallies:
        """Tallies as they are now, a copy: the same one until they move."""
        if self._now is None:
            self._now = self.whole.copy()
        return self._now


@dataclass(frozen=True)
class CompiledProgram:
    """A program with its generated module; `columns` and `tables` are what each stage is handed, by its name."""

    program: Program
    module: ModuleType
    path: Path
    columns: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[str, ...]]
    _launches: dict[tuple[str, int], "_Launch"] = field(default_factory=dict, repr=False, compare=False)

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
        """Run one round of a stage over the whole population and return its tallies."""
        units, launch = population.units, self._launch(stage, round)
        ranges = units.ranges(threads.count)
        parts = (len(ranges), len(signals.stratum))
        counts = np.zeros((*parts, launch.counted, LANES), np.int64)
        totals = np.zeros((*parts, launch.totals, LANES), np.int64)
        threads.run(
            launch.kernel,
            ranges,
            launch.round,
            np.int32(step),
            *random.seed_words(seed),
            units.offsets,
            units.blocks,
            units.number,
            units.key,
            units.stratum,
            units.region,
            signals.parameters,
            signals.nation,
            signals.region,
            signals.stratum,
            signals.unit,
            signals.unit_rows,
            np.zeros((len(ranges), MARKED), np.uint8),
            *launch.columns(population.columns),
            *launch.marks(population.marks),
            *(table.reshape(-1) for table in launch.tables(signals.tables)),
            counts,
            totals,
        )
        return Tallies(*sums.join(counts, totals, launch.before), stage)

    def _launch(self, stage: Stage, round: int) -> "_Launch":
        """What a stage is called with in a round, the same in every step."""
        known = self._launches.get((stage.name, round))
        if known is None:
            before = len(stage.counts) if stage.changes else 0
            known = self._launches[stage.name, round] = _Launch(
                getattr(self.module, stage.name),
                round=np.int32(round),
                before=before,
                counted=before + len(stage.counted),
                totals=len(stage.totals),
                columns=_taking(self.columns[stage.name]),
                marks=_taking(stage_marks(self.program, stage, round)),
                tables=_taking(self.tables[stage.name]),
            )
        return known

    def empty_population(self, units: Units) -> Population:
        """Population of zeros over some units."""
        return Population.empty(self.program.layout, units)

    def place(self, signals: SignalTables) -> SignalTables:
        """Signals where the loops find them: where they are."""
        return signals

    def lowest(self, signals: SignalTables, name: str) -> float:
        """Least value of a signal of units."""
        return float(signals.unit[self.program.signals.unit.index(name)].min())

    def sums(self, units: Units, signals: SignalTables, name: str, weight: str) -> NDArray[np.float64]:
        """Sums by stratum of a signal of units times another, and of that other; shape (2, strata)."""
        value, share = (signals.unit[self.program.signals.unit.index(n)] for n in (name, weight))
        return np.asarray(sums.of_units(value, share, units.stratum, len(signals.stratum), FIXED))


@dataclass(frozen=True)
class _Launch:
    """A stage's kernel in a round, how much it tallies, and what takes its arrays out of a population and the signals.

    `counted` are the counts before the stage's work, `before` many, and those after it.
    """

    kernel: Callable[..., None]
    round: np.int32
    before: int
    counted: int
    totals: int
    columns: Arrays
    marks: Arrays
    tables: Arrays


def _taking(names: tuple[str, ...]) -> Arrays:
    """Take the values of some names out of a mapping, as a tuple."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        (name,) = names
        return lambda given: (given[name],)
    return lambda given: ()


def cache_folder() -> Path:
    """Folder of the generated modules (EXITVOICE_CACHE, else the user's cache folder)."""
    given = os.environ.get("EXITVOICE_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(given) if given else base / "exitvoice" / "kernels"


@cache
def write_module(program: Program) -> str:
    """Text of the generated module of a program; ScheduleError if none can be written."""
    return module_text(program, (PREAMBLE, TALLY_HELPERS), write_stage)


def module_text(program: Program, preamble: tuple[str, ...], write: Callable[[Program, Stage], str]) -> str:
    """Text of a module for any machine: what it begins with, and how the loop of a stage is written there."""
    check_program(program)
    rules = [rule for stage in program.stages for rule in _rules(stage)]
    helpers = (
        random.philox,
        *(random.uniform, random.upper_uniform, random.lower_uniform),
        *(random.upper_level, random.lower_level),
    )
    sources = helper_sources(helpers, (*program.traits, *rules))
    blocks = [f"@helper\n{text}" for text in sources.values()]
    kernels = [write(program, stage) for stage in program.stages]
    title = f'"""Generated from the rules of {program.name} by exitvoice; do not edit."""\n\n'
    return title + "\n\n\n".join([*preamble, *blocks, *kernels]) + "\n"


def compile_program(program: Program, folder: Path | None = None) -> CompiledProgram:
    """Write (once), import and return a program's module; its loops compile on first use.

    Raises
    ------
    OSError
        If the cache folder cannot be written.
    """
    module, path = load_module(program.name, write_module(program), folder)
    return CompiledProgram(
        program,
        module,
        path,
        columns={stage.name: stage_columns(program, stage) for stage in program.stages},
        tables={stage.name: lookup_tables(program, stage) for stage in program.stages},
    )


def load_module(name: str, text: str, folder: Path | None = None) -> tuple[ModuleType, Path]:
    """Write a generated module (once) under a name that no other text and no other version has, and import it."""
    tune()
    versions = f"{numba.__version__} {np.__version__} {sys.version_info[:2]}"
    digest = hashlib.sha256((text + versions).encode()).hexdigest()[:20]
    folder = folder or cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    full = f"{name}_{digest}"
    path = folder / f"{full}.py"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        # written aside and renamed, so that two processes never read half a module
        draft = folder / f".{full}.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
        return _import(full, path), path
    known = sys.modules.get(f"{_PACKAGE}.{full}")
    if known is not None and known.__file__ == str(path):
        # imported anew for every run, its loops would be read from the disk and kept, some 9 MB each time
        return known, path
    return _import(full, path), path


def _rules(stage: Stage) -> tuple[Rule, ...]:
    turn = (stage.turn,) if stage.turn else ()
    return (*stage.unit_rules, *turn, *stage.team_rules, *stage.rules, *stage.tally_rules)


_PACKAGE = "exitvoice_kernels"


def _import(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{_PACKAGE}.{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
