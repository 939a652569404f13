"""Run a plan: hand out what is missing, commit what comes back, lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import xarray as xr
from numpy.typing import ArrayLike

from exitvoice.ensemble.executors.base import Executor, closed
from exitvoice.ensemble.executors.processes import Processes
from exitvoice.ensemble.executors.serial import Serial
from exitvoice.ensemble.placement import Placement, choose_placement
from exitvoice.ensemble.plan import Plan, RunKey
from exitvoice.ensemble.reading import Failed, read_ensemble, read_failures
from exitvoice.ensemble.store import Store, register
from exitvoice.ensemble.work import Job, Task, simulate_one
from exitvoice.results.crate import describe_ensemble, write_crate
from exitvoice.run import simulate
from exitvoice.scenario import Scenario

Progress = Callable[[int, int, int], bool]
Kind = Literal["processes", "serial"]
_WARM_UP_PERSONS = 2_000.0


@dataclass(frozen=True)
class Ensemble:
    """What an execution came to.

    Attributes
    ----------
    folder : Path
    plan : Plan
    done : int
        Runs whose numbers are there.
    failed : tuple of Failed
        Runs that gave none, each with the command that makes it again.
    complete : bool
        Whether every run of the plan is done or has failed.
    """

    folder: Path
    plan: Plan
    done: int
    failed: tuple[Failed, ...]
    complete: bool

    @property
    def data(self) -> xr.Dataset:
        """All runs as one dataset; see `read_ensemble`."""
        return read_ensemble(self.folder)


def execute(
    plan: Plan,
    folder: str | Path,
    *,
    executor: Kind | Executor = "processes",
    workers: int | None = None,
    progress: Progress | None = None,
    extra_points: ArrayLike | None = None,
    force: bool = False,
    runner: Callable[..., xr.Dataset] = simulate_one,
) -> Ensemble:
    """Run every run of a plan that is not done yet, and keep each as soon as it is there.

    A folder that holds the same plan, or one of which this is a continuation with more points, goes on where it was.

    Parameters
    ----------
    plan : Plan
    folder : str or Path
    executor : 'processes', 'serial' or Executor
        Where the runs are made; processes of this machine by default.
    workers : int, optional
        Processes; chosen by `choose_placement` if not given.
    progress : callable, optional
        Called at least twice a second with (runs done, runs in all, runs failed); returns False to stop. What is
        done is kept then, and at a KeyboardInterrupt too.
    extra_points : array (points, factors), optional
        Points to add to the plan first, as `Plan.extended` does.
    force : bool
        Replace an ensemble with another plan in that folder.
    runner : callable, optional
        Makes one run; see `exitvoice.ensemble.work.Runner`.

    Raises
    ------
    InputError
        If a variant or a factor does not fit the scenario; before anything is run.
    OutputError
        If the folder is taken or cannot be written; what is done is kept.

    Examples
    --------
    >>> from exitvoice.ensemble import Plan, execute                              # doctest: +SKIP
    >>> execute(Plan(xv.load("minimal"), replications=20), "runs/twenty").data    # doctest: +SKIP
    """
    plan = plan if extra_points is None else plan.extended(extra_points)
    plan.check()
    target = register(plan, folder, force=force)
    with Store(target) as store:
        if store.plan.shape != plan.shape:
            store.extend(plan)
        return _finish(store, executor, workers=workers, progress=progress, runner=runner)


def resume(
    folder: str | Path,
    *,
    executor: Kind | Executor = "processes",
    workers: int | None = None,
    progress: Progress | None = None,
    retry_failed: bool = False,
    runner: Callable[..., xr.Dataset] = simulate_one,
) -> Ensemble:
    """Do exactly the runs of an ensemble that are missing.

    Parameters
    ----------
    folder : str or Path
    retry_failed : bool
        Try those that failed again as well.
    executor, workers, progress, runner
        As for `execute`; they need not be those of the beginning.
    """
    with Store(folder) as store:
        if retry_failed:
            store.forget_failures()
        return _finish(store, executor, workers=workers, progress=progress, runner=runner)


def describe(ensemble: Ensemble) -> Path:
    """Describe a whole ensemble in `ro-crate-metadata.json` in its folder."""
    plan = ensemble.plan
    described = describe_ensemble(
        plan.record(),
        title=plan.scenario.title,
        command="exitvoice resume .",  # with the plan and the scenario alone it makes every run
        ended=datetime.now(UTC).isoformat(timespec="seconds"),
        is_whole=not ensemble.failed,
    )
    return write_crate(ensemble.folder, described)


def _finish(
    store: Store,
    executor: Kind | Executor,
    *,
    workers: int | None,
    progress: Progress | None,
    runner: Callable[..., xr.Dataset],
) -> Ensemble:
    plan, missing = store.plan, sum(1 for _ in store.missing)
    if missing:
        placement = _placement(plan, missing, executor, workers)
        where = _executor(executor, placement)
        if runner is simulate_one and isinstance(where, Processes):
            worlds = [plan.scenario_of(RunKey(variant, 0, 0)) for variant in range(len(plan.variants))]
            compile_once(worlds, plan.scale)
        _commit_all(store, where, Job.of(plan, threads=placement.threads, runner=runner), progress)
    done, failed = len(store.done), len(store.failed)
    store.settle()
    return Ensemble(store.folder, plan, done, read_failures(store.folder), done + failed == plan.size)


def _commit_all(store: Store, executor: Executor, job: Job, progress: Progress | None) -> None:
    size = store.plan.size
    with closed(executor.outcomes(job, _tasks(store))) as arriving:
        try:
            for outcomes in arriving:
                if outcomes:
                    store.commit(outcomes)
                if progress is not None and not progress(len(store.done), size, len(store.failed)):
                    return
        except KeyboardInterrupt:
            return


def _tasks(store: Store) -> Iterator[Task]:
    points = store.plan.points
    for key in tuple(store.missing):
        yield Task(key, tuple(float(value) for value in points[key.point]))


def _placement(plan: Plan, missing: int, executor: Kind | Executor, workers: int | None) -> Placement:
    placement = choose_placement(plan.scenario, plan.scale, missing)
    if workers is not None:
        return Placement(workers, max(1, placement.threads * placement.workers // workers))
    return placement


def _executor(executor: Kind | Executor, placement: Placement) -> Executor:
    if executor == "serial":
        return Serial()
    return Processes(placement.workers) if executor == "processes" else executor


def compile_once(worlds: Iterable[Scenario], scale: float) -> None:
    """Fill the cache on the disk with the kernels of every theory, so that not every worker compiles them."""
    for world in {world.theory: world for world in worlds}.values():
        if world.theory in _compiled:
            continue
        persons = sum(sector.persons.value for sector in world.sectors)
        few = min(scale, _WARM_UP_PERSONS / persons)
        tried = simulate(world, seed=0, scale=few, threads=1, progress=_two_steps)
        if tried.steps < min(2, world.grid.steps):
            raise KeyboardInterrupt  # which `simulate` takes for a wish to keep what is done
        _compiled.add(world.theory)


_compiled: set[str] = set()
"""Theories whose kernels this process has seen compiled."""


def _two_steps(done: int, steps: int, persons: int) -> bool:
    return done < 2
