"""The whole model: person-steps a second, and where the time goes, stage by stage."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import Model, World, begin, compile_model, step
from exitvoice.scenario import load_scenario

WARM_UP, STEPS, REPEATS = 3, 20, 3
SEED = 1


@dataclass
class Stopwatch:
    """Seconds by stage and round."""

    clock: Any
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@contextmanager
def timed(stopwatch: Stopwatch) -> Iterator[None]:
    """Call stages one by one, and take the time of each."""
    original, lay = CompiledProgram.run_stage, CompiledProgram.lay

    def run(self: CompiledProgram, stage: Any, *rest: Any, round: int = 0, **options: Any) -> Any:
        started = stopwatch.clock()
        tallies = original(self, stage, *rest, round=round, **options)
        name = f"{stage.name}, round {round + 1}" if stage.rounds > 1 else stage.name
        stopwatch.seconds[name] += stopwatch.clock() - started
        return tallies

    CompiledProgram.run_stage = run  # type: ignore[method-assign]
    CompiledProgram.lay = lambda *_, **__: None  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        CompiledProgram.run_stage, CompiledProgram.lay = original, lay  # type: ignore[method-assign]


@dataclass(frozen=True)
class Pace:
    """How fast the model moved; `stages` in nanoseconds a person and step."""

    scale: float
    threads: int
    persons: int
    person_steps_per_second: float
    persons_share: float
    stages: dict[str, float]


def prepare(scale: float) -> Model:
    """Compile the default scenario at a scale."""
    return compile_model(load_scenario("china-2024"), scale=scale, seed=SEED)


def _seconds(
    model: Model, world: World, workers: Threads, clock: Callable[[], float], first: int, steps: int
) -> float:
    """Time of some steps."""
    started = clock()
    for now in range(first, first + steps):
        step(model, world, now, workers)
    return clock() - started


def measure(model: Model, threads: int) -> Pace:
    """Best of several runs of 20 steps; the processor's time on one thread, the wall's on several.

    Each is followed by one in which stages are called one by one, so that the time of each can be taken.
    """
    clock = time.thread_time if threads == 1 else time.perf_counter
    workers = Threads(threads)
    best, by_stage, stages = float("inf"), float("inf"), {}
    try:
        world = begin(model, workers)
        run = partial(_seconds, model, world, workers, clock)
        run(0, WARM_UP)
        for first in range(WARM_UP, WARM_UP + 2 * REPEATS * STEPS, 2 * STEPS):
            best = min(best, run(first, STEPS))
            stopwatch = Stopwatch(clock)
            with timed(stopwatch):
                seconds = run(first + STEPS, STEPS)
            if seconds < by_stage:
                by_stage, stages = seconds, dict(stopwatch.seconds)
    finally:
        workers.close()
    person_steps = model.people.units.members * STEPS
    return Pace(
        scale=model.scale,
        threads=threads,
        persons=model.people.units.members,
        person_steps_per_second=person_steps / best,
        persons_share=sum(stages.values()) / by_stage,
        stages={name: 1e9 * seconds / person_steps for name, seconds in stages.items()},
    )
