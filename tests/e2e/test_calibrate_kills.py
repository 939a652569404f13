"""A calibration killed in the middle goes on, and its posterior is that of one that was not killed, byte by byte."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "dumb"}
METHODS = {
    "bank": ("--budget", "60"),
    "abc": ("--budget", "120", "--population", "12", "--predictions", "20"),
}
#: Simulations of these streams before the kill: a bank's, or those of a generation after the first.
STREAM = {"bank": 0, "abc": 101}
pytestmark = pytest.mark.long


def words(method, targets, folder):
    return [
        sys.executable, "-m", "exitvoice", "calibrate", "gdr-1989", "--to", str(targets), "--method", method,
        *METHODS[method], "--scale", "0.0003", "--seed", "3", "--workers", "2", "-o", str(folder),
    ]  # fmt: skip


@pytest.fixture
def targets(tmp_path):
    text = (files("exitvoice") / "library" / "targets" / "gdr-1989.yaml").read_text(encoding="utf-8")
    path = tmp_path / "short.yaml"
    path.write_text(text.replace("clock.start: 1988-01-04", "clock.start: 1988-12-26"), encoding="utf-8")
    return path


def whole_lines(journal):
    content = journal.read_bytes() if journal.exists() else b""
    return content[: content.rfind(b"\n") + 1].splitlines(keepends=True)


def kill_in_the_middle(method, targets, folder):
    """Start it, kill it and its workers at once when enough is simulated, and return what the journal held."""
    running = subprocess.Popen(
        words(method, targets, folder), env=ENVIRONMENT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 300
    lines = []
    while time.monotonic() < end and running.poll() is None:
        lines = whole_lines(folder / "simulated.jsonl")
        if sum(json.loads(line)["run"][0] == STREAM[method] for line in lines) >= 8:
            break
        time.sleep(0.1)
    assert running.poll() is None, "it ended before it could be killed"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    return whole_lines(folder / "simulated.jsonl")


@pytest.mark.parametrize("method", METHODS)
def test_a_killed_calibration_goes_on_to_the_same_bytes(method, targets, tmp_path):
    kept = kill_in_the_middle(method, targets, tmp_path / "a")
    assert not (tmp_path / "a" / "posterior.npz").exists()
    for folder in ("a", "b"):
        finished = subprocess.run(
            words(method, targets, tmp_path / folder),
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        assert "person-years without freedom to leave" in finished.stdout
    one, other = ((tmp_path / folder / "posterior.npz").read_bytes() for folder in ("a", "b"))
    assert one == other
    # what was simulated before the kill is still there, and nothing of it was simulated again
    journal = whole_lines(tmp_path / "a" / "simulated.jsonl")
    assert journal[: len(kept)] == kept
    runs = [tuple(json.loads(line)["run"]) for line in journal]
    assert len(set(runs)) == len(runs) > len(kept)
    page = (tmp_path / "a" / "calibration.html").read_text(encoding="utf-8")
    assert "What the data told" in page
    assert "No verdict may rest on this posterior" in page
