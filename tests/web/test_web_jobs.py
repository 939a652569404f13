"""The queue: nothing is lost, whoever is killed; nobody writes into a job that another has taken up."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import xarray as xr

from exitvoice.errors import OutputError
from exitvoice.results import read_run
from exitvoice.results.tables import safe_cell
from exitvoice.scenario import load_scenario
from exitvoice.web import Bounds
from exitvoice.web.jobs import FullError, State, Store
from exitvoice.web.jobs.crew import Crew
from exitvoice.web.jobs.files import quarters_table, write_csv
from exitvoice.web.jobs.job import RunOrder
from exitvoice.web.jobs.shown import from_json
from exitvoice.web.jobs.store import LeaseLostError
from support_page import serving, visitor, wait_until

SHORT = load_scenario("minimal").with_changes({"clock.end": "2020-07-01"})
ORDER = RunOrder(text=SHORT.text, scale=0.05, seed=1)
MANY = {"clock.end": "2060-01-01", "sectors.clerks.persons": 400_000}
LONG = RunOrder(text=load_scenario("minimal").with_changes(MANY).text, scale=1.0, seed=1)
"""Some ten seconds of work: what is asked of it while it runs comes in time on any machine."""
MEMORY = 4 * 2**30


def add(store: Store, title: str = "a job", order: RunOrder = ORDER, most: int = 100) -> str:
    return store.add(order, title=title, most_waiting=most).id


# --- the store ------------------------------------------------------------------------------------------------------


def test_jobs_are_taken_up_in_the_order_in_which_they_came(tmp_path):
    store = Store(tmp_path)
    made = [add(store, str(number)) for number in range(4)]
    assert [job.id for job in store.jobs()] == made[::-1]
    assert [store.take("me").id for _ in made] == made and store.take("me") is None
    assert store.order(made[0]) == ORDER and store.job("0" * 24) is None and store.order("0" * 24) is None


def test_the_queue_has_an_end(tmp_path):
    store = Store(tmp_path)
    add(store, most=1)
    with pytest.raises(FullError, match="1 jobs are waiting"):
        add(store, most=1)


def test_no_two_workers_take_one_job(tmp_path):
    store = Store(tmp_path)
    made = {add(store) for _ in range(40)}
    taken: list[str] = []

    def work(name: str) -> None:
        while job := store.take(name):
            taken.append(job.id)

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(taken) == 40 and set(taken) == made


def test_whoever_lost_the_lease_writes_no_more(tmp_path):
    store = Store(tmp_path)
    made = add(store)
    store.take("first")
    assert store.tell(made, "first", done=1, total=9, note="at it", live="{}")
    assert store.take_back(lease="first") == 1
    store.take("second")
    with pytest.raises(LeaseLostError):
        store.tell(made, "first", done=2, total=9, note="still here")
    with pytest.raises(LeaseLostError):
        store.end(made, "first", State.DONE)
    store.end(made, "second", State.DONE, outcome="{}")
    assert (store.job(made).state, store.live(made), store.outcome(made)) == (State.DONE, "", "{}")


def test_a_job_that_ends_its_workers_is_given_up(tmp_path):
    store = Store(tmp_path)
    made = add(store)
    for attempt in range(3):
        assert store.take("me").attempts == attempt + 1
        store.take_back()
    job = store.job(made)
    assert job.state is State.FAILED and "ended 3 times" in job.note
    store.resume(made, most_waiting=9)
    assert store.job(made).state is State.WAITING and store.take("me").attempts == 1


def test_the_jobs_that_ended_longest_ago_make_room(tmp_path):
    store = Store(tmp_path)
    made = [add(store, f"job {n}") for n in range(5)]
    for job_id in made[:4]:
        store.take("me")
        store.place(job_id).mkdir(parents=True)
        store.end(job_id, "me", State.DONE)
    store.make_room(2)
    assert [job.id for job in store.jobs()] == [made[4], made[3], made[2]]  # what waits stays
    assert [store.place(job_id).exists() for job_id in made] == [False, False, True, True, False]


def test_a_waiting_job_is_stopped_at_once_and_a_running_one_is_asked(tmp_path):
    store = Store(tmp_path)
    first, second = add(store), add(store)
    store.take("me")
    store.ask_stop(first)
    store.ask_stop(second)
    assert not store.tell(first, "me", done=1, total=2, note="")
    assert store.job(second).state is State.STOPPED


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(tmp_path):
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1", '=HYPERLINK("http://x")'):
        assert safe_cell(text).startswith("'")
    assert (safe_cell("teachers"), safe_cell(-1.5)) == ("teachers", -1.5)
    write_csv(tmp_path / "t.csv", ["=a"], [["=b", -1]])
    assert (tmp_path / "t.csv").read_text() == "'=a\n'=b,-1\n"


def test_the_list_is_kept_until_a_job_says_something_new(tmp_path):
    with serving(tmp_path) as page, visitor(page) as client:
        store = Store(page.folder)
        assert "Nothing has been ordered" in client.get("/jobs").text
        made = add(store, "the first")
        assert "the first" in client.get("/jobs").text
        assert client.get("/jobs").content == client.get("/jobs").content
        store.take("me")
        store.tell(made, "me", done=3, total=9, note="at it")
        assert "At it: 33% done" in client.get("/jobs").text
        store.end(made, "me", State.STOPPED, note="Stopped when asked.")
        assert "Stopped when asked." in client.get("/jobs").text


# --- real workers ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("page"), with_workers=True) as settings:
        yield settings


@pytest.mark.long
def test_an_order_becomes_a_report_numbers_and_a_table(page):
    store = Store(page.folder)
    with visitor(page) as client:
        answer = client.post("/run/minimal", data={"scale": "0.05", "seed": "3", "p.run_gain": "8"})
        place = answer.headers["location"]
        events = client.get(f"{place}/events").text  # ends when the job does
        assert '"state": "done"' in events.split("data: ")[-1]
        made = place.removeprefix("/jobs/")
        shown = from_json(store.outcome(made))
        text = client.get(place).text
        assert shown.unit == "person-years without freedom to leave" and shown.total in text
        assert text.index(shown.total) < text.index("Persons bound") if "Persons bound" in text else True
        zarr = client.get(f"{place}/files/zarr")
        assert zarr.headers["content-disposition"].startswith("attachment")
        target = page.folder / "away.zip"
        target.write_bytes(zarr.content)
        with zipfile.ZipFile(target) as packed:
            packed.extractall(page.folder / "away")
        run = read_run(page.folder / "away" / "results")
        assert run.data.attrs["seed"] == "3"
        columns, rows = quarters_table(run.data)
        table = client.get(f"{place}/files/csv").text.splitlines()
        assert len(table) == len(rows) + 1 and table[0].startswith("quarter begins,sector,")
        assert columns[2].startswith("unfree_person_years")
        report = client.get(f"{place}/report")
        assert report.headers["content-security-policy"].startswith("sandbox allow-scripts;")
        assert "8 " in text or "run_gain" in report.text


def test_the_page_s_run_is_the_command_line_s_run(page):
    """Same scenario, seed and scale: the same bits as `simulate` here."""
    from exitvoice.run import simulate

    store = Store(page.folder)
    made = add(store)
    wait_until(lambda: store.job(made).state.is_over)
    mine = simulate(SHORT, seed=1, scale=0.05).data
    xr.testing.assert_equal(read_run(store.place(made) / "results").data, mine)


def test_stopping_keeps_what_is_done(page):
    store = Store(page.folder)
    made = add(store, order=LONG)
    wait_until(lambda: store.job(made).done > 5)
    with visitor(page) as client:
        assert client.post(f"/jobs/{made}/stop").status_code == 303
        wait_until(lambda: store.job(made).state.is_over)
        text = client.get(f"/jobs/{made}").text
    assert store.job(made).state is State.STOPPED and "Take it up again" in text
    assert "This run was stopped after step" in text
    assert read_run(store.place(made) / "results").manifest["is_whole"] is False


@pytest.mark.long
def test_a_killed_worker_loses_nothing(page):
    store = Store(page.folder)
    made = add(store, order=LONG)
    wait_until(lambda: store.job(made).done > 2)
    worker = int(subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"], capture_output=True, text=True, check=True
    ).stdout.split()[0])  # fmt: skip
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: store.job(made).attempts == 2 and store.job(made).done > 2)
    store.ask_stop(made)
    wait_until(lambda: store.job(made).state.is_over)
    assert store.job(made).state is State.STOPPED


@pytest.mark.long
def test_a_job_that_needs_too_much_memory_is_told_so_and_takes_nothing_from_others(tmp_path):
    whole = RunOrder(text=load_scenario("china-2024").text, scale=1.0, seed=1)  # 100 million persons, 2 GB
    with (
        serving(tmp_path, with_workers=True, bounds=Bounds(memory=900 * 2**20)) as page,
        visitor(page) as client,
    ):
        store = Store(page.folder)
        made = [add(store), add(store, order=whole), add(store)]
        wait_until(lambda: all(store.job(one).state.is_over for one in made), seconds=300)
        assert [store.job(one).state for one in made] == [State.DONE, State.FAILED, State.DONE]
        text = client.get(f"/jobs/{made[1]}").text
        assert "more memory than a job may have here, which is 0.88 GiB" in text and "smaller scale" in text
        assert "Take it up again" in text
        assert [store.job(one).attempts for one in made] == [1, 1, 1]  # no worker was lost to it


def test_one_server_for_one_folder(page):
    with pytest.raises(OutputError, match="another server works"):
        Crew(Store(page.folder), workers=1, memory=MEMORY).begin()


# --- a real server, killed ------------------------------------------------------------------------------------------


def _start(folder: Path, port: int) -> subprocess.Popen:
    words = [sys.executable, "-m", "exitvoice", "serve", "--folder", str(folder), "--port", str(port)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_server_that_is_ended_goes_on_where_it_was(tmp_path, how):
    from support_page import free_port

    store = Store(tmp_path)
    made = [add(store, order=LONG if number == 0 else ORDER) for number in range(3)]
    first = _start(tmp_path, free_port())
    try:
        wait_until(lambda: store.job(made[0]).done > 2)
    finally:
        first.send_signal(how)
        first.wait(timeout=60)
    assert store.job(made[1]).state is State.WAITING
    second = _start(tmp_path, free_port())
    try:
        wait_until(lambda: store.job(made[0]).state is State.RUNNING and store.job(made[0]).done > 2)
        store.ask_stop(made[0])
        wait_until(lambda: all(store.job(one).state.is_over for one in made))
    finally:
        second.send_signal(signal.SIGINT)
        second.wait(timeout=60)
    assert [store.job(one).state for one in made] == [State.STOPPED, State.DONE, State.DONE]
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
