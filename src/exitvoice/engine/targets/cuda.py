"""The CUDA target: the same rules in kernels for an NVIDIA device, and state that stays in its memory.

Columns, marks and the signals of units lie on the device from the first stage to the last. Up go, each stage, the
signals of the nation, regions and strata; down come its tallies. Products and sums are rounded one by one, as on
the processor (no fusing but where a rule's polynomial asks for it), so that both give the same bits.
"""

from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.compile import load_module
from exitvoice.engine.loops import lookup_tables, stage_columns, stage_marks
from exitvoice.engine.loops.device import stage_constants
from exitvoice.engine.program import LANES, Program, Stage
from exitvoice.engine.random import seed_words
from exitvoice.engine.schedule import outside_names
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.cuda_driver import is_simulated, numba_cuda, quiet, require_device, tune
from exitvoice.engine.targets.cuda_module import write_cuda_module


@dataclass(frozen=True)
class Shape:
    """How units are laid out over a device; it changes the speed and nothing else.

    Attributes
    ----------
    lanes : int
        Threads that share a unit's members: a warp, which needs no waiting for others.
    blocks : int
        Blocks to aim at; more than run at once, so that none is long waited for.
    units : int
        Most units a block takes in turn: the more, the rarer its counts are added to those of all.
    """

    lanes: int = 32
    blocks: int = 1 << 15
    units: int = 64

    def span(self, units: int) -> int:
        """Units a block."""
        return max(1, min(self.units, -(-units // self.blocks)))


@dataclass
class CudaProgram:
    """A program compiled for a device; see `engine.targets.protocol.Loops`."""

    program: Program
    module: ModuleType
    path: Path
    shape: Shape
    _kept: dict[str, tuple[NDArray[Any], Any]] = field(default_factory=dict)

    def empty_population(self, units: Units) -> Population:
        """Population of zeros on the device."""
        layout = self.program.layout
        columns = {c.name: _zeros(units.members, c.dtype) for c in layout.columns}
        marks = {name: _zeros(int(units.blocks[-1]), "uint64") for name in layout.marks}
        return Population(layout, units, columns, marks)

    def place(self, signals: SignalTables) -> SignalTables:
        """Signals of units in the device's memory, one signal after another."""
        return replace(signals, unit=_by_signal(signals.unit), unit_rows=_by_signal(signals.unit_rows))

    def run_stage(
        self,
        stage: Stage,
        population: Population,
        signals: SignalTables,
        *,
        seed: int,
        step: int,
        round: int = 0,
        threads: Threads | None = None,
    ) -> Tallies:
        """Run one round of a stage; the host's threads have nothing to do."""
        units, strata = population.units, len(signals.stratum)
        if units.count == 0:
            raise ValueError("a device has no work without units")
        wide = LANES * (len(stage.counted) + len(stage.totals))
        tallies = numba_cuda().to_device(np.zeros((strata, max(wide, 1)), np.uint64))
        span = self.shape.span(units.count)
        launch = getattr(self.module, stage.name)[-(-units.count // span), self.shape.lanes]
        with quiet():
            launch(
                np.int32(span),
                np.int32(round),
                np.int32(step),
                *seed_words(seed),
                self._constants(stage, signals),
                *self._units(units),
                numba_cuda().to_device(_filled(signals.region)),
                numba_cuda().to_device(_filled(signals.stratum)),
                signals.unit,
                signals.unit_rows,
                *(population.columns[name] for name in stage_columns(self.program, stage)),
                *(population.marks[name] for name in stage_marks(self.program, stage, round)),
                *(self._steady(name, signals.tables[name]) for name in lookup_tables(self.program, stage)),
                tallies,
            )
        found = tallies.copy_to_host()[:, :wide].astype(np.int64).reshape(strata, wide // LANES, LANES)
        counted = len(stage.counted)
        counts, totals = found[:, :counted], found[:, counted:]
        return Tallies(np.ascontiguousarray(counts), np.ascontiguousarray(totals), stage)

    def lay(self, *_: Any, **__: Any) -> None:
        """Nothing: on a device there is no host's function to run them."""

    def lowest(self, signals: SignalTables, name: str) -> float:
        """Least value of a signal of units, found on the device."""
        return float(_units_on_device().lowest(self._signal(signals, name), lanes=self.shape.lanes))

    def sums(self, units: Units, signals: SignalTables, name: str, weight: str) -> NDArray[np.float64]:
        """Sums by stratum of a signal of units times another, and of that other, found on the device."""
        pair = (self._signal(signals, name), self._signal(signals, weight))
        strata = self._steady("strata", units.stratum)
        found = _units_on_device().sums(*pair, strata, len(signals.stratum), lanes=self.shape.lanes)
        return np.asarray(found, np.float64)

    def _signal(self, signals: SignalTables, name: str) -> Any:
        return signals.unit[self.program.signals.unit.index(name)]

    def _constants(self, stage: Stage, signals: SignalTables) -> tuple[np.float32, ...]:
        """As arguments of a kernel they lie in the device's memory for constants, and take no registers."""
        outside = outside_names(self.program)
        places = (outside[name] for name in stage_constants(self.program, stage))
        values = tuple(np.float32(getattr(signals, kind)[place]) for kind, place in places)
        return values or (np.float32(0.0),)

    def _units(self, units: Units) -> tuple[Any, ...]:
        named: dict[str, NDArray[Any]] = {
            "offsets": units.offsets,
            "blocks": units.blocks,
            "numbers": units.number,
            "keys": units.key,
            "strata": units.stratum,
            "regions": units.region,
        }
        return tuple(self._steady(name, array) for name, array in named.items())

    def _steady(self, name: str, array: NDArray[Any]) -> Any:
        """Copy on the device of an array that is replaced, never altered; made once for each."""
        if name not in self._kept or self._kept[name][0] is not array:
            flat = np.ascontiguousarray(array).reshape(-1)
            self._kept[name] = (array, numba_cuda().to_device(flat))
        return self._kept[name][1]


def compile_cuda(program: Program, folder: Path | None = None, *, shape: Shape | None = None) -> CudaProgram:
    """Write (once), import and return a program's module for the device; kernels compile on first use.

    Raises
    ------
    DeviceError
        If there is no device, or numba-cuda is not installed.
    OSError
        If the cache folder cannot be written.
    """
    require_device()
    tune()
    module, path = load_module(f"{program.name}_cuda", write_cuda_module(program), folder)
    # the simulator makes a thread of Python for each lane
    usual = Shape(lanes=4, blocks=4, units=1 << 20) if is_simulated() else Shape()
    return CudaProgram(program, module, path, shape or usual)


def to_host(population: Population) -> Population:
    """Copy of a population in the host's memory."""
    columns = {name: np.asarray(column) for name, column in population.columns.items()}
    marks = {name: np.asarray(words) for name, words in population.marks.items()}
    return Population(population.layout, population.units, columns, marks)


def to_device(population: Population) -> Population:
    """Copy of a population in the device's memory."""
    columns = {name: numba_cuda().to_device(column) for name, column in population.columns.items()}
    marks = {name: numba_cuda().to_device(words) for name, words in population.marks.items()}
    return Population(population.layout, population.units, columns, marks)


def _units_on_device() -> Any:
    return import_module("exitvoice.engine.targets.cuda_units")


def _zeros(size: int, kind: str) -> Any:
    array = numba_cuda().device_array(size, np.dtype(kind))
    array[:] = np.zeros(1, kind)
    return array


def _filled(table: NDArray[Any]) -> NDArray[Any]:
    """A table, or one zero where it is empty: a device holds no empty arrays."""
    return np.ascontiguousarray(table) if table.size else np.zeros((1, 1), table.dtype)


def _by_signal(table: NDArray[Any]) -> Any:
    return numba_cuda().to_device(_filled(table))
