"""Published and peers' models on this engine: the group threshold model and Epstein's civil violence."""

import time
from collections.abc import Callable

from benchmarks.group_threshold import GroupThreshold
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.reference.epstein import Epstein, EpsteinSetting

LEAST_SECONDS = 1.0
THRESHOLD_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
EPSTEIN_SIDES = (40, 400)


def updates_a_second(step: Callable[[], None], updates: int, clock: Callable[[], float]) -> float:
    """Best rate over repeats that last a second together."""
    step()
    repeats = 1
    best, spent = float("inf"), 0.0
    while spent < LEAST_SECONDS:
        started = clock()
        for _ in range(repeats):
            step()
        seconds = clock() - started
        best, spent = min(best, seconds / repeats), spent + seconds
        if seconds < 0.05:  # too short for the clock
            repeats *= 2
    return updates / best


def threshold(agents: int, threads: int) -> float:
    """Agent-updates a second of the group threshold model; one thread: processor time, several: wall time."""
    workers = Threads(threads)
    world = GroupThreshold.build(agents, seed=1, threads=workers)
    rate = updates_a_second(world.step, agents, time.thread_time if threads == 1 else time.perf_counter)
    workers.close()
    return rate


def epstein(side: int) -> float:
    """Activations a second of Epstein's model with the settings of Mesa's shipped example, on one thread."""
    world = Epstein(EpsteinSetting(width=side, height=side))
    return updates_a_second(world.step, len(world.cell), time.thread_time)
