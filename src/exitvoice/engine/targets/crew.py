"""Threads that wait for work outside the interpreter.

A thread of Python that is handed work must be woken, and must then wait for the interpreter's lock; on a virtual
machine that takes 50 to 100 microseconds, as long as a stage of 100,000 persons. A crew's threads run one compiled
function from beginning to end, which never asks for that lock. Having worked they look at a word of memory for a while,
so that the next call of the same step finds them awake; then they block, and an idle process burns nothing.
"""

import ctypes
import weakref
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import numpy as np

from exitvoice.engine.targets import waiting

Ranges = Sequence[tuple[int, int]]  # first unit of each thread, and the one after its last

_new_lock = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThread_allocate_lock", ctypes.pythonapi))
_take_lock = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(
    ("PyThread_acquire_lock", ctypes.pythonapi)
)
_kernel = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, *[ctypes.c_int64] * 3, ctypes.c_void_p)
_free_lock = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyThread_free_lock", ctypes.pythonapi))

SHARE_OUT = '''\
@intrinsic
def share_out(typing_context, crew):
    """Whether a crew was given: then each of its threads has called this very kernel, on a range of its own.

    The kernel's other arguments are laid into one structure, which a function beside it takes apart for each call. Who
    holds an array is left out of it, so that it may be kept for later calls: the caller sees to it that they last.
    """
    def write(context, builder, signature, arguments):
        kernel, byte = builder.function, ir.IntType(8).as_pointer()
        word, code = ir.IntType(64), ir.IntType(32)
        result, failure, *own = kernel.args  # crew, first, last, place and what else it was called with
        if [value.type for value in own[:4]] != [word] * 4:
            raise TypeError("crew, first, last and place are whole numbers of 64 bits")
        kept = ir.LiteralStructType([value.type for value in own[4:]])

        def field(where, pointer, place):
            return where.gep(pointer, [ir.Constant(code, 0), ir.Constant(code, place)])

        # an array comes as its holder, its parent (both of bytes), two numbers, and where it lies
        kinds, begin = [value.type for value in own], [byte, byte, word, word]
        begins = [kinds[place : place + 4] == begin for place in range(len(own))]
        is_holder = [begins[place] or begins[place - 1] for place in range(len(own))]

        kind = ir.FunctionType(code, [byte, word, word, word, byte])
        again = ir.Function(builder.module, kind, f"{kernel.name}.again")
        again.linkage = "internal"
        there = ir.IRBuilder(again.append_basic_block())
        source = there.bitcast(again.args[0], kept.as_pointer())
        others = [there.load(field(there, source, place)) for place in range(len(own) - 4)]
        nothing = there.alloca(result.type.pointee)
        told = there.bitcast(again.args[4], failure.type)
        call = [nothing, told, ir.Constant(word, 0), *again.args[1:4], *others]
        there.ret(there.call(kernel, call, attrs=("noinline",)))

        given = builder.icmp_unsigned("!=", arguments[0], ir.Constant(word, 0))
        packed = cgutils.alloca_once(builder, kept)
        with builder.if_then(given, likely=False):
            for place, value in enumerate(own[4:]):
                kept_value = ir.Constant(byte, None) if is_holder[place + 4] else value
                builder.store(kept_value, field(builder, packed, place))
            kind = ir.FunctionType(word, [word] * 5).as_pointer()
            hand_out = builder.load(builder.inttoptr(arguments[0], kind.as_pointer()))
            size = builder.gep(ir.Constant(kept.as_pointer(), None), [ir.Constant(code, 1)])
            parts = [builder.ptrtoint(value, word) for value in (again, packed, failure, size)]
            told = builder.trunc(builder.call(hand_out, [arguments[0], *parts]), code)
            with builder.if_then(builder.icmp_unsigned("!=", told, ir.Constant(code, 0)), likely=False):
                builder.ret(told)
        return given

    return types.boolean(types.int64), write


'''


