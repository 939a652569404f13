"""Threads that share a kernel: each range is worked on once, nothing is lost, and who has no work burns no time."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from exitvoice.engine.compile import load_module
from exitvoice.engine.targets.cpu import PREAMBLE, Threads, default_threads
from exitvoice.engine.targets.crew import Crew, Held

MEMBERS = 60
LOOP = """\
@kernel
def count_up(crew, first, last, place, turns, fails_at, held, worked):
    if share_out(crew):
        return
    for n in range(first, last):
        if n == fails_at:
            raise ValueError("here")
        value = held[n]
        for _ in range(turns):
            value = value * u64(6364136223846793005) + u64(n)
        held[n] = value
    worked[place] += last - first
"""
FIELD = 1 << 30  # no member has that number


def kernel() -> Callable[..., None]:
    loaded: Callable[..., None] = load_module("count_up", PREAMBLE + LOOP)[0].count_up
    return loaded


def ranges_of(parts: int) -> list[tuple[int, int]]:
    edges = np.linspace(0, MEMBERS, parts + 1).astype(int).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def counted(
    threads: Threads, parts: int, *, calls: int = 1, turns: int = 1, fails_at: int = FIELD
) -> np.ndarray:
    """What a number of calls leave, one part a thread."""
    held, worked = np.ones(MEMBERS, np.uint64), np.zeros(parts, np.int64)
    for _ in range(calls):
        threads.run(kernel(), ranges_of(parts), turns, fails_at, held, worked)
    assert worked.tolist() == [calls * (last - first) for first, last in ranges_of(parts)]
    return held


@pytest.fixture(scope="module")
def wanted() -> np.ndarray:
    return counted(Threads(1), 1, calls=300)


@pytest.fixture
def two() -> Iterator[Threads]:
    with closing(Threads(2)) as threads:
        yield threads


def running() -> int:
    """Threads of this process that work for somebody."""
    gc.collect()
    return threading.active_count()


@pytest.mark.parametrize(("count", "parts"), [(2, 2), (3, 2), (3, 3), (5, 5)])
def test_each_range_is_worked_on_once_a_call(count, parts, wanted):
    with closing(Threads(count)) as threads:
        assert np.array_equal(counted(threads, parts, calls=300), wanted)


def test_ranges_may_change_from_call_to_call(wanted):
    with closing(Threads(4)) as threads:
        for parts in (4, 2, 1, 3, 4):
            assert np.array_equal(counted(threads, parts, calls=300), wanted)


def test_ranges_beyond_the_threads_are_refused(two):
    with pytest.raises(ValueError, match="3 ranges for 2 threads"):
        counted(two, 3)


@pytest.mark.parametrize("fails_at", [0, MEMBERS - 1])
def test_what_a_kernel_raises_in_any_thread_is_raised(fails_at, two, wanted):
    for _ in range(50):
        with pytest.raises(ValueError, match="here"):
            counted(two, 2, fails_at=fails_at)
    assert np.array_equal(counted(two, 2, calls=300), wanted)


def test_ctrl_c_is_raised_after_the_call_which_is_whole(two, wanted):
    held, worked = np.ones(MEMBERS, np.uint64), np.zeros(2, np.int64)
    counted(two, 2)  # compiled before
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        with pytest.raises(KeyboardInterrupt):
            while True:
                two.run(kernel(), ranges_of(2), 200_000, FIELD, held, worked)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert worked[0] == worked[1] > 0
    assert np.array_equal(counted(two, 2, calls=300), wanted)


def test_threads_that_have_no_processor_leave_their_parts_to_the_caller():
    crew = Crew(3, patient=True)
    crew.dismiss()
    held, worked = np.ones(MEMBERS, np.uint64), np.zeros(3, np.int64)
    kernel()(crew.ready(ranges_of(3)), 0, 0, 0, 1, FIELD, held, worked)
    assert np.array_equal(held, counted(Threads(1), 1))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_kernel_that_holds_its_arguments_does_the_same(count, wanted):
    held, worked = np.ones(MEMBERS, np.uint64), np.zeros(count, np.int64)
    kept = Held(kernel(), np.int32(0), np.int32(FIELD), held, worked)
    with closing(Threads(count)) as threads:
        for turns in (0, 1, 0, 1):
            kept.alter(0, turns)
            for _ in range(150):
                threads.run_held(kept, ranges_of(count))
    assert np.array_equal(held, wanted)
    assert worked.tolist() == [600 * (last - first) for first, last in ranges_of(count)]


@pytest.mark.parametrize("count", [1, 2])
def test_a_kernel_that_holds_its_arguments_says_that_it_failed(count):
    held, worked = np.ones(MEMBERS, np.uint64), np.zeros(count, np.int64)
    kept = Held(kernel(), np.int32(1), np.int32(MEMBERS - 1), held, worked)
    with closing(Threads(count)) as threads:
        for _ in range(20):
            with pytest.raises(RuntimeError, match="stopped with code"):
                threads.run_held(kept, ranges_of(count))


def test_more_arguments_than_there_is_room_for_are_refused():
    many = ", ".join(f"a{n}" for n in range(300))
    text = f"{PREAMBLE}@kernel\ndef wide(crew, first, last, place, {many}):\n    if share_out(crew):\n        return\n"
    with pytest.raises(ValueError, match="too many arguments"):
        Held(load_module("wide", text)[0].wide, *[np.zeros(1, np.int64)] * 300)


def test_callers_on_several_threads_do_not_disturb_one_another(two, wanted):
    def own(_: int) -> np.ndarray:
        with closing(Threads(2)) as threads:
            return counted(threads, 2, calls=300)

    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(own, range(4)), *pool.map(lambda _: counted(two, 2, calls=300), range(4))]
    assert all(np.array_equal(one, wanted) for one in found)


def test_more_threads_than_processors_still_get_on(wanted):
    count = 8 * default_threads()
    with closing(Threads(count)) as threads:
        counted(threads, count)
        started = time.perf_counter()
        assert np.array_equal(counted(threads, count, calls=300), wanted)
        assert time.perf_counter() - started < 3.0  # some 0.05 on a quiet machine


def test_who_waits_for_work_burns_no_time(two):
    counted(two, 2, calls=3)
    time.sleep(0.1)  # it looks for work before it blocks
    before = time.process_time()
    time.sleep(0.3)
    assert time.process_time() - before < 0.03


def test_closing_ends_the_threads():
    before = running()
    threads = Threads(3)
    assert running() == before  # none before there is work
    counted(threads, 3)
    assert running() == before + 2
    threads.close()
    threads.close()
    assert running() == before
    with pytest.raises(RuntimeError, match="closed"):
        counted(threads, 3)
    assert counted(threads, 1).any()  # the caller's own


def test_threads_that_nobody_closed_end_with_what_held_them():
    before = running()
    counted(Threads(3), 3)
    assert running() == before


def _in_a_worker(_: int) -> np.ndarray:
    with closing(Threads(2)) as threads:
        return counted(threads, 2, calls=300)


def test_worker_processes_have_threads_of_their_own(two, wanted):
    counted(two, 2)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert np.array_equal(pool.submit(_in_a_worker, 0).result(timeout=60), wanted)


def test_a_process_ends_though_nobody_closed_its_threads():
    script = "from test_threads import *; threads = Threads(3); counted(threads, 3); print('done')"
    paths = os.pathsep.join([os.path.dirname(__file__), *filter(None, sys.path)])
    answer: Any = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "done\n", "")
