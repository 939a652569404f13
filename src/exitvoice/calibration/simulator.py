"""One draw of the unknowns to the vector that is compared: what a worker does, on any executor."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import xarray as xr

from exitvoice.calibration.figures import Figure, Floats
from exitvoice.calibration.observables import truths_of
from exitvoice.calibration.problem import Problem
from exitvoice.calibration.schema import Target
from exitvoice.calibration.summaries import Entry, simulated_vector
from exitvoice.ensemble import Factor, RunKey, Variant
from exitvoice.ensemble.plan import changes_at
from exitvoice.ensemble.work import Failure, Task, Work, simulate_one
from exitvoice.results.periods import step_edges
from exitvoice.scenario import Scenario
from exitvoice.units import DAYS_PER_YEAR


class Simulated(NamedTuple):
    """What a simulation gave.

    Attributes
    ----------
    key : RunKey
        The `variant` is the stream (a bank, a generation), the `point` the proposal's number in it.
    truths : array (figures,)
        What was to be counted.
    vector : array (entries,)
        What was counted, scaled.
    cost : float
        Person-years without freedom to leave, a year; NaN where a model has no persons.
    """

    key: RunKey
    truths: Floats
    vector: Floats
    cost: float = float("nan")


class Simulates(Work[Simulated], Protocol):
    """Work whose outcomes are simulations; tests and the cheap model put something quick in its place."""


def seed_of(seed: int, key: RunKey) -> int:
    """Return the seed of a simulation: 56 bits of SHA-256 of where it stands."""
    text = f"exitvoice calibration {seed} {key.variant} {key.point} {key.replication}"
    return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()[:7], "little")


@dataclass(frozen=True)
class Simulator:
    """All that the simulations of a calibration have in common, as plain data that can be sent anywhere."""

    scenario_text: str
    targets: tuple[Target, ...]
    factors: tuple[Factor, ...]
    figures: tuple[Figure, ...]
    entries: tuple[Entry, ...]
    scale: float
    seed: int
    threads: int = 1

    @staticmethod
    def of(problem: Problem, *, seed: int, scale: float | None = None) -> Simulator:
        """Return the simulator of a calibration."""
        return Simulator(
            scenario_text=problem.scenario.text,
            targets=problem.targets.targets,
            factors=problem.factors,
            figures=problem.figures,
            entries=problem.entries,
            scale=problem.targets.scale if scale is None else scale,
            seed=seed,
        )

    def bench(self) -> SimulatorBench:
        """Return a worker's place for it."""
        return SimulatorBench(self)


class SimulatorBench:
    """A worker's place: reads the scenario once."""

    def __init__(self, work: Simulator) -> None:
        self._work = work
        self._scenario = Scenario.from_text(work.scenario_text, name="the calibrated scenario")

    def run(self, task: Task) -> Simulated | Failure:
        """Simulate one draw; whatever goes wrong in it is an outcome too."""
        try:
            return self._run(task)
        except Exception as problem:
            return Failure.of(task.key, problem)

    def _run(self, task: Task) -> Simulated:
        work, seed = self._work, seed_of(self._work.seed, task.key)
        world = self._scenario.with_changes(changes_at(work.factors, task.values, Variant()))
        data = simulate_one(world, seed=seed, scale=work.scale, threads=1)
        targets = {target.name: target for target in work.targets}
        truths = truths_of(data, targets, work.figures)
        vector = simulated_vector(truths, targets, work.figures, work.entries, seed=seed)
        return Simulated(task.key, truths, vector, cost_a_year(data))


def as_record(outcome: Simulated | Failure, values: tuple[float, ...]) -> dict[str, Any]:
    """Return an outcome as plain data for a journal."""
    record: dict[str, Any] = {"run": list(outcome.key), "values": list(values)}
    if isinstance(outcome, Failure):
        return record | {"error": outcome.error}
    cost = None if math.isnan(outcome.cost) else outcome.cost
    return record | {"truths": outcome.truths.tolist(), "vector": outcome.vector.tolist(), "cost": cost}


def from_record(record: dict[str, Any]) -> tuple[tuple[float, ...], Simulated | Failure]:
    """Return values and outcome of a journal's record."""
    key, values = RunKey(*record["run"]), tuple(record["values"])
    if "error" in record:
        return values, Failure(key, record["error"])
    cost = record.get("cost")
    return values, Simulated(
        key, np.array(record["truths"]), np.array(record["vector"]), float("nan") if cost is None else cost
    )


def cost_a_year(data: xr.Dataset) -> float:
    """Return the human cost of a run: person-years without freedom to leave, a year."""
    edges = step_edges(data["time"])
    return float(data["unfree_person_years"].sum()) * DAYS_PER_YEAR / float(edges[-1] - edges[0])
