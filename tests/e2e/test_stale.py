"""A statement changes: exactly what rests on it is made again, everything else stays byte for byte."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., subprocess.CompletedProcess[str]]
SHIPPED = Path(__file__).parents[2] / "src" / "exitvoice" / "library" / "evidence"
CHANGED = "  - id: belarus-secrets-procedure\n"
SHORT = ("--scale", "0.002", "--set", "clock.end=2021-04-01")


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.long
def test_a_changed_statement_remakes_what_rests_on_it_and_nothing_else(
    exitvoice: Call, tmp_path: Path
) -> None:
    made = [
        exitvoice("run", "belarus-2023", *SHORT, "-o", "runs/run"),
        exitvoice("ensemble", "belarus-2023", *SHORT, "-r", "2", "--workers", "1", "-o", "runs/ensemble"),
        exitvoice("compare", "belarus-2023", *SHORT[:2], "--set", "clock.end=2021-04-01", "--replications", "2",
                  "--threads", "1", "-o", "runs/compared"),
        exitvoice("run", "minimal", "--scale", "0.02", "-o", "runs/other"),
    ]  # fmt: skip
    assert [one.returncode for one in made] == [0] * 4, [one.stderr for one in made]
    ledger = tmp_path / "ledger"
    shutil.copytree(SHIPPED, ledger, ignore=shutil.ignore_patterns("hypotheses", "patterns", "series"))
    file = ledger / "statements-belarus.yaml"
    text = file.read_text(encoding="utf-8")
    assert CHANGED in text
    file.write_text(text.replace(CHANGED, f'{CHANGED}    last_seen: "2026"\n'), encoding="utf-8")
    before = contents(tmp_path / "runs")

    again = exitvoice("trace", "stale", "runs", "--evidence", "ledger", "--recompute")
    assert again.returncode == 0, again.stderr
    assert "3 of 4 results" in again.stdout
    after = contents(tmp_path / "runs")
    changed = {name.split("/")[0] for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"run", "ensemble", "compared"}
    assert "0 of 4 results" in exitvoice("trace", "stale", "runs", "--evidence", "ledger").stdout
    assert not [path for path in (tmp_path / "runs").iterdir() if path.name.startswith(".")]
