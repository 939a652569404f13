"""One draw of everything to what each series would have shown: what a worker does for the atlas, on any executor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import xarray as xr

from exitvoice.calibration.atlas.reading import Reading, read_run
from exitvoice.calibration.atlas.world import THEORIES, World
from exitvoice.calibration.simulator import Simulated, cost_a_year, seed_of
from exitvoice.ensemble import Factor, RunKey, Variant
from exitvoice.ensemble.plan import changes_at
from exitvoice.ensemble.work import Failure, Task, simulate_one
from exitvoice.scenario import Scenario

BANK, SHORT, WHOLE = 0, 1, 2
"""Streams: draws of everything; pairs of worlds that differ in one unknown, over a year at first and over all."""
FIRST_WEEKS = 53


@dataclass(frozen=True)
class DrawAndRead:
    """All that the runs of one world have in common, as plain data that can be sent anywhere.

    A task's values are those of the factors, and last the number of the theory of expression. What is said of a run
    of the bank is its `vector`; of a run of a pair its `truths`, a single number that follows from every bit of it.
    """

    scenario_text: str
    factors: tuple[Factor, ...]
    readings: tuple[Reading, ...]
    scale: float
    seed: int
    threads: int = 1

    @staticmethod
    def of(world: World, *, seed: int) -> DrawAndRead:
        """Return the work of a world."""
        return DrawAndRead(world.scenario.text, world.factors, world.readings, world.design.scale, seed)

    def bench(self) -> Bench:
        """Return a worker's place for it."""
        return Bench(self)


class Bench:
    """A worker's place: reads the scenario once."""

    def __init__(self, work: DrawAndRead) -> None:
        self._work = work
        self._scenario = Scenario.from_text(work.scenario_text, name="the world of the atlas")

    def run(self, task: Task) -> Simulated | Failure:
        """Simulate one draw; whatever goes wrong in it is an outcome too."""
        try:
            return self._run(task)
        except Exception as problem:
            return Failure.of(task.key, problem)

    def _run(self, task: Task) -> Simulated:
        work, stream = self._work, task.key.variant
        changes = changes_at(work.factors, task.values[:-1], Variant())
        changes["theory"] = THEORIES[min(int(task.values[-1]), len(THEORIES) - 1)]
        if stream == SHORT:
            clock = self._scenario.clock
            changes["clock.end"] = str(min(clock.start + timedelta(weeks=FIRST_WEEKS), clock.end))
        # pairs share their seed, so that nothing but the one unknown differs
        seed = seed_of(work.seed, task.key if stream == BANK else RunKey(WHOLE, 0, 0))
        data = simulate_one(self._scenario.with_changes(changes), seed=seed, scale=work.scale, threads=1)
        if stream == BANK:
            return Simulated(
                task.key, np.zeros(0), read_run(data, work.readings, seed=seed), cost_a_year(data)
            )
        return Simulated(task.key, np.array([fingerprint(data)]), np.zeros(0), cost_a_year(data))


def fingerprint(data: xr.Dataset) -> float:
    """Return a whole number below 2**52 that follows from every bit of a run."""
    digest = hashlib.sha256()
    for name in sorted(map(str, data.data_vars)):
        digest.update(name.encode("ascii"))
        digest.update(np.ascontiguousarray(data[name].values).tobytes())
    return float(int.from_bytes(digest.digest()[:8], "little") >> 12)
