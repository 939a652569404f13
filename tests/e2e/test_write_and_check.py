"""`new` and `check`: a starter that is good, and every mistake of a bad file at once."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def good(exitvoice: Call, tmp_path: Path) -> Path:
    assert exitvoice("new", "good.yaml").returncode == 0
    return tmp_path / "good.yaml"


def test_new_writes_a_commented_starter_that_is_good(process: Call, good: Path) -> None:
    text = good.read_text(encoding="utf-8")
    assert "format: exitvoice-scenario/1" in text
    assert len(re.findall(r"#", text)) >= 10
    checked = process("check", good)
    assert checked.returncode == 0, checked.stdout
    assert "1 file checked: no mistakes" in checked.stdout


def test_new_never_overwrites_without_force(exitvoice: Call, good: Path) -> None:
    good.write_text("mine", encoding="utf-8")
    refused = exitvoice("new", good)
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
    assert "--force" in refused.stderr
    assert good.read_text(encoding="utf-8") == "mine"
    assert exitvoice("new", good, "--force").returncode == 0
    assert "exitvoice-scenario/1" in good.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/my.yaml", "there is no folder"),
        ("folder.yaml", "is a folder"),
        ("my.txt", "does not end in .yaml"),
    ],
)
def test_new_says_why_it_cannot_write(exitvoice: Call, tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    finished = exitvoice("new", name, "--force")
    assert finished.returncode == 1
    assert reason in finished.stderr
    assert "Traceback" not in finished.stderr


def test_check_lists_every_mistake_with_its_place_and_cure(
    exitvoice: Call, good: Path, tmp_path: Path
) -> None:
    text = good.read_text(encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        re.sub("^theory: .*$", "theory: kurran", text, flags=re.MULTILINE).replace("step_days:", "step_dayz:")
        + "\nnonsense: 1\n",
        encoding="utf-8",
    )
    finished = exitvoice("check", bad)
    assert finished.returncode == 1
    for wanted in (
        "step_dayz",
        "nonsense",
        "did you mean: step_days",
        "did you mean: kuran",
        "why:",
        "mend:",
    ):
        assert wanted in finished.stdout, wanted
    assert re.search(rf"^{re.escape(str(bad))}:\d+:\d+: ", finished.stdout, re.MULTILINE)
    assert re.search(r"1 file checked: \d+ mistakes in 1", finished.stdout)


def test_check_takes_files_and_folders_and_counts_them(exitvoice: Call, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many" / "deeper"
    folder.mkdir(parents=True)
    (folder / "one.yaml").write_text(good.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "two.yml").write_text("format: exitvoice-scenario/1\n", encoding="utf-8")
    (folder / "three.txt").write_text("not looked at", encoding="utf-8")
    finished = exitvoice("check", good, tmp_path / "many", good)
    assert finished.returncode == 1
    assert "3 files checked" in finished.stdout
    assert "mistakes in 1" in finished.stdout
    assert f"good {good}" in finished.stdout
    assert f"bad  {folder / 'two.yml'}" in finished.stdout


def test_check_of_an_unknown_evidence_id_is_a_mistake(exitvoice: Call, good: Path) -> None:
    text = good.read_text(encoding="utf-8")
    assert "evidence:" in text or "assumed:" in text
    good.write_text(
        re.sub(r"^(\s+)assumed: .*$", r"\1evidence: [no-such-statement]", text, count=1, flags=re.MULTILINE),
        encoding="utf-8",
    )
    finished = exitvoice("check", good)
    assert finished.returncode == 1
    assert "unknown evidence 'no-such-statement'" in finished.stdout


@pytest.mark.parametrize("name", ["empty", "absent.yaml"])
def test_check_of_nothing_is_a_mistake(exitvoice: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    finished = exitvoice("check", name)
    assert finished.returncode == 1
    assert "1 mistake" in finished.stdout
    assert "Traceback" not in finished.stderr


def test_brackets_in_a_name_are_shown_as_they_are(exitvoice: Call, good: Path, tmp_path: Path) -> None:
    odd = tmp_path / "[red]odd[bold].yaml"
    good.rename(odd)
    finished = exitvoice("check", odd.name)
    assert finished.returncode == 0
    assert "[red]odd[bold].yaml" in finished.stdout
