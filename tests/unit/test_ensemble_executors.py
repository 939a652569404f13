"""Every executor keeps the same promises: one outcome a task, failures stay alone, few tasks ahead, an end at once."""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exitvoice.ensemble import Factor, Placement, Plan, choose_placement, execute, read_ensemble, resume
from exitvoice.ensemble.executors import Executor, Processes, Serial
from exitvoice.ensemble.executors.base import MOST_AT_ONCE, Pace
from exitvoice.ensemble.work import Failure, Job, Result, Task
from exitvoice.errors import InternalError
from exitvoice.scenario import load_scenario
from support_ensemble import FAILS_ABOVE, contents, quick, slow

TAIL = Factor("parameters.risk_aversion_tail", 1.0, 5.0)
KILLS, FAILS = 4.85, 4.95


def dask_local() -> Executor:
    dask = pytest.importorskip("exitvoice.ensemble.executors.dask")
    return dask.Dask.local(2)


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": Serial,
    "processes": lambda: Processes(2),
    "dask": dask_local,
}


def plan_of(*values: float, replications: int = 1) -> Plan:
    return Plan(
        load_scenario("minimal"),
        factors=(TAIL,),
        points=[[value] for value in values],
        replications=replications,
    )


class Counted:
    """Tasks of a plan that remember how many of them were taken."""

    def __init__(self, plan: Plan) -> None:
        self.taken = 0
        self._plan = plan

    def __iter__(self) -> Iterator[Task]:
        for key in self._plan.runs:
            self.taken += 1
            yield Task(key, tuple(self._plan.points[key.point]))


@pytest.mark.parametrize("name", EXECUTORS)
def test_each_task_has_one_outcome_and_a_failure_stays_alone(name):
    plan = plan_of(1.0, FAILS, 2.0, replications=4)
    found = [
        outcome
        for outcomes in EXECUTORS[name]().outcomes(Job.of(plan, runner=quick), iter(Counted(plan)))
        for outcome in outcomes
    ]
    assert sorted(outcome.key for outcome in found) == sorted(plan.runs)
    failed = [outcome for outcome in found if isinstance(outcome, Failure)]
    assert {outcome.key.point for outcome in failed} == {1}
    assert all(outcome.error == f"ValueError: no numbers at {FAILS}" for outcome in failed)
    assert all("support_ensemble.py" in outcome.where for outcome in failed)


@pytest.mark.parametrize("name", EXECUTORS)
def test_every_executor_gives_the_same_bytes(name, tmp_path):
    plan = plan_of(1.0, 3.0, FAILS, replications=3)
    execute(plan, tmp_path / "here", executor=Serial(), runner=quick)
    execute(plan, tmp_path / "there", executor=EXECUTORS[name](), runner=quick)
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


@pytest.mark.parametrize("name", EXECUTORS)
def test_tasks_are_taken_as_they_are_needed_and_closing_ends_the_work(name):
    plan = plan_of(1.0, replications=100_000)
    tasks = Counted(plan)
    arriving = EXECUTORS[name]().outcomes(Job.of(plan, runner=slow), iter(tasks))
    ended = 0
    while ended < 5:
        ended += len(next(arriving))
    assert tasks.taken <= ended + 2 * 2 * MOST_AT_ONCE
    started = time.monotonic()
    arriving.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 10
    assert not [child for child in multiprocessing.active_children() if child.is_alive()]


def test_a_run_that_kills_its_worker_fails_alone():
    plan = plan_of(1.0, KILLS, 2.0, 3.0)
    found = [
        outcome
        for outcomes in Processes(2).outcomes(Job.of(plan, runner=quick), iter(Counted(plan)))
        for outcome in outcomes
    ]
    assert sorted(outcome.key for outcome in found) == sorted(plan.runs)
    failed = [outcome for outcome in found if isinstance(outcome, Failure)]
    assert {outcome.key.point for outcome in failed} == {1}
    assert all("its worker died" in outcome.error for outcome in failed)


def test_a_run_that_kills_its_dask_worker_fails_alone():
    plan = plan_of(1.0, KILLS, 2.0)
    found = [
        outcome
        for outcomes in dask_local().outcomes(Job.of(plan, runner=quick), iter(Counted(plan)))
        for outcome in outcomes
    ]
    assert sorted(outcome.key for outcome in found) == sorted(plan.runs)
    assert [outcome.key.point for outcome in found if isinstance(outcome, Failure)] == [1]


# dask-jobqueue's local job leaves its process to the collector
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_jobs_of_a_queue_make_the_runs(tmp_path, monkeypatch):
    """As on SLURM, but for the queue: dask-jobqueue's own job class starts the same workers on this machine."""
    dask = pytest.importorskip("exitvoice.ensemble.executors.dask")
    local = pytest.importorskip("dask_jobqueue.local")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(path for path in sys.path if path)
    )  # the runner lies in tests

    def make():
        return local.LocalCluster(
            cores=1,
            processes=1,
            memory="1 GB",
            log_directory=str(tmp_path / "logs"),
            death_timeout=600,  # a worker that starts on a busy machine is not given up
            scheduler_options={"dashboard_address": None},
        )

    plan = plan_of(1.0, 3.0)
    execute(plan, tmp_path / "here", executor=Serial(), runner=quick)
    execute(plan, tmp_path / "there", executor=dask.Dask.of_jobs(1, make), runner=quick)
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_workers_are_kept_from_one_job_to_the_next():
    with Processes(1) as executor:
        for scale in (0.001, 0.001, 0.002):
            plan = replace(plan_of(1.0, 2.0), scale=scale)
            found = list(executor.outcomes(Job.of(plan, runner=quick), iter(Counted(plan))))
            results = [outcome for outcomes in found for outcome in outcomes]
            assert len(results) == 2
            assert {result.scenario_hash for result in results} == {
                plan.scenario_of(key).hash for key in plan.runs
            }
            (child,) = multiprocessing.active_children()
            assert child.is_alive()
            WORKERS.add(child.pid)
        assert len(WORKERS) == 1
    assert not multiprocessing.active_children()


