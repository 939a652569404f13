"""A calibration killed in the middle goes on, and its posterior is that of one that was not killed, byte by byte."""

import os
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.long


def words(targets, folder):
    return [
        sys.executable, "-m", "exitvoice", "calibrate", "gdr-1989", "--to", str(targets), "--method", "bank",
        "--budget", "60", "--scale", "0.0003", "--seed", "3", "--workers", "2", "-o", str(folder),
    ]  # fmt: skip


@pytest.fixture
def targets(tmp_path):
    text = (files("exitvoice") / "library" / "targets" / "gdr-1989.yaml").read_text(encoding="utf-8")
    path = tmp_path / "short.yaml"
    path.write_text(text.replace("clock.start: 1988-01-04", "clock.start: 1988-12-26"), encoding="utf-8")
    return path


def test_a_killed_calibration_goes_on_to_the_same_bytes(targets, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "dumb"}
    killed = subprocess.Popen(
        words(targets, tmp_path / "a"), env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    journal = tmp_path / "a" / "simulated.jsonl"
    end = time.monotonic() + 300
    while time.monotonic() < end and not (journal.exists() and journal.read_bytes().count(b"\n") >= 8):
        time.sleep(0.1)
    assert killed.poll() is None, "it ended before it could be killed"
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    before = journal.read_bytes().count(b"\n")
    assert not (tmp_path / "a" / "posterior.npz").exists()
    for folder in ("a", "b"):
        finished = subprocess.run(
            words(targets, tmp_path / folder), env=environment, capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, finished.stderr
        assert "person-years without freedom to leave" in finished.stdout
    one, other = ((tmp_path / folder / "posterior.npz").read_bytes() for folder in ("a", "b"))
    assert one == other
    assert 8 <= before < 60
    assert journal.read_bytes().count(b"\n") == 60
    page = (tmp_path / "a" / "calibration.html").read_text(encoding="utf-8")
    assert "What the data told" in page
    assert "No verdict may rest on this posterior" in page
