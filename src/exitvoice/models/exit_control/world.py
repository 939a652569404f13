"""The model at rest and in motion, and the sums that both its halves need."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from exitvoice.engine.columns import Population
from exitvoice.engine.functions import compile_function
from exitvoice.engine.primitives import u32
from exitvoice.engine.random import philox, seed_halves, uniform
from exitvoice.engine.tallies import Running, Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.protocol import Loops
from exitvoice.models.exit_control.compiled import host
from exitvoice.models.exit_control.grounds import Grounds
from exitvoice.models.exit_control.institutions.smoothing import share
from exitvoice.models.exit_control.people import People
from exitvoice.models.exit_control.rules import Rules
from exitvoice.models.exit_control.signals import SignalBoard
from exitvoice.models.exit_control.state import Floats, Institutions, Remembered
from exitvoice.models.exit_control.steady import Steady
from exitvoice.scenario import PolicyBook, Scenario, Timeline


@dataclass(frozen=True)
class Model:
    """A scenario compiled: tables, parameters, what stays as it is, and the loops of its persons.

    `handles` are those of `grounds`, for compiled functions.
    """

    scenario: Scenario
    timeline: Timeline
    book: PolicyBook
    people: People
    compiled: Loops
    values: dict[str, float]
    strata: dict[str, Floats]
    rules: Rules
    steady: Steady
    grounds: Grounds
    handles: Grounds
    scale: float
    seed: int

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.timeline.steps

    @property
    def dt(self) -> float:
        """Length of a step in years."""
        return self.timeline.dt


@dataclass
class World:
    """A model in motion: the population and tallies of it, the signals it reads, the institutions' state."""

    population: Population
    board: SignalBoard
    institutions: Institutions
    running: Running
    _handle: tuple[Remembered | None, Any] = (None, None)

    @property
    def kept(self) -> Any:
        """Handle of the arrays that institutions write in place, for compiled functions."""
        kept, handle = self.institutions.kept, self._handle
        if handle[0] is not kept:
            handle = self._handle = kept, host().fixed(kept)
        return handle[1]


@dataclass(frozen=True)
class StepRecord:
    """What one step did: tallies of persons, and the institutions after it, who write their arrays in place.

    `standing` holds the running tallies when the step began, `display` those after it; `felt` the confidence of
    simulated persons and their number, both summed by stratum, shape (2, strata).
    """

    standing: Tallies
    week: Tallies
    events: Tallies
    display: Tallies
    felt: Floats
    institutions: Institutions
    incident: Floats
    lost: Floats
    reported: float
    served: Floats


def run_stage(
    model: Model, world: World, name: str, now: int, threads: Threads, *, round_: int = 0
) -> Tallies:
    """Run one stage of the program, by its name, over the world's population; running tallies take its changes in."""
    stage = model.compiled.program.stage(name)
    tallies = model.compiled.run_stage(
        stage, world.population, world.board.tables, seed=model.seed, step=now, round=round_, threads=threads
    )
    if stage.changes:
        world.running.move(tallies)
    return tallies


def mean_confidence(people: People, felt: Floats) -> Floats:
    """Mean confidence of persons by sector, 0 where there is nobody.

    `felt` as in `StepRecord`, or those of many steps: shape (..., 2, strata) gives (..., sectors).
    """
    by_sector = (felt * people.weight).reshape(*felt.shape[:-1], people.sectors, people.regions)
    real = np.add.reduce(by_sector, axis=-1)
    return share(real[..., 0, :], real[..., 1, :])


def draw(seed: int, now: int, stream: int, place: int) -> float:
    """Uniform in (0, 1) that belongs to no person: a pure function of seed, step, stream and place."""
    return compile_function(unowned)(place, now, stream, *seed_halves(seed))  # type: ignore[no-any-return]


def unowned(place: int, step: int, stream: int, seed_low: int, seed_high: int) -> float:
    """Draw under the name of no unit; compiled, for the random function takes 15 microseconds in plain Python."""
    word, _, _, _ = philox(u32(place), u32(0xFFFFFFFF), u32(step), u32(stream), u32(seed_low), u32(seed_high))
    return uniform(word)
