"""What the threads of a crew run: compiled functions that tell one another, and wait, without the interpreter.

A *box* is a word that one thread waits for and another sets. Whoever is about to block says so in the box; whoever
exchanges that flag for 0 decides: the one who sets the word then releases the lock, the one who waits need not block.

All of it stands in this one file, as Numba asks only the file of a function whether what it kept is still true.
"""

from collections.abc import Callable
from functools import cache
from time import CLOCK_MONOTONIC
from typing import Any

import llvmlite.binding as llvmlite
from llvmlite import ir
from numba import cfunc, njit, types
from numba.extending import intrinsic

MOST_PATIENCE = 1_000_000
"""Nanoseconds that a thread looks at its box before it blocks: more than a step takes outside the loops (measured)."""
TAKEN_OFF = 500_000
"""Nanoseconds between two looks at the clock that show that something else has had this thread's processor."""
SHORTEST_REST, LONGEST_REST = 20_000_000, 5_120_000_000
"""Nanoseconds for which nobody looks but all block once that has been seen (assumed: ten steps of a small world, and
some thousands). Who looks uses up his time on the processor, and must then let others have theirs before he works."""
DISMISSED = -1
LOOKS = 64  # at a word before the clock is asked, which takes as long as several of them

# Places in a crew's memory, in bytes: a row for each thread, and what all share in that of the caller, who has no box
# to wait at for work. What different threads write is on lines of its own (two, as processors fetch them in pairs).
LINE = 128
ROW = 3 * LINE
WORD, ASLEEP, LOCK, CLOCK = 0, 8, 16, 24  # of a box
DONE, RANGE = LINE, 2 * LINE  # of a row, after the box for its work
FIRST, LAST, TAKEN, CODE, FAILURE = (RANGE + 8 * place for place in range(5))
HAND_OUT, PARTS, PATIENCE, KERNEL, ARGUMENTS, JOB, QUIET, RESTED = range(0, 64, 8)  # of the caller's row
HELD = 2 * LINE  # of what is held for later calls: where its arguments begin
MOST_HELD = 1 << 14  # bytes of them

external: Callable[..., Callable[..., int]] = types.ExternalFunction
_acquire = external("PyThread_acquire_lock", types.int32(types.int64, types.int32))
_release = external("PyThread_release_lock", types.void(types.int64))
_clock = external("clock_gettime", types.int32(types.int32, types.int64))
_yield = external("sched_yield", types.int32())
primitive: Callable[[Any], Callable[..., int]] = intrinsic
helper: Callable[[Any], Callable[..., int]] = njit


