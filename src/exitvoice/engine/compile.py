"""Compiles a program: one readable module, named by a hash of all that went into it, cached on disk.

The name is a hash of the module's whole text (which holds the source of every rule) and of the
versions that compile it, so an edited rule is never answered from a stale cache.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import random, sums
from exitvoice.engine.columns import Population, Units
from exitvoice.engine.launch import Called, Launch, Series
from exitvoice.engine.loops import write_stage
from exitvoice.engine.program import Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import check_program
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.source import helper_sources
from exitvoice.engine.tallies import Running, Tallies
from exitvoice.engine.targets.cpu import PREAMBLE, Threads, tune
from exitvoice.engine.targets.crew import Ranges

FIXED = 2.0**28  # binary places of sums over units

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
class CompiledProgram:
    """A program with its generated module."""

    program: Program
    module: ModuleType
    path: Path
    _launches: dict[tuple[str, int], Launch] = field(default_factory=dict, repr=False, compare=False)
    _series: dict[tuple[tuple[str, int], ...], Series] = field(
        default_factory=dict, repr=False, compare=False
    )

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
        called, ranges = Called(stage, round, seed), population.units.ranges(threads.count)
        return self._launch(called, population, signals, ranges).run(step, threads)

    def lay(
        self,
        calls: tuple[tuple[str, int], ...],
        population: Population,
        signals: SignalTables,
        running: Running,
        *,
        seed: int,
        threads: Threads,
    ) -> Series:
        """Stages by their name, each in a round, laid down for a compiled function of the host that runs them."""
        ranges, known = population.units.ranges(threads.count), self._series.get(calls)
        if known is None or not known.serves(population, signals, running, seed=seed, ranges=ranges):
            every = [Called(self.program.stage(name), round_, seed) for name, round_ in calls]
            launches = [self._launch(called, population, signals, ranges) for called in every]
            known = self._series[calls] = Series(launches, running, ranges)
        return known

    def _launch(
        self, called: Called, population: Population, signals: SignalTables, ranges: Ranges
    ) -> Launch:
        name = called.stage.name
        launch = self._launches.get((name, called.round))
        if launch is None or not launch.serves(population, signals, called.seed, ranges):
            kernel = getattr(self.module, name)
            launch = Launch(kernel, self.program, called, population, signals, ranges)
            self._launches[name, called.round] = launch
        return launch

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
        return np.asarray(sums.of_units(value, share, units.stratum, units.runs, len(signals.stratum), FIXED))


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
    return CompiledProgram(program, module, path)


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
