"""Nothing is lost: real kills of real processes, and a folder that is then the undisturbed one, byte by byte."""

import contextlib
import fcntl
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support_ensemble import contents

SOURCE = Path(__file__).parents[2] / "src"
Call = Callable[..., subprocess.CompletedProcess[str]]
Finished = subprocess.CompletedProcess[str]
RUNS = 12
MANY = (
    "--scale",
    "1",
    "--set",
    "sectors.clerks.persons=100000",
)  # a run takes a quarter of a second: time to be killed
WORDS = ("ensemble", "minimal", "-r", str(RUNS), *MANY, "--keep", "dissent", "--seed", "3")
HERE = ("--workers", "2")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "dumb"}


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "exitvoice", *map(str, words)]


def begin(*words: str | Path, folder: Path, **options: Any) -> subprocess.Popen[str]:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # a group of its own, as a terminal gives one: Ctrl-C then reaches the workers as well
    return subprocess.Popen(
        list(map(str, words)),
        cwd=folder,
        env=environment(),
        start_new_session=True,
        **pipes,
        **options,
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    finished = subprocess.run(
        command(*WORDS, *HERE, "-o", "a"),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return contents(folder / "a")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start an ensemble and wait until some of its runs are done; whatever still runs in the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str | Path, done: int = 3) -> subprocess.Popen[str]:
        process = begin(*command(*WORDS, "-o", "a", *words), folder=tmp_path)
        running.append(process)
        wait_for(lambda: lines_of(tmp_path / "a") >= done or process.poll() is not None)
        return process

    yield start
    for process in running:
        with_group(process, signal.SIGKILL)
        process.communicate()


def with_group(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def wait_for(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def lines_of(folder: Path) -> int:
    path = folder / "done.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Processes that were spawned to make runs."""
    below = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in below if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def resumed(folder: Path, *words: str | Path, **options: Any) -> Finished:
    return subprocess.run(
        command("resume", "a", *words),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **options,
    )


def test_a_killed_worker_costs_nothing(
    started: Callable[..., subprocess.Popen[str]], undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    process = started(*HERE)
    victims = workers_of(process)
    assert len(victims) == 2
    os.kill(victims[0], signal.SIGKILL)
    wait_for(
        lambda: not is_alive(victims[0]) and (lines_of(tmp_path / "a") >= 7 or process.poll() is not None)
    )
    os.kill(victims[1], signal.SIGKILL)
    printed, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    assert "Human cost" in printed
    assert contents(tmp_path / "a") == undisturbed


def test_a_killed_main_process_loses_only_what_was_under_way(
    started: Callable[..., subprocess.Popen[str]], undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    process = started(*HERE)
    workers = workers_of(process)
    assert len(workers) == 2
    process.kill()
    process.wait()
    before = lines_of(tmp_path / "a")
    assert 3 <= before < RUNS
    wait_for(lambda: not any(map(is_alive, workers)), seconds=20.0)
    finished = resumed(tmp_path, *HERE)
    assert finished.returncode == 0, finished.stderr
    assert contents(tmp_path / "a") == undisturbed
    assert re.search(rf"^run {before} of {RUNS}", finished.stderr, re.MULTILINE), "it went on where it was"


@pytest.mark.long
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    started: Callable[..., subprocess.Popen[str]], undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    process = started(*HERE)
    workers = workers_of(process)
    with_group(process, signal.SIGINT)
    printed, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert "Human cost" in printed
    assert re.search(rf"Stopped after \d+ of {RUNS} runs", told)
    assert f"exitvoice resume {tmp_path / 'a'}" in told
    assert not any(map(is_alive, workers))
    assert resumed(tmp_path, *HERE).returncode == 0
    assert contents(tmp_path / "a") == undisturbed


@pytest.mark.long
def test_a_disk_that_fills_up_is_one_clear_error_and_keeps_what_is_done(
    started: Callable[..., subprocess.Popen[str]], undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    with_group(started(*HERE, done=2), signal.SIGINT)
    wait_for(lambda: not_locked(tmp_path / "a"))
    before = lines_of(tmp_path / "a")
    room = 130 * (before + 3)  # for about three lines more
    refused = resumed(
        tmp_path, *HERE, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    )
    assert refused.returncode == 1, refused.stderr
    assert re.search(r"^cannot write .*a: ", refused.stderr, re.MULTILINE)
    assert "Traceback" not in refused.stderr
    assert before <= lines_of(tmp_path / "a") < RUNS
    assert resumed(tmp_path, *HERE).returncode == 0
    assert contents(tmp_path / "a") == undisturbed


def not_locked(folder: Path) -> bool:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str], subprocess.Popen[str]]]:
    """A Dask scheduler and a worker with two processes, as `dask scheduler` and `dask worker` start them."""
    pytest.importorskip("distributed")
    place = tmp_path / "cluster.json"
    python, quiet = sys.executable, {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    tell = ("--scheduler-file", str(place))
    scheduler = subprocess.Popen(
        [python, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", *tell],
        env=environment(), cwd=tmp_path, start_new_session=True, **quiet,
    )  # fmt: skip
    wait_for(lambda: place.exists() and place.stat().st_size > 0)
    options = ("--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--death-timeout", "30")
    worker = subprocess.Popen(
        [python, "-m", "distributed.cli.dask_worker", *tell, *options],
        env=environment(), cwd=tmp_path, start_new_session=True, **quiet,
    )  # fmt: skip
    yield json.loads(place.read_text())["address"], scheduler, worker
    for process in (scheduler, worker):
        with_group(process, signal.SIGKILL)
        process.wait()


@pytest.mark.long
def test_a_killed_dask_scheduler_costs_only_what_was_under_way(
    started: Callable[..., subprocess.Popen[str]],
    cluster: tuple[str, subprocess.Popen[str], subprocess.Popen[str]],
    undisturbed: dict[str, bytes],
    tmp_path: Path,
) -> None:
    address, scheduler, _ = cluster
    process = started("--dask", address)
    assert process.poll() is None, process.communicate()
    with_group(scheduler, signal.SIGKILL)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    assert "the Dask scheduler is gone; what is done is kept" in told
    assert "Traceback" not in told
    assert 3 <= lines_of(tmp_path / "a") < RUNS
    assert resumed(tmp_path, *HERE).returncode == 0
    assert contents(tmp_path / "a") == undisturbed


@pytest.mark.long
def test_killed_dask_workers_cost_nothing(
    started: Callable[..., subprocess.Popen[str]],
    cluster: tuple[str, subprocess.Popen[str], subprocess.Popen[str]],
    undisturbed: dict[str, bytes],
    tmp_path: Path,
) -> None:
    address, _, nanny = cluster
    process = started("--dask", address)
    for pid in workers_of(nanny):
        os.kill(pid, signal.SIGKILL)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    assert contents(tmp_path / "a") == undisturbed
