"""The command in a real process, as a person calls it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "src"
Call = Callable[..., subprocess.CompletedProcess[str]]


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "default", "TERM": "dumb"}


def words(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "exitvoice", *map(str, arguments)]


@pytest.fixture
def exitvoice(tmp_path: Path) -> Call:
    """Call the command in an empty folder and return what it printed and its exit code."""

    def call(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
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
def small_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
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
