"""`run` and `report`: what is written, what is printed, and the ways in which writing can fail."""

import json
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import exitvoice as xv

Call = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]
Finished = subprocess.CompletedProcess[str]
SMALL = ("run", "minimal", "--scale", "0.5")


def manifest_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_a_run_is_a_folder_with_numbers_a_manifest_and_a_report(small_run: tuple[Path, Finished]) -> None:
    folder, _ = small_run
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json", "report.html", "results.zarr", "ro-crate-metadata.json",
    ]  # fmt: skip
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert len(page) < 8e6
    stored = xv.read_run(folder)
    assert stored.manifest["is_whole"] is True
    assert stored.data.sizes["time"] == stored.manifest["steps_planned"]
    assert stored.data.attrs["seed"] == "3"


def test_the_summary_begins_with_the_human_cost(small_run: tuple[Path, Finished]) -> None:
    folder, finished = small_run
    lines = [line for line in finished.stdout.splitlines() if line.strip()]
    assert re.match(r"Human cost: .+ person-years without the freedom to leave", lines[0])
    assert "synthetic" in finished.stdout
    assert lines[-1] == f"Report: {folder / 'report.html'}"


def test_progress_is_plain_lines_where_nobody_watches(small_run: tuple[Path, Finished]) -> None:
    _, finished = small_run
    assert re.search(r"^step [\d,]+ of [\d,]+ \(100%\), [12]\d,\d{3} persons", finished.stderr, re.MULTILINE)
    assert "\x1b" not in finished.stderr + finished.stdout


def test_the_manifest_holds_the_command_that_makes_the_run_again(
    process: Call, small_run: tuple[Path, Finished], tmp_path: Path
) -> None:
    folder, _ = small_run
    words = str(manifest_of(folder)["command"]).split()
    assert words[0] == "exitvoice"
    finished = process(*words[1:], "--output", tmp_path / "again", "--no-report")
    assert finished.returncode == 0, finished.stderr
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == [
        "manifest.json",
        "results.zarr",
        "ro-crate-metadata.json",
    ]
    assert xv.read_run(tmp_path / "again").data.identical(xv.read_run(folder).data)


def test_the_default_folder_is_named_by_scenario_and_seed(exitvoice: Call, tmp_path: Path) -> None:
    finished = exitvoice(*SMALL, "--seed", "5", "--no-report")
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "runs" / "minimal-seed5" / "manifest.json").is_file()


def test_an_older_run_is_replaced_only_with_force(exitvoice: Call, tmp_path: Path) -> None:
    target = tmp_path / "run"
    assert exitvoice(*SMALL, "--seed", "1", "--output", target, "--no-report").returncode == 0
    before = (target / "manifest.json").read_bytes()
    refused = exitvoice(*SMALL, "--seed", "2", "--output", target, "--no-report")
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert "simulat" not in refused.stderr, "it is refused before the work, not after it"
    assert (target / "manifest.json").read_bytes() == before
    assert exitvoice(*SMALL, "--seed", "2", "--output", target, "--no-report", "--force").returncode == 0
    assert xv.read_run(target).data.attrs["seed"] == "2"


