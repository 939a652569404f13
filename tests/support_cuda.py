"""The small program and the exit-control model on a device or its simulator, beside the processor."""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from exitvoice.engine.columns import Units
from exitvoice.engine.tallies import Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.cuda import CudaProgram, Shape, compile_cuda, to_host
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.scenario import Scenario
from support_kernels import SEED, schedule_of, small_program, small_world

INTEGERS = ("word", "clock", "timer")


def run_on_device(
    units: Units, *, steps: int, shape: Shape | None = None, seed: int = SEED
) -> tuple[SimpleNamespace, list[Tallies], CudaProgram]:
    """A short run of the small program; what it left, on the host again, and what it counted."""
    program = small_program()
    loops = compile_cuda(program, shape=shape)
    population = loops.empty_population(units)
    signals = loops.place(small_world(units).signals)
    tallies = [
        loops.run_stage(program.stages[place], population, signals, seed=seed, step=step, round=round_)
        for place, step, round_ in schedule_of(program, steps)
    ]
    back = replace(signals, unit=np.ascontiguousarray(np.asarray(signals.unit)))
    return SimpleNamespace(population=to_host(population), signals=back), tallies, loops


def move(scenario: Scenario, device: str, *, scale: float, steps: int, seed: int = 3) -> SimpleNamespace:
    """A world after some steps: its population and signals on the host, and the record of each step."""
    model = compile_model(scenario, scale=scale, seed=seed, device=device)
    threads = Threads(1)
    world = begin(model, threads)
    records = [step(model, world, now, threads) for now in range(steps)]
    population = to_host(world.population)
    unit = np.ascontiguousarray(np.asarray(world.board.tables.unit))
    signals = replace(world.board.tables, unit=unit)
    return SimpleNamespace(population=population, signals=signals, records=records, model=model)


def tallies_of(records: Iterable) -> list[Tallies]:
    """Everything that the steps counted."""
    return [tally for record in records for tally in (record.week, record.events, record.display)]
