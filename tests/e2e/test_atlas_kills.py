"""An atlas killed in the middle goes on, and its table is that of one that was not killed, byte by byte."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.long
DESIGN = """\
format: exitvoice-atlas-design/1
name: small
title: A small world
scenario: minimal
about: For tests.
changes: {clock.end: 2020-04-01}
scale: 0.02
would_exist:
  - name: bound
    title: Share bound
    who: A survey, without places or names.
    measure: {of: [covered], take: last}
    over: {of: [persons], take: last}
    form: plain
    periods: {from: 2020-01-01, to: 2020-03-31, every: month}
    observation: {kind: survey, answer: direct, feigning_high: 0.1}
    assumed: A survey.
"""


def test_a_killed_atlas_goes_on_to_the_same_bytes(tmp_path):
    (tmp_path / "small.yaml").write_text(DESIGN, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "dumb"}

    def words(folder, workers):
        return [
            sys.executable, "-m", "exitvoice", "atlas", "--world", str(tmp_path / "small.yaml"), "--draws", "40",
            "--seed", "3", "--workers", str(workers), "-o", str(tmp_path / folder),
        ]  # fmt: skip

    killed = subprocess.Popen(
        words("a", 2), env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    journal = tmp_path / "a" / "draws" / "small" / "simulated.jsonl"
    end = time.monotonic() + 600
    while time.monotonic() < end and not (journal.exists() and journal.read_bytes().count(b"\n") >= 30):
        time.sleep(0.1)
    assert killed.poll() is None, "it ended before it could be killed"
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "a" / "atlas.csv").exists()
    for folder, workers in (("a", 2), ("b", 1)):
        finished = subprocess.run(
            words(folder, workers), env=environment, capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, finished.stderr
        assert "only by series that would have to exist" in finished.stdout
    one, other = ((tmp_path / folder / "atlas.csv").read_bytes() for folder in ("a", "b"))
    assert one == other
    made = journal.read_bytes()
    again = subprocess.run(words("a", 1), env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert journal.read_bytes() == made, "what is kept is not simulated again"
