"""What a worker does: one task to one outcome, with nothing but what it was handed."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.ensemble.collect import collect
from exitvoice.ensemble.factors import Factor
from exitvoice.ensemble.layout import Layout
from exitvoice.ensemble.plan import Plan, RunKey, Variant, changes_at, run_seed
from exitvoice.errors import InputError
from exitvoice.run import simulate
from exitvoice.scenario import Scenario


class Task(NamedTuple):
    """One run to be made: its key and its point's values."""

    key: RunKey
    values: tuple[float, ...]


@dataclass(frozen=True)
class Result:
    """What a run gave, small enough to be sent: blocks by the kinds of `Layout.groups`."""

    key: RunKey
    scenario_hash: str
    blocks: Mapping[str, NDArray[np.floating]]

    @property
    def digest(self) -> str:
        """Hash of every number, by which a run made again is compared."""
        digest = hashlib.sha256()
        for kind in sorted(self.blocks):
            digest.update(kind.encode())
            digest.update(np.ascontiguousarray(self.blocks[kind]).tobytes())
        return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Failure:
    """Why a run gave nothing: one sentence, and where it happened."""

    key: RunKey
    error: str
    where: str = ""

    @staticmethod
    def of(key: RunKey, problem: Exception) -> Failure:
        """Return what a run's exception says."""
        if isinstance(problem, InputError):
            first = problem.mistakes[0]
            return Failure(key, f"not a valid world: {first.path}: {first.what}", str(problem))
        return Failure(key, f"{type(problem).__name__}: {problem}", _where(problem))


Outcome = Result | Failure
MadeT_co = TypeVar("MadeT_co", covariant=True)


class Place(Protocol[MadeT_co]):
    """A worker's place: what it does with a task."""

    def run(self, task: Task) -> MadeT_co | Failure:
        """Do a task; whatever goes wrong in it is an outcome too."""
        ...


class Work(Protocol[MadeT_co]):
    """What a worker is to be set up for: plain data that can be sent anywhere. `Job` is an ensemble's."""

    @property
    def threads(self) -> int:
        """Threads of each worker."""
        ...

    def bench(self) -> Place[MadeT_co]:
        """Return a worker's place for it."""
        ...


class Runner(Protocol):
    """Makes one run; tests put something quick in its place. It must be importable, to reach other processes."""

    def __call__(self, scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
        """Return the run's data."""
        ...


def simulate_one(scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
    """Simulate one world to its end."""
    run = simulate(scenario, seed=seed, scale=scale, threads=threads)
    if not run.complete:
        raise KeyboardInterrupt
    return run.data


@dataclass(frozen=True)
class Job:
    """All that the runs of a plan have in common, as plain data that can be sent anywhere."""

    scenario_text: str
    variants: tuple[Variant, ...]
    factors: tuple[Factor, ...]
    scale: float
    seed: int
    outputs: tuple[str, ...]
    threads: int = 1
    runner: Callable[..., xr.Dataset] = simulate_one

    @staticmethod
    def of(plan: Plan, *, threads: int = 1, runner: Callable[..., xr.Dataset] = simulate_one) -> Job:
        """Return the job of a plan."""
        return Job(
            scenario_text=plan.scenario.text,
            variants=plan.variants,
            factors=plan.factors,
            scale=plan.scale,
            seed=plan.seed,
            outputs=plan.outputs,
            threads=threads,
            runner=runner,
        )

    def bench(self) -> Bench:
        """Return a worker's place for it."""
        return Bench(self)


class Bench:
    """A worker's place: reads the scenario once, and makes the runs of one world without building it again."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._scenario = Scenario.from_text(job.scenario_text, name="the ensemble's scenario")
        self._layout = Layout(self._scenario, job.outputs)
        self._last: tuple[tuple[int, tuple[float, ...]], Scenario] | None = None

    def run(self, task: Task) -> Outcome:
        """Make one run; whatever goes wrong in it is an outcome too."""
        try:
            return self._run(task)
        except Exception as problem:
            # A run that fails must not end the others, whatever it was.
            return Failure.of(task.key, problem)

    def _run(self, task: Task) -> Result:
        job, key = self.job, task.key
        world = self._world(task)
        data = job.runner(
            world, seed=run_seed(job.seed, key.replication), scale=job.scale, threads=job.threads
        )
        return Result(key, world.hash, collect(data, self._layout))

    def _world(self, task: Task) -> Scenario:
        which = (task.key.variant, task.values)
        if self._last is None or self._last[0] != which:
            changes = changes_at(self.job.factors, task.values, self.job.variants[task.key.variant])
            self._last = (which, self._scenario.with_changes(changes) if changes else self._scenario)
        return self._last[1]


def _where(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    # Paths of this machine say nothing elsewhere: file name, line and function are enough to find the place.
    return "; ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-4:]
    )