def test_a_worker_does_not_grow_with_its_runs():
    """Runs that leave something behind would fill the memory of a long ensemble: it did, by 9 MB a run."""
    plan = Plan(
        load_scenario("minimal").with_changes({"clock.end": "2020-06-01"}), scale=0.001, replications=24
    )
    bench = Job.of(plan).bench()
    sizes = []
    for key in plan.runs:
        assert isinstance(bench.run(Task(key, ())), Result)
        sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20)
    assert sizes[-1] - sizes[3] < 20.0


WORKERS: set[int | None] = set()


def cannot_start() -> None:
    raise SystemExit(3)


class Broken:
    """Something that can be sent, but not read: its worker ends before it begins."""

    def __reduce__(self):
        return cannot_start, ()


def test_workers_that_never_start_are_an_error_and_not_an_endless_loop():
    plan = plan_of(1.0)
    with pytest.raises(InternalError, match="__main__"):
        list(Processes(1).outcomes(Job.of(plan, runner=Broken()), iter(Counted(plan))))


def test_a_failing_run_is_recorded_and_can_be_tried_again(tmp_path):
    plan = plan_of(1.0, FAILS)
    ensemble = execute(plan, tmp_path / "a", executor="serial", runner=quick)
    assert (ensemble.done, len(ensemble.failed), ensemble.complete) == (1, 1, True)
    assert f"parameters.risk_aversion_tail={FAILS}" in ensemble.failed[0].replay
    again = resume(tmp_path / "a", executor="serial", runner=mended)
    assert len(again.failed) == 1, "a run that failed has been done: it would fail again"
    again = resume(tmp_path / "a", executor="serial", runner=mended, retry_failed=True)
    assert (again.done, again.failed) == (2, ())
    execute(plan, tmp_path / "b", executor="serial", runner=mended)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def mended(scenario, **options):
    tail = min(scenario.values["risk_aversion_tail"], FAILS_ABOVE - 0.2)
    return quick(scenario.with_changes({"parameters.risk_aversion_tail": tail}), **options)


def test_what_was_asked_to_stop_can_be_finished(tmp_path):
    plan = plan_of(1.0, 2.0, 3.0, replications=4)
    stopped = execute(
        plan, tmp_path / "a", executor="serial", runner=quick, progress=lambda done, runs, failed: done < 5
    )
    assert (stopped.done, stopped.complete) == (5, False)
    made = []

    def counted(scenario, **options):
        made.append(options["seed"])
        return quick(scenario, **options)

    assert resume(tmp_path / "a", executor="serial", runner=counted).complete
    assert len(made) == 7, "exactly the missing ones"
    execute(plan, tmp_path / "b", executor="serial", runner=quick)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_an_interrupt_keeps_what_is_done(tmp_path):
    calls = []

    def interrupted(scenario, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return quick(scenario, **options)

    plan = plan_of(1.0, replications=9)
    stopped = execute(plan, tmp_path / "a", executor="serial", runner=interrupted)
    assert (stopped.done, stopped.complete) == (2, False)


def test_real_runs_here_and_in_processes_are_the_same(tmp_path):
    plan = Plan(load_scenario("minimal"), scale=0.02, replications=3, outputs=("dissent",))
    execute(plan, tmp_path / "here", executor="serial")
    execute(plan, tmp_path / "there", workers=2)
    assert contents(tmp_path / "here") == contents(tmp_path / "there")
    data = read_ensemble(tmp_path / "here")
    assert data["person_years"].std() > 0
    assert json.loads((tmp_path / "here" / "done.jsonl").read_text().splitlines()[0])["seed"] == "0"


def test_work_is_handed_out_by_the_second():
    pace = Pace()
    assert pace.at_once == 1
    pace.note(0.1, 10)
    assert pace.at_once == MOST_AT_ONCE
    pace.note(2.9, 20)
    assert pace.at_once == 10
    pace.note(1000.0, 1)
    assert pace.at_once == 1


@pytest.mark.parametrize(
    ("scale", "runs", "memory", "expected"),
    [
        (0.0004, 100, 64e9, Placement(8, 1)),
        (0.0004, 3, 64e9, Placement(3, 1)),
        (1.0, 100, 64e9, Placement(6, 1)),
        (1.0, 100, 16e9, Placement(1, 8)),
        (1.0, 1, 64e9, Placement(1, 8)),
        (1.0, 2, 64e9, Placement(2, 4)),
    ],
)
def test_processes_for_many_small_runs_and_threads_for_few_large_ones(scale, runs, memory, expected):
    assert choose_placement(load_scenario("china-2024"), scale, runs, cores=8, memory=memory) == expected
