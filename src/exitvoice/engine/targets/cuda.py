"""The CUDA target: the same rules in kernels for an NVIDIA device, and state that stays in its memory.

Columns, marks and the signals of units lie on the device from the first stage to the last. Up go, each stage, the
signals of the nation, regions and strata; down come its tallies. Products and sums are rounded one by one, as on
the processor (no fusing but where a rule's polynomial asks for it), so that both give the same bits.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.compile import SignalTables, Tallies, load_module, module_text
from exitvoice.engine.loops import lookup_tables, stage_columns, stage_marks
from exitvoice.engine.loops.device import stage_constants, write_device_stage
from exitvoice.engine.program import LANES, Program, Stage
from exitvoice.engine.schedule import outside_names
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.intrinsics import INTRINSICS
from exitvoice.errors import ExitvoiceError

HEAD = """\
import math
import numpy as np
from numba import cuda, types
from numba import float32 as real
from numba import int32 as integer
from numba import uint16 as u16
from numba import uint32 as u32
from numba import uint64 as u64
from numba.cuda.extending import intrinsic

helper = cuda.jit(device=True, forceinline=True)
kernel = cuda.jit(cache=True)


"""
ROOT = """\
@helper
def square_root(value):
    return math.sqrt(real(value))


"""
# In the simulator kernels are plain Python, and their primitives are the oracle's.
SIMULATED = """\
import numpy as np
from numba import cuda
from exitvoice.engine.primitives import bits_of, bits_set, from_bits, fused, has_bit, integer, lowest_bit
from exitvoice.engine.primitives import level_share, real, share_level, square_root, u32, u64

kernel = cuda.jit


def helper(function):
    return function


def u16(value):
    return int(value) & 0xFFFF


def choose(condition, yes, no):
    return yes if condition else no


"""
SPILL = '''\
@helper
def spill(tallied, place, word, sign):
    """Add four counts of 8 bits to what a block has counted, or take them off."""
    for lane in range(4):
        found = (word >> u32(8 * lane)) & u32(255)
        if found != u32(0):
            cuda.atomic.add(tallied, place + lane, u64(u64(found) * sign))
'''


class DeviceError(ExitvoiceError):
    """There is no device, or what drives it is not installed."""


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
        tallies = _cuda().to_device(np.zeros((strata, max(wide, 1)), np.uint64))
        span = self.shape.span(units.count)
        launch = getattr(self.module, stage.name)[-(-units.count // span), self.shape.lanes]
        with _quiet():
            launch(
                np.int32(span),
                np.int32(round),
                np.int32(step),
                np.uint32(seed & 0xFFFFFFFF),
                np.uint32((seed >> 32) & 0xFFFFFFFF),
                self._constants(stage, signals),
                *self._units(units),
                _cuda().to_device(_filled(signals.region)),
                _cuda().to_device(_filled(signals.stratum)),
                signals.unit,
                signals.unit_rows,
                *(population.columns[name] for name in stage_columns(self.program, stage)),
                *(population.marks[name] for name in stage_marks(self.program, stage, round)),
                *(self._steady(name, signals.tables[name]) for name in lookup_tables(self.program, stage)),
                tallies,
            )
        found = tallies.copy_to_host()[:, :wide].astype(np.int64).reshape(strata, wide // LANES, LANES)
        counted = len(stage.counted)
        return Tallies(found[:, :counted], found[:, counted:], stage)

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
            self._kept[name] = (array, _cuda().to_device(flat))
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


@cache
def write_cuda_module(program: Program, *, simulated: bool | None = None) -> str:
    """Text of the module for the device, or for the simulator where that is on."""
    simulated = is_simulated() if simulated is None else simulated
    preamble = SIMULATED if simulated else HEAD + INTRINSICS + ROOT
    return module_text(program, (preamble + SPILL,), write_device_stage)


def to_host(population: Population) -> Population:
    """Copy of a population in the host's memory."""
    columns = {name: np.asarray(column) for name, column in population.columns.items()}
    marks = {name: np.asarray(words) for name, words in population.marks.items()}
    return Population(population.layout, population.units, columns, marks)


def to_device(population: Population) -> Population:
    """Copy of a population in the device's memory."""
    columns = {name: _cuda().to_device(column) for name, column in population.columns.items()}
    marks = {name: _cuda().to_device(words) for name, words in population.marks.items()}
    return Population(population.layout, population.units, columns, marks)


def is_simulated() -> bool:
    """Whether kernels are run by numba-cuda's simulator (NUMBA_ENABLE_CUDASIM=1)."""
    settings: Any = numba.config
    return bool(settings.ENABLE_CUDASIM)


def require_device() -> None:
    """Raise DeviceError, which says how to mend it, if there is nothing to run on."""
    if find_spec("numba_cuda") is None:
        raise DeviceError(
            "device cuda: numba-cuda is not installed\n"
            "    why:  it compiles the model's loops for an NVIDIA device\n"
            "    mend: pip install 'exitvoice[cuda]', or take the processor (device cpu)"
        )
    if not _has_device():
        raise DeviceError(
            "device cuda: no NVIDIA device is found\n"
            "    why:  numba-cuda finds no driver with a device, or no CUDA toolkit (see nvidia-smi)\n"
            "    mend: run on a machine with a device and its driver, or take the processor (device cpu)"
        )


def _has_device() -> bool:
    return bool(_cuda().is_available())


def device_name() -> str:
    """Name of the device, as its maker gives it."""
    name = "CUDA simulator" if is_simulated() else _cuda().get_current_device().name
    return name.decode() if isinstance(name, bytes) else str(name)


@cache
def tune() -> None:
    """Forbid the device's compiler to fuse products and sums unasked, once a process; no word about small worlds."""
    settings: Any = numba.config
    settings.CUDA_LOW_OCCUPANCY_WARNINGS = 0
    if is_simulated():
        return
    nvvm: Any = import_module("numba.cuda.cudadrv.nvvm")
    compile_ir = nvvm.compile_ir

    def compile_exactly(*codes: Any, **options: Any) -> Any:
        return compile_ir(*codes, **{**options, "fma": False})

    nvvm.compile_ir = compile_exactly


# imported late: it takes a while, and only those who ask for a device need it
def _cuda() -> Any:
    return import_module("numba.cuda")


def _units_on_device() -> Any:
    return import_module("exitvoice.engine.targets.cuda_units")


def _zeros(size: int, kind: str) -> Any:
    array = _cuda().device_array(size, np.dtype(kind))
    array[:] = np.zeros(1, kind)
    return array


def _filled(table: NDArray[Any]) -> NDArray[Any]:
    """A table, or one zero where it is empty: a device holds no empty arrays."""
    return np.ascontiguousarray(table) if table.size else np.zeros((1, 1), table.dtype)


def _by_signal(table: NDArray[Any]) -> Any:
    return _cuda().to_device(_filled(table))


def _quiet() -> Any:
    """The simulator's threads warn of what a device passes over in silence (a division by zero)."""
    return _ignoring() if is_simulated() else nullcontext()


@contextmanager
def _ignoring() -> Iterator[None]:
    # it also waits for its threads in a loop that keeps the interpreter to itself, for as long as it may
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    finally:
        sys.setswitchinterval(interval)
