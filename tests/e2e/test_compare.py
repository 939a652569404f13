"""`compare`: what is printed, what is written, single lives, and the ways in which a call can be wrong."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr

Call = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]
QUICK = ("--scale", "0.3", "--replications", "2", "--threads", "1")


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("changes") / "changes.yaml"
    path.write_text("rules.custody: null\nrisk_aversion_tail: 1.5\n", encoding="utf-8")
    return path


def test_without_a_rule_the_human_cost_comes_first(process: Call, tmp_path: Path) -> None:
    finished = process(
        "compare", "minimal", "--without", "custody", *QUICK, "--follow", "1", "--output", "twins"
    )
    assert finished.returncode == 0, finished.stderr
    lines = [line for line in finished.stdout.splitlines() if line.strip()]
    assert re.match(r"Human cost, B against A: .+ person-years without the freedom to leave", lines[0])
    assert "synthetic" in finished.stdout
    assert "identical, bit by bit, in every replication" in finished.stdout
    assert "human cost by sector" in finished.stdout
    assert "human cost by rank" in finished.stdout
    assert "variance" in finished.stdout
    assert re.search(r"Life 1: clerks/(coast|inland) \d+\.\d+\.\d+", finished.stdout)
    assert re.search(r"u_\w+ \.\d+ [<\u2265]", finished.stdout)
    assert "100%" in finished.stderr
    folder = tmp_path / "twins"
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json",
        "report.html",
        "results.zarr",
        "ro-crate-metadata.json",
    ]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert len(page) < 8e6
    assert "Single lives in both worlds" in page
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("exitvoice compare minimal --without custody --scale 0.3 --seed 0")
    quarters = xr.open_zarr(folder / "results.zarr", group="quarters", consolidated=False, chunks=None)
    assert dict(quarters.sizes)["replication"] == 2
    assert list(quarters["world"].values) == ["A", "B"]


def test_changes_from_a_file_and_by_hand_are_one(exitvoice: Call, tmp_path: Path, changes: Path) -> None:
    by_file = exitvoice("compare", "minimal", "--with", changes, *QUICK, "--output", "by-file")
    by_hand = exitvoice(
        "compare", "minimal", "--without", "custody", "--set", "risk_aversion_tail=1.5", *QUICK, "--output", "by-hand"
    )  # fmt: skip
    assert by_file.returncode == by_hand.returncode == 0, by_file.stderr + by_hand.stderr
    one, other = (
        xr.open_zarr(tmp_path / name / "results.zarr", group="totals", consolidated=False).load()
        for name in ("by-file", "by-hand")
    )
    assert one.identical(other)


def test_two_scenarios_that_say_the_same_are_identical(exitvoice: Call, tmp_path: Path) -> None:
    assert exitvoice("new", "my.yaml").returncode == 0
    finished = exitvoice("compare", "minimal", "my.yaml", *QUICK, "--follow", "2")
    assert finished.returncode == 0, finished.stderr
    assert "B against A: no difference" in finished.stdout
    assert "the change touches nobody" in finished.stdout
    assert "No life is told" in finished.stdout
    assert (tmp_path / "runs" / "minimal-compared-seed0" / "report.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("minimal",), 2, "--without"),
        (("minimal", "--without", "curfew"), 1, "no item is called 'curfew'"),
        (("minimal", "--set", "risk_aversion_tale=1"), 1, "did you mean"),
        (("minimal", "--with", "nowhere.yaml"), 1, "there is no such file"),
        (("minimal", "china-2024"), 1, "do not step together"),
        (("minimal", "atlantis"), 1, "no such scenario"),
    ],
)
def test_a_wrong_call_is_one_clear_mistake(
    exitvoice: Call, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    finished = exitvoice("compare", *words, *QUICK)
    assert finished.returncode == code, finished.stderr
    assert said in " ".join(finished.stderr.split())
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "runs").exists()


def test_an_older_folder_is_replaced_only_with_force(exitvoice: Call, tmp_path: Path) -> None:
    words = (
        "compare",
        "minimal",
        "--without",
        "custody",
        "--scale",
        "0.1",
        "--replications",
        "1",
        "--output",
        "twins",
    )
    assert exitvoice(*words).returncode == 0
    refused = exitvoice(*words)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert exitvoice(*words, "--force").returncode == 0


def test_ctrl_c_keeps_the_replications_that_are_done(start: Start, tmp_path: Path) -> None:
    words = ("compare", "minimal", "--without", "custody", "--scale", "0.5", "--replications", "400")
    process = start(*words, "--output", tmp_path / "twins")
    assert process.stderr is not None
    for line in process.stderr:
        if re.match(r"step [\d,]+ of", line) and "(0%)" not in line:
            break
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert "Human cost, B against A" in printed
    assert re.search(r"Stopped after \d+ of 400 replications", told)
    manifest = json.loads((tmp_path / "twins" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["is_whole"] is False
    assert 1 <= len(manifest["seeds"]) < 400
