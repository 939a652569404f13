"""Run twin worlds, replication by replication: one after the other here, or many at a time through an executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from exitvoice.analysis.compare.comparable import check_comparable
from exitvoice.analysis.compare.comparison import WORLDS, Comparison
from exitvoice.analysis.compare.kept import KeptPairs
from exitvoice.analysis.compare.pairs import Pair, PairJob, make_pair
from exitvoice.ensemble.execute import compile_once
from exitvoice.ensemble.executors import Executor, Processes
from exitvoice.ensemble.executors.base import closed
from exitvoice.ensemble.placement import available_cores, choose_placement
from exitvoice.ensemble.plan import RunKey, run_seed
from exitvoice.ensemble.work import Failure, Task
from exitvoice.errors import InternalError
from exitvoice.scenario import Scenario

#: Called with (runs done, runs in all, steps done, steps of a run, persons); returns False to stop.
Progress = Callable[[int, int, int, int, int], bool]
WORTH_STEPS = 4_000
"""Steps of all runs together below which starting processes takes longer than they save."""


def twins(
    one: Scenario,
    other: Scenario,
    *,
    seed: int = 0,
    scale: float = 0.001,
    replications: int = 5,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison | None:
    """Run two worlds side by side, with the same draws, so many times.

    Parameters
    ----------
    one, other : Scenario
        World A and world B; their clocks start on one day and step alike.
    seed : int
        Seed of the first replication; those of the others follow from it (`exitvoice.ensemble.run_seed`).
    scale : float
        Simulated persons per real one.
    replications : int
        At least 1; an interval needs 2.
    threads : int, optional
        With a number, replications are made one after the other in this process with so many threads.
    executor : Executor, optional
        Where replications are made. If neither it nor `threads` is given: in processes of this machine, unless that
        is not worth their start. The bits are the same, wherever they are made and by however many.
    progress : callable, optional
        See `Progress`. Stopping, and Ctrl-C, keep the replications that are done in both worlds.

    Returns
    -------
    Comparison or None
        None where it was stopped before the first replication was done.

    Raises
    ------
    InputError
        Where the clocks of the worlds do not agree, or they have no sector or rank in common.
    InternalError
        Where a replication fails.
    """
    check_comparable(one, other)
    chosen = executor or (_processes(one, scale, replications) if threads is None else None)
    job = PairJob(
        (one.text, other.text), seed, scale, (threads or available_cores()) if chosen is None else 1
    )
    if chosen is None:
        pairs = _one_by_one((one, other), job, replications, progress)
    else:
        compile_once((one, other), scale)
        pairs = _at_once(job, chosen, replications, _whole_runs(progress, one, scale, replications))
    if not pairs:
        return None
    return _joined((one, other), sorted(pairs, key=lambda pair: pair.key), job, planned=replications)


def kept_twins(
    one: Scenario,
    other: Scenario,
    kept: Path,
    *,
    seed: int = 0,
    scale: float = 0.001,
    replications: int = 5,
    progress: Progress | None = None,
) -> Comparison | None:
    """Run two worlds side by side as `twins` does, here and one after the other, so that no kill loses what is done.

    Parameters
    ----------
    one, other, seed, scale, replications, progress
        As of `twins`.
    kept : Path
        A folder in which replications are kept as they are done, and the run under way every few seconds. A second call
        goes on from there, with the same bits as if it had never been interrupted.

    Raises
    ------
    InputError
        As `twins`.
    OutputError
        If the folder cannot be written.
    """
    check_comparable(one, other)
    job = PairJob((one.text, other.text), seed, scale)
    pairs = _one_by_one((one, other), job, replications, progress, KeptPairs.of(job, kept))
    return _joined((one, other), pairs, job, planned=replications) if pairs else None


def _processes(world: Scenario, scale: float, replications: int) -> Executor | None:
    placement = choose_placement(world, scale, replications)
    if placement.workers < 2 or 2 * replications * world.grid.steps < WORTH_STEPS:
        return None
    return Processes(placement.workers)


def _one_by_one(
    worlds: tuple[Scenario, Scenario],
    job: PairJob,
    replications: int,
    progress: Progress | None,
    store: KeptPairs | None = None,
) -> list[Pair]:
    pairs: list[Pair] = []
    for number in range(replications):

        def tell(place: int, done: int, steps: int, persons: int, number: int = number) -> bool:
            return progress is None or progress(2 * number + place, 2 * replications, done, steps, persons)

        pair = None if store is None else store.read(number)
        if pair is None:
            runs = None if store is None else store.runs(number)
            pair = make_pair(worlds, RunKey(0, 0, number), job, tell, runs)
            if pair is None:
                break
            if store is not None:
                store.write(pair)
        pairs.append(pair)
    return pairs


def _at_once(job: PairJob, executor: Executor, replications: int, go_on: Callable[[int], bool]) -> list[Pair]:
    pairs: list[Pair] = []
    tasks = (Task(RunKey(0, 0, number), ()) for number in range(replications))
    with closed(executor.outcomes(job, tasks)) as arriving:
        try:
            for outcomes in arriving:
                for outcome in outcomes:
                    if isinstance(outcome, Failure):
                        number = outcome.key.replication
                        raise InternalError(f"replication {number} fails: {outcome.error} ({outcome.where})")
                    pairs.append(outcome)
                if not go_on(len(pairs)):
                    break
        except KeyboardInterrupt:
            pass
    return pairs


def _whole_runs(
    progress: Progress | None, world: Scenario, scale: float, replications: int
) -> Callable[[int], bool]:
    """Tell progress by whole replications: their steps are made elsewhere."""
    persons = round(scale * sum(sector.persons.value for sector in world.sectors))
    steps = world.grid.steps

    def go_on(done: int) -> bool:
        return progress is None or progress(2 * done, 2 * replications, 0, steps, persons)

    return go_on


def _joined(
    worlds: tuple[Scenario, Scenario], pairs: Sequence[Pair], job: PairJob, *, planned: int
) -> Comparison:
    labels = {"world": list(WORLDS), "replication": np.arange(len(pairs))}
    quarters, totals = (
        xr.concat(parts, "replication", combine_attrs="override").assign_coords(labels)
        for parts in ([pair.quarters for pair in pairs], [pair.totals for pair in pairs])
    )
    return Comparison(
        worlds=worlds,
        quarters=quarters,
        totals=totals,
        seeds=tuple(run_seed(job.seed, pair.key.replication) for pair in pairs),
        first_difference=tuple(pair.first for pair in pairs),
        scale=job.scale,
        planned=planned,
    )