@primitive
def look(typing_context, address):  # type: ignore[no-untyped-def]
    """Word at an address, as another thread has left it."""

    def write(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        word = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(word, "seq_cst", 8)

    return types.int64(types.int64), write


@primitive
def put(typing_context, address, value):  # type: ignore[no-untyped-def]
    """Set the word at an address, after all that was set before."""

    def write(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        word = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.store_atomic(arguments[1], word, "seq_cst", 8)
        return context.get_dummy_value()

    return types.none(types.int64, types.int64), write


@primitive
def exchange(typing_context, address, value):  # type: ignore[no-untyped-def]
    """Set the word at an address and return what was there, in one."""

    def write(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        word = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("xchg", word, arguments[1], "seq_cst")

    return types.int64(types.int64, types.int64), write


@primitive
def pause(typing_context):  # type: ignore[no-untyped-def]
    """Tell the processor that this is a loop that waits, where it has a word for that."""

    def write(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        hint, triple = ir.IntType(32), llvmlite.get_process_triple()
        if triple.startswith("x86"):
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(builder.module.declare_intrinsic("llvm.x86.sse2.pause", (), kind), [])
        elif triple.startswith(("aarch64", "arm64")):
            kind = ir.FunctionType(ir.VoidType(), [hint])
            yielding = builder.module.declare_intrinsic("llvm.aarch64.hint", (), kind)
            builder.call(yielding, [ir.Constant(hint, 1)])
        return context.get_dummy_value()

    return types.none(), write


@primitive
def work(typing_context, kernel, arguments, first, last, place, failure):  # type: ignore[no-untyped-def]
    """Call a kernel on a range, with what `share_out` packed; returns its code."""

    def write(context, builder, signature, given):  # type: ignore[no-untyped-def]
        word, byte = ir.IntType(64), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.IntType(32), [byte, word, word, word, byte])
        function = builder.inttoptr(given[0], kind.as_pointer())
        packed, failed = (builder.inttoptr(given[n], byte) for n in (1, 5))
        return builder.sext(builder.call(function, [packed, *given[2:5], failed]), word)

    word = types.int64
    return word(word, word, word, word, word, word), write


@primitive
def put_half(typing_context, address, value):  # type: ignore[no-untyped-def]
    """Set the 32 bits at an address."""

    def write(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        half = ir.IntType(32)
        builder.store(builder.trunc(arguments[1], half), builder.inttoptr(arguments[0], half.as_pointer()))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64), write


@primitive
def share_with(typing_context, crew, kernel, arguments, failure):  # type: ignore[no-untyped-def]
    """Call what a crew has for `hand_out`; returns its code."""

    def write(context, builder, signature, given):  # type: ignore[no-untyped-def]
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word] * 5).as_pointer()
        function = builder.load(builder.inttoptr(given[0], kind.as_pointer()))
        return builder.call(function, [*given, ir.Constant(word, 0)])

    word = types.int64
    return word(word, word, word, word), write


@helper
def tell(box: int, value: int) -> None:
    """Set the word of a box and wake whoever blocks there."""
    put(box + WORD, value)
    if exchange(box + ASLEEP, 0):
        _release(look(box + LOCK))


@helper
def now(box: int) -> int:
    """Nanoseconds of a clock that never goes back."""
    _clock(CLOCK_MONOTONIC, box + CLOCK)
    return look(box + CLOCK) * 1_000_000_000 + look(box + CLOCK + 8)


@helper
def wait(box: int, known: int, crew: int) -> int:
    """Word of a box, once it is no longer the one `known`."""
    time = now(box)
    until = time + look(crew + PATIENCE)
    while look(crew + QUIET) < time < until:
        for _ in range(LOOKS):
            word = look(box + WORD)
            if word != known:
                return word
            pause()
        _yield()
        before, time = time, now(box)
        if time - before > TAKEN_OFF:
            rest(crew, time)
    put(box + ASLEEP, 1)
    if look(box + WORD) == known or not exchange(box + ASLEEP, 0):
        _acquire(look(box + LOCK), 1)
    return look(box + WORD)


@helper
def rest(crew: int, time: int) -> None:
    """Let nobody look for a while, twice as long as the last time if that is not long ago."""
    last = look(crew + RESTED)
    is_again = time < look(crew + QUIET) + last
    span = min(2 * last, LONGEST_REST) if is_again else SHORTEST_REST
    put(crew + RESTED, span)
    put(crew + QUIET, time + span)


@helper
def take(crew: int, place: int) -> None:
    """Do a thread's part of what is handed out, unless somebody else has begun it."""
    row = crew + place * ROW
    if exchange(row + TAKEN, 1):
        return
    kernel, arguments = look(crew + KERNEL), look(crew + ARGUMENTS)
    put(row + CODE, work(kernel, arguments, look(row + FIRST), look(row + LAST), place, row + FAILURE))
    tell(row + DONE, 1)


def serve(crew: int, place: int) -> None:
    """Work on whatever is handed out, until dismissed."""
    row, job = crew + place * ROW, 0
    while True:
        job = wait(row, job, crew)
        if job == DISMISSED:
            return
        take(crew, place)


def hand_out(crew: int, kernel: int, arguments: int, failure: int, size: int) -> int:
    """Have each thread call a kernel on its range, and wait for all; returns the first code that is not of success.

    Having done its own part the caller's thread does those that nobody has begun: their threads are still waking up, or
    have no processor. A thread that comes too late finds its part taken, or begins that of the next call.
    """
    parts, job, code = look(crew + PARTS), look(crew + JOB) + 1, 0
    put(crew + JOB, job)
    put(crew + KERNEL, kernel)
    put(crew + ARGUMENTS, arguments)
    for place in range(parts):
        row = crew + place * ROW
        put(row + DONE, 0)
        put(row + TAKEN, 0)
        if place:
            tell(row, job)
    for place in range(parts):
        take(crew, place)
    for place in range(parts):
        row = crew + place * ROW
        wait(row + DONE, 0, crew)
        if not code and look(row + CODE):
            code = look(row + CODE)
            put(failure, look(row + FAILURE))
    return code


def hold(place: int, kernel: int, arguments: int, failure: int, size: int) -> int:
    """In the place of `hand_out`: call nobody, but keep what was to be handed out, if there is room for it."""
    if size <= MOST_HELD:
        put(place + KERNEL, kernel)
        for word in range(0, size, 8):
            put(place + HELD + word, look(arguments + word))
    return 0


def _tell(box: int, value: int) -> None:
    tell(box, value)


@cache
def compiled() -> tuple[Any, Any, Any, Any]:
    """`tell`, `serve`, `hand_out` and `hold` as functions of C, compiled once a machine."""
    word = types.int64
    shared = word(word, word, word, word, word)
    return (
        cfunc(types.void(word, word), cache=True)(_tell),
        cfunc(types.void(word, word), cache=True)(serve),
        cfunc(shared, cache=True)(hand_out),
        cfunc(shared, cache=True)(hold),
    )
