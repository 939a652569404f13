"""The same step in plain NumPy, beside the compiled one: on the same signals, on one thread."""

import time

from benchmarks.numpy_step import NumpyWorld
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import Model, begin, step

WARM_UP, STEPS = 3, 5


def measure(model: Model) -> float:
    """Nanoseconds a person and step of the NumPy version: the best of five steps, processor time."""
    workers = Threads(1)
    world = begin(model, workers)
    plain = NumpyWorld(model.compiled.program, model.people, world.population, world.board.tables, model.seed)
    best = float("inf")
    for now in range(WARM_UP + STEPS):
        step(model, world, now, workers)
        started = time.thread_time()
        plain.step(world.board.tables, now)
        best = min(best, time.thread_time() - started) if now >= WARM_UP else best
    return 1e9 * best / model.people.units.members
