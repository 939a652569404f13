"""Long work goes on from what is done, whoever is killed, and gives the bits of work that was never interrupted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from exitvoice.analysis.compare import twins
from exitvoice.results import read_run
from exitvoice.results.comparison import read_comparison
from exitvoice.run import simulate
from exitvoice.scenario import load_scenario
from exitvoice.web.jobs import State, Store
from exitvoice.web.jobs.job import RunOrder, TwinsOrder
from support_page import free_port, serving, visitor, wait_until

HERE, SCALE = load_scenario("china-2024"), 0.02
THERE = HERE.with_changes({f"rules.{next(iter(HERE.rules)).id}": None})
RUN = RunOrder(text=HERE.text, scale=SCALE, seed=7)
TWINS = TwinsOrder(
    texts=(HERE.text, THERE.text), names=("here", "there"), scale=0.001, seed=4, replications=3, lives=0
)
"""Some twenty and ten seconds of work: a stop or a kill that comes late still finds it under way, and kept twice."""


def add(store: Store, order) -> str:
    return store.add(order, title="a job", most_waiting=9).id


def steps_kept(place: Path) -> int:
    with np.load(place / "run.npz", allow_pickle=False) as kept:
        return int(kept["steps"])


def first_told(store: Store, job: str, *, attempt: int) -> int:
    """Return how far a job says it is when it is taken up again: the first step of its own that it tells of."""
    wait_until(lambda: store.job(job).attempts == attempt and store.job(job).note == "simulating")
    return store.job(job).done


def start(folder: Path) -> subprocess.Popen:
    words = [sys.executable, "-m", "exitvoice", "serve", "--folder", str(folder), "--port", str(free_port())]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def workers_of(process: int) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(process), "-f", "spawn_main"], capture_output=True, text=True, check=False
    )
    return [int(one) for one in found.stdout.split()]


@pytest.mark.long
def test_a_run_and_a_comparison_that_were_stopped_go_on_with_the_same_bits(tmp_path):
    with serving(tmp_path, with_workers=True) as page, visitor(page) as client:
        store = Store(page.folder)
        run, pair = add(store, RUN), add(store, TWINS)
        for job in (run, pair):
            wait_until(lambda job=job: store.job(job).done > 5)
            client.post(f"/jobs/{job}/stop")
            wait_until(lambda job=job: store.job(job).state.is_over)
            assert store.job(job).state is State.STOPPED
        before, pairs = (
            steps_kept(store.place(run)),
            len(list((store.place(pair) / "replications").glob("*/said.json"))),
        )
        assert 5 < before < HERE.grid.steps and pairs < TWINS.replications
        for job in (run, pair):
            client.post(f"/jobs/{job}/resume")
            wait_until(lambda job=job: store.job(job).state.is_over)
            assert store.job(job).state is State.DONE and store.job(job).attempts == 1
        assert not list(store.place(run).glob("*.npz")) and not (store.place(pair) / "replications").exists()
        mine = simulate(HERE, seed=7, scale=SCALE, threads=1).data
        xr.testing.assert_equal(read_run(store.place(run) / "results").data, mine)
        tables = read_comparison(store.place(pair) / "results").tables
        whole = twins(HERE, THERE, seed=4, scale=TWINS.scale, replications=3, threads=1)
        for name in ("quarters", "totals"):
            xr.testing.assert_equal(tables[name], getattr(whole, name))


@pytest.mark.long
def test_a_run_goes_on_when_its_server_and_then_its_worker_are_killed(tmp_path):
    store = Store(tmp_path)
    job = add(store, RUN)
    place = store.place(job)
    first = start(tmp_path)
    try:
        wait_until((place / "run.npz").exists)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=60)
    kept = steps_kept(place)
    assert kept > 20
    second = start(tmp_path)
    try:
        assert kept < first_told(store, job, attempt=2)
        wait_until(lambda: steps_kept(place) > kept)
        for worker in workers_of(second.pid):
            os.kill(worker, signal.SIGKILL)
        kept = steps_kept(place)
        assert kept < first_told(store, job, attempt=3)
        wait_until(lambda: store.job(job).state.is_over)
    finally:
        second.send_signal(signal.SIGINT)
        second.wait(timeout=60)
    assert store.job(job).state is State.DONE
    mine = simulate(HERE, seed=7, scale=SCALE).data
    xr.testing.assert_equal(read_run(place / "results").data, mine)


def test_a_server_that_ends_in_order_takes_no_patience_from_its_jobs(tmp_path):
    """Three restarts are no three kills: a long job outlives them."""
    store = Store(tmp_path)
    job = add(store, RUN)
    for _ in range(5):
        assert store.take("me").id == job
        store.put_back()
    assert store.job(job).state is State.WAITING and store.take("me").attempts == 1


def test_a_folder_of_an_earlier_version_is_opened(tmp_path):
    import sqlite3

    job = add(Store(tmp_path), RUN)
    with sqlite3.connect(tmp_path / "jobs.sqlite") as database:
        database.execute("ALTER TABLE jobs DROP COLUMN remaining")
    database.close()
    assert Store(tmp_path).job(job).remaining == 0.0
    assert json.loads(Store(tmp_path).order(job).model_dump_json())["seed"] == 7


def test_the_time_left_counts_from_where_work_went_on(tmp_path, monkeypatch):
    from exitvoice.web.jobs import telling

    now = [100.0]
    monkeypatch.setattr(telling.time, "monotonic", lambda: now[0])
    store = Store(tmp_path)
    job = add(store, RUN)
    store.take("me")
    tell = telling.Telling(store, job, "me")
    tell(0, 1000, "compiling the model")
    now[0] += 30.0
    tell(900, 1000, "simulating")  # taken up there
    assert store.job(job).remaining == 0.0
    now[0] += 5.0
    tell(950, 1000, "simulating")
    assert store.job(job).remaining == pytest.approx(5.0)
    now[0] += 5.0
    tell(10, 80, "following single lives")
    assert store.job(job).remaining == 0.0
