"""`validate` as a person calls it: what it prints, keeps, draws anew and refuses."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.long
def test_one_pattern_is_run_printed_kept_and_drawn_anew(exitvoice: Call, tmp_path: Path) -> None:
    finished = exitvoice("validate", "--only", "p8", "--quick", "--workers", "1", "-o", "here")
    assert finished.returncode == 0, finished.stderr
    assert re.match(r"Human cost: [\d,.]+ .*person-years without freedom to leave", finished.stdout)
    assert "P8  Calm does not tell the hidden share" in finished.stdout
    assert "Quick: too few" in finished.stdout
    assert re.search(r"^run 5 of 5 \(100%\)", finished.stderr, re.MULTILINE)
    record = json.loads((tmp_path / "here" / "validate.json").read_text(encoding="utf-8"))
    assert [finding["pattern"] for finding in record["findings"]] == ["P8"]
    page = tmp_path / "here" / "validate.html"
    drawn = page.read_text(encoding="utf-8")
    again = exitvoice("validate", "--only", "P8", "--quick", "--workers", "1", "-o", "here")
    assert "5 runs, 0 failed" in again.stdout
    assert "run 1 of 5" not in again.stderr  # nothing is run twice
    page.unlink()
    assert exitvoice("report", "here").returncode == 0
    assert page.read_text(encoding="utf-8")[:15] == drawn[:15]


def test_an_unknown_pattern_is_refused_with_those_that_exist(exitvoice: Call) -> None:
    finished = exitvoice("validate", "--only", "P12")
    assert finished.returncode == 1
    assert "no pattern is called 'P12'" in finished.stderr
    assert "P1, P2" in finished.stderr
