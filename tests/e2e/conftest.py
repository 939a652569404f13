"""The command as a person calls it: in this process, where that shows all there is to see, or in one of its own."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exitvoice.cli.app import main

SOURCE = Path(__file__).parents[2] / "src"
Finished = subprocess.CompletedProcess[str]
Call = Callable[..., Finished]


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "default", "TERM": "dumb"}


def words(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "exitvoice", *map(str, arguments)]


@pytest.fixture
def exitvoice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command in an empty folder and return what it printed and its exit code.

    It is called in this process: one of its own spends some four seconds on imports and on reading kernels, each
    time. What only a process can show (signals, limits, a start from nothing) asks for `process`.
    """
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Finished:
        given = ["exitvoice", *map(str, arguments)]
        printed, told, code = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            try:
                main(given[1:])
            except SystemExit as leaving:
                code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        return subprocess.CompletedProcess(given, code, printed.getvalue(), told.getvalue())

    return call


@pytest.fixture
def process(tmp_path: Path) -> Call:
    """Call the command in a process of its own, in an empty folder, as a person does."""

    def call(*arguments: str | Path, **options: Any) -> Finished:
        settings: dict[str, Any] = {"cwd": tmp_path, "env": environment(), "timeout": 300} | options
        return subprocess.run(words(*arguments), capture_output=True, text=True, check=False, **settings)

    return call


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command and leave it running; whatever still runs at the end of the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            words(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment(),
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    """One run of the smallest scenario, shared by the tests that only look at it; it also fills Numba's cache."""
    folder = tmp_path_factory.mktemp("small") / "run"
    finished = subprocess.run(
        words("run", "minimal", "--scale", "1", "--seed", "3", "--output", folder),
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr
    return folder, finished
