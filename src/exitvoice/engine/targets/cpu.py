"""The CPU target: what differs from another machine in a generated module, and how it is launched."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import llvmlite.binding as llvmlite
import numba

from exitvoice.engine.targets.crew import SHARE_OUT, Crew, Held, Ranges
from exitvoice.engine.targets.intrinsics import INTRINSICS

# noalias: the arrays handed to a kernel never overlap. Numba has the flag but no option for it; without
# it a loop that reads a table at a computed place cannot be vectorised.
# Rules stand in the loop as text: a function that LLVM inlines has been through code generation once already,
# which turns its selects into branches that no loop vectorises. Small helpers have none to lose.
# error_model="numpy": a division by zero gives an infinity and no branch.
# _nrt=False: nobody counts who holds an array. A function that makes none has no need of it, and each count is an
# atomic addition, at every call of a helper: they took half of the time of Epstein's model.
HEAD = """\
import numpy as np
from llvmlite import ir
from numba import float32 as real
from numba import int32 as integer
from numba import njit, types
from numba import uint16 as u16
from numba import uint32 as u32
from numba import uint64 as u64
from numba.core import cgutils
from numba.extending import intrinsic
from numba.core.cpu import CPUTargetOptions
from numba.core.options import TargetOptions

CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")
helper = njit(forceinline=True, error_model="numpy")
kernel = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, noalias=True)
function = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, noalias=True, _nrt=False)


"""
EIGHT_LANES = '''\
@intrinsic
def fetch(typing_context, column, place):
    """Ask memory for the line that holds a place of a column."""
    def write(context, builder, signature, arguments):
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        source = context.make_array(signature.args[0])(context, builder, arguments[0])
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        to_read, keep, data = (ir.Constant(number, value) for value in (0, 3, 1))
        there = builder.bitcast(builder.gep(source.data, [arguments[1]]), byte)
        builder.call(function, [there, to_read, keep, data])
        return context.get_dummy_value()

    return types.none(column, types.uint64), write


@intrinsic
def gather_bits(typing_context, flags, flag, members):
    """One bit of each of 64 bytes, as a word of 64 bits; those beyond `members` are 0."""
    def write(context, builder, signature, arguments):
        lanes, word = ir.VectorType(ir.IntType(8), 64), ir.IntType(64)
        column = context.make_array(signature.args[0])(context, builder, arguments[0])
        loaded = builder.load(builder.bitcast(column.data, lanes.as_pointer()), align=1)
        one = builder.trunc(arguments[1], ir.IntType(8))
        one = builder.insert_element(ir.Constant(lanes, ir.Undefined), one, ir.Constant(ir.IntType(32), 0))
        bit = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))
        is_set = builder.icmp_unsigned("!=", builder.and_(loaded, bit), ir.Constant(lanes, [0] * 64))
        surplus = builder.sub(ir.Constant(word, 64), arguments[2])
        kept = builder.lshr(ir.Constant(word, 0xFFFFFFFFFFFFFFFF), surplus)
        return builder.and_(builder.bitcast(is_set, word), kept)

    return types.uint64(flags, types.uint32, types.uint64), write


'''
ROOT = """\
@helper
def square_root(value):
    return np.sqrt(real(value))
"""
PREAMBLE = HEAD + SHARE_OUT + INTRINSICS + EIGHT_LANES + ROOT


@cache
def tune() -> None:
    """Tell LLVM how to vectorise, once a process and before the first kernel is compiled.

    It prefers half of the widest registers on machines that have 512 bits, and it works on four vectors at
    once in a loop that counts, which leaves nothing for units of fewer than 64 members. Neither changes a bit.
    """
    features = llvmlite.get_host_cpu_features()
    settings: Any = numba.config
    if features.get("avx512f") and not settings.CPU_FEATURES:
        settings.CPU_FEATURES = f"{features.flatten()},-prefer-256-bit"
    llvmlite.set_option("exitvoice", "-force-vector-interleave=1")


def default_threads() -> int:
    """Number of processors this process may use."""
    return len(os.sched_getaffinity(0))


class Threads:
    """Runs a kernel over ranges of units, one range a thread.

    Kernels release the interpreter's lock, so plain threads suffice and none of Numba's threading
    layers (one of which kills the process when entered twice) is ever started.

    Parameters
    ----------
    count : int
        Threads, the caller's among them. The others start with the first call that has work for them.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._crew: Crew | None = None
        self._is_closed = False
        self._one_call = Lock()

    def run(self, kernel: Callable[..., Any], ranges: Ranges, *arguments: Any) -> None:
        """Call ``kernel(crew, first, last, place, *arguments)`` for each range and wait for all.

        Raises
        ------
        RuntimeError
            If there is work for several threads after `close`.
        Exception
            What the kernel raised, on whichever range.
        """
        with self.lent(ranges) as crew:
            if crew:  # each of its threads calls the kernel again, on its own range
                kernel(crew, 0, 0, 0, *arguments)
                return
            for place, (first, last) in enumerate(ranges):
                kernel(0, first, last, place, *arguments)

    def run_held(self, held: Held, ranges: Ranges) -> None:
        """The same with a kernel that holds its arguments.

        Raises
        ------
        RuntimeError
            If there is work for several threads after `close`, or the kernel fails.
        """
        with self.lent(ranges) as crew:
            held.call(crew, ranges)

    @contextmanager
    def lent(self, ranges: Ranges) -> Iterator[int]:
        """Address of the crew, with ranges set, for whoever shares out work; 0 if the caller works alone."""
        if self.count == 1 or len(ranges) == 1:
            yield 0
            return
        with self._one_call:
            yield self._threads().ready(ranges)

    def _threads(self) -> Crew:
        if self._is_closed:
            raise RuntimeError("these threads were closed")
        if self._crew is None:
            # where threads outnumber processors, one that looks for work keeps another from its own
            self._crew = Crew(self.count, patient=self.count <= default_threads())
        return self._crew

    def close(self) -> None:
        """End the threads."""
        with self._one_call:
            self._is_closed = True
            if self._crew is not None:
                self._crew.dismiss()