class _Memory:
    """What a crew shares, by places in bytes; goes when the last thread that may look at it has gone."""

    def __init__(self, count: int) -> None:
        room = np.zeros(count * waiting.ROW + waiting.LINE, np.uint8)
        start = -room.ctypes.data % waiting.LINE
        self._words = room[start : start + count * waiting.ROW].view(np.int64).reshape(count, -1)
        self.count, self.address = count, int(self._words.ctypes.data)
        locks = [_taken_lock() for _ in range(2 * count)]
        weakref.finalize(self, _free, locks).atexit = False
        self.put(waiting.LOCK, locks[:count])
        self.put(waiting.DONE + waiting.LOCK, locks[count:])

    def put(self, place: int, values: Sequence[int]) -> None:
        """Set a word in as many rows, from the caller's on."""
        self._words[: len(values), place // 8] = values


def _taken_lock() -> int:
    lock = _new_lock()
    if lock is None:
        raise MemoryError("no room for a lock between threads")
    _take_lock(lock, 1)
    return int(lock)


def _free(locks: list[int]) -> None:
    for lock in locks:
        _free_lock(lock)


class Held:
    """A kernel with its arguments, taken apart once to be called many times: a call takes a microsecond and not twenty.

    Parameters
    ----------
    kernel : callable
        Compiled, beginning with `share_out`.
    arguments : sequence
        All after crew, first, last and place. Arrays are read and written where they lie: the caller keeps them. Those
        that come before the first array, of 32 bits each, may be altered from call to call.
    """

    def __init__(self, kernel: Callable[..., Any], *arguments: Any) -> None:
        _, _, hand_out, hold = waiting.compiled()
        room = np.zeros((waiting.HELD + waiting.MOST_HELD) // 8, np.int64)
        room[waiting.HAND_OUT // 8] = hold.address
        self._module = kernel  # its code lasts as long
        self._first = room[waiting.HELD // 8 :].view(np.int32)
        self.address = int(room.ctypes.data)
        kernel(self.address, 0, 0, 0, *arguments)
        self.kernel, self.arguments = int(room[waiting.KERNEL // 8]), self.address + waiting.HELD
        self.failure = self.address + waiting.ARGUMENTS
        if not self.kernel:
            raise ValueError("a kernel has too many arguments to be held")
        self._call, self._hand_out = _kernel(self.kernel), hand_out.ctypes

    def alter(self, place: int, value: int) -> None:
        """Alter an argument of 32 bits before the first array."""
        self._first[place] = value

    def call(self, crew: int, ranges: Ranges) -> None:
        """Call it on each range, with a crew or (0) alone; `engine.proceed` is the same from compiled code."""
        code = 0
        if crew:
            code = self._hand_out(crew, self.kernel, self.arguments, self.failure, 0)
        else:
            for place, (first, last) in enumerate(ranges):
                code |= self._call(self.arguments, first, last, place, self.failure)
        if code:
            raise RuntimeError(f"a kernel that was held stopped with code {code}")


class Crew:
    """Threads beside the caller's that call compiled kernels, each on a range of its own.

    Parameters
    ----------
    count : int
        Threads with the caller's, at least 2.
    patient : bool
        Whether a thread looks for work for a while before it blocks.

    Attributes
    ----------
    dismiss : callable
        Ends the threads; done at the latest at the end of the process, as none may come back to an interpreter
        that is gone.
    """

    def __init__(self, count: int, *, patient: bool) -> None:
        tell, serve, hand_out, _ = waiting.compiled()
        self._memory = memory = _Memory(count)
        memory.put(waiting.HAND_OUT, [hand_out.address])
        memory.put(waiting.PATIENCE, [waiting.MOST_PATIENCE if patient else 0])
        self._ranges: list[tuple[int, int]] = []
        threads: list[Thread] = []
        self.dismiss = weakref.finalize(self, _dismiss, tell.ctypes, memory, threads)
        for place in range(1, count):
            thread = Thread(target=_live, args=(serve.ctypes, memory, place), daemon=True)
            thread.start()
            threads.append(thread)

    def ready(self, ranges: Ranges) -> int:
        """Address of what the threads share, with the range of each set; for one caller at a time.

        A kernel that is called with it has every thread call it again, on its own range.
        """
        if ranges == self._ranges:  # from step to step they are the same
            return self._memory.address
        if len(ranges) > self._memory.count:
            raise ValueError(f"{len(ranges)} ranges for {self._memory.count} threads")
        self._ranges = []  # until all of it is written
        self._memory.put(waiting.PARTS, [len(ranges)])
        self._memory.put(waiting.FIRST, [first for first, _ in ranges])
        self._memory.put(waiting.LAST, [last for _, last in ranges])
        self._ranges = list(ranges)
        return self._memory.address


def _live(serve: Callable[[int, int], None], memory: _Memory, place: int) -> None:
    serve(memory.address, place)


def _dismiss(tell: Callable[[int, int], None], memory: _Memory, threads: list[Thread]) -> None:
    for place in range(1, memory.count):
        tell(memory.address + place * waiting.ROW, waiting.DISMISSED)
    for thread in threads:
        thread.join()