def test_a_folder_that_is_no_run_is_never_replaced(exitvoice: Call, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    finished = exitvoice(*SMALL, "--output", "thesis", "--force")
    assert finished.returncode == 1
    assert "not a run" in finished.stderr
    assert (tmp_path / "thesis" / "chapter.txt").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize("place", ["file/below", "/proc/exitvoice-run", "x" * 300])
def test_a_place_that_cannot_be_written_is_one_clear_error(
    exitvoice: Call, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    finished = exitvoice(*SMALL, "--output", place)
    assert finished.returncode == 1
    assert finished.stderr.startswith("cannot write ")
    assert "Traceback" not in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def files_at_most(size: int) -> Callable[[], None]:
    """Return what a process does first so that no file it writes may grow beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_disk_that_fills_up_is_one_clear_error_and_leaves_nothing(
    process: Call, small_run: tuple[Path, Finished], tmp_path: Path
) -> None:
    assert small_run[0].is_dir(), "the shared run has filled Numba's cache, which must not meet the limit"
    finished = process(*SMALL, "--output", tmp_path / "run", preexec_fn=files_at_most(1000))
    assert finished.returncode == 1
    assert re.search(r"^cannot write .*run", finished.stderr, re.MULTILINE)
    assert "Traceback" not in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_where_only_the_page_does_not_fit_the_numbers_stay(
    process: Call, small_run: tuple[Path, Finished], tmp_path: Path
) -> None:
    assert small_run[0].is_dir()
    finished = process(*SMALL, "--output", tmp_path / "run", preexec_fn=files_at_most(100_000))
    assert finished.returncode == 1
    assert re.search(r"^cannot write .*report\.html", finished.stderr, re.MULTILINE)
    assert xv.read_run(tmp_path / "run").data.sizes["time"] > 0
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "manifest.json",
        "results.zarr",
        "ro-crate-metadata.json",
    ]


def test_a_change_is_made_and_kept_in_the_manifest(exitvoice: Call, tmp_path: Path) -> None:
    target = tmp_path / "run"
    changes = ("--set", "mechanisms.discipline=0", "--set", "risk_aversion_tail=1", "--theory", "epstein")
    finished = exitvoice(*SMALL, *changes, "--output", target, "--no-report")
    assert finished.returncode == 0, finished.stderr
    stored = xv.read_run(target)
    assert stored.data.attrs["theory"] == "epstein"
    assert float(stored.data["investigated"].sum()) == 0.0
    command = str(stored.manifest["command"])
    for words in (
        "--set mechanisms.discipline=0",
        "--set parameters.risk_aversion_tail=1",
        "--set theory=epstein",
    ):
        assert words in command


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("risk_aversion_tale=1", "did you mean"),
        ("kappa", "sets nothing"),
        ("sectors.clerks.persons=-1", "persons"),
        ("theory=x", "theory"),
    ],
)
def test_a_wrong_change_is_a_mistake(exitvoice: Call, tmp_path: Path, change: str, said: str) -> None:
    finished = exitvoice(*SMALL, "--set", change, "--output", tmp_path / "run")
    assert finished.returncode == 1
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "run").exists()


def test_a_file_of_ones_own_runs(process: Call, tmp_path: Path) -> None:
    assert process("new", "my.yaml").returncode == 0
    finished = process("run", "my.yaml", "--scale", "0.5", "--output", "mine")
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "mine" / "report.html").is_file()


def test_threads_change_no_bit(exitvoice: Call, tmp_path: Path) -> None:
    for threads in ("1", "2"):
        finished = exitvoice(*SMALL, "--threads", threads, "--output", f"run{threads}", "--no-report")
        assert finished.returncode == 0, finished.stderr
    one, two = (xv.read_run(tmp_path / name).data for name in ("run1", "run2"))
    assert one.identical(two)


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(start: Start, tmp_path: Path) -> None:
    target = tmp_path / "run"
    long = ("--set", "clock.end=2060-01-01", "--set", "sectors.clerks.persons=200000")
    process = start("run", "minimal", "--scale", "1", "--seed", "4", *long, "--output", target)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("step "):
            break
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    manifest = manifest_of(target)
    assert manifest["is_whole"] is False
    assert 0 < int(str(manifest["steps_done"])) < int(str(manifest["steps_planned"]))
    assert xv.read_run(target).data.sizes["time"] == manifest["steps_done"]
    assert "Human cost" in printed
    assert re.search(r"Stopped after [\d,]+ of [\d,]+ steps", told)
    assert f"--output {target} --force" in told
    # the same command goes on from there, and clears up
    kept = target.with_name(".run.under-way.npz")
    assert kept.exists()
    short = ("--set", "clock.end=2060-01-01", "--set", "sectors.clerks.persons=200000", "--no-report")
    again = start("run", "minimal", "--scale", "1", "--seed", "4", *short, "--output", target, "--force")
    printed, told = again.communicate(timeout=240)
    assert again.returncode == 0, told
    first = re.search(r"step ([\d,]+) of", told)
    assert first is not None and int(first[1].replace(",", "")) > int(str(manifest["steps_done"]))
    assert manifest_of(target)["is_whole"] is True and not kept.exists()


def test_report_draws_the_page_again(
    exitvoice: Call, small_run: tuple[Path, Finished], tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(small_run[0], folder)
    before = (folder / "report.html").read_text(encoding="utf-8")
    (folder / "report.html").unlink()
    finished = exitvoice("report", folder)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip() == f"Report: {folder / 'report.html'}"
    assert (folder / "report.html").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("damage", ["no folder", "no manifest", "not JSON", "no numbers"])
def test_report_of_something_that_is_no_run_is_one_clear_error(
    exitvoice: Call, small_run: tuple[Path, Finished], tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "copy"
    if damage != "no folder":
        shutil.copytree(small_run[0], folder)
    if damage == "no manifest":
        (folder / "manifest.json").unlink()
    elif damage == "not JSON":
        (folder / "manifest.json").write_text("{", encoding="utf-8")
    elif damage == "no numbers":
        shutil.rmtree(folder / "results.zarr")
    finished = exitvoice("report", folder)
    assert finished.returncode == 1
    assert "mend:" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.long
def test_the_china_scenario_runs_and_reports(process: Call, tmp_path: Path) -> None:
    finished = process("run", "china-2024", "--scale", "0.001", "--output", tmp_path / "china", timeout=1200)
    assert finished.returncode == 0, finished.stderr
    stored = xv.read_run(tmp_path / "china")
    assert stored.data.sizes["time"] == stored.manifest["steps_planned"]
    assert float(stored.data["unfree_person_years"].sum()) > 0
    assert (tmp_path / "china" / "report.html").stat().st_size < 8e6
