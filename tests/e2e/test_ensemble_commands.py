"""`ensemble`, `sweep` and `resume` as a person calls them: what they print, keep and refuse."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import exitvoice as xv
from exitvoice.ensemble import read_ensemble, read_failures
from support_ensemble import contents

Call = Callable[..., subprocess.CompletedProcess[str]]
TINY = ("--scale", "0.02")
SMALL, SHARED = (*TINY, "--workers", "1"), (*TINY, "--workers", "2")


def test_an_ensemble_prints_the_human_cost_first_and_is_one_dataset(process: Call, tmp_path: Path) -> None:
    finished = process("ensemble", "minimal", "-r", "3", "--without", "custody", "-o", "many", *SHARED)
    assert finished.returncode == 0, finished.stderr
    lines = [line for line in finished.stdout.splitlines() if line.strip()]
    assert re.match(r"Human cost: [\d,]+ \([\d,]+ to [\d,]+\) person-years without the freedom", lines[0])
    assert "without custody" in finished.stdout
    assert f"Ensemble: {tmp_path / 'many'}" in finished.stdout
    assert re.search(r"^run 6 of 6 \(100%\)", finished.stderr, re.MULTILINE)
    data = read_ensemble(tmp_path / "many")
    assert dict(data["person_years"].sizes) == {"variant": 2, "point": 1, "replication": 3}
    saved = data["person_years"].isel(variant=0, drop=True) - data["person_years"].isel(variant=1, drop=True)
    assert (saved >= 0).all(), "in no twin does the rule give freedom"
    assert (saved > 0).any(), "most persons are bound by the other rule as well, not all"
    crate = json.loads((tmp_path / "many" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert any(part["@type"] == "CreateAction" for part in crate["@graph"])


def test_a_run_of_an_ensemble_is_the_run_of_the_command(exitvoice: Call, tmp_path: Path) -> None:
    assert exitvoice("ensemble", "minimal", "-r", "1", "--seed", "7", "-o", "many", *SMALL).returncode == 0
    alone = exitvoice("run", "minimal", "--scale", "0.02", "--seed", "7", "-o", "one", "--no-report")
    assert alone.returncode == 0, alone.stderr
    one = xv.read_run(tmp_path / "one").data["unfree_person_years"].sum()
    assert float(read_ensemble(tmp_path / "many")["person_years"].squeeze()) == pytest.approx(
        float(one), rel=1e-6
    )


def test_a_sweep_is_every_combination_and_a_run_that_fails_ends_no_other(
    exitvoice: Call, tmp_path: Path
) -> None:
    over = ("--over", "rules.custody.trips_per_year=1,1.5,2", "--over", "risk_aversion_tail=1..5:2")
    finished = exitvoice("sweep", "minimal", *over, "-o", "swept", *SHARED)
    assert finished.returncode == 3, finished.stderr
    assert "2 of 6 runs failed" in finished.stderr
    assert "whole number" in finished.stderr
    data = read_ensemble(tmp_path / "swept")
    assert data["is_done"].squeeze().values.tolist() == [True, True, False, False, True, True]
    assert data["design"].values.tolist() == [[1, 1], [1, 5], [1.5, 1], [1.5, 5], [2, 1], [2, 5]]
    replay = shlex.split(read_failures(tmp_path / "swept")[0].replay)
    alone = exitvoice(*replay[1:])
    assert alone.returncode == 1
    assert "trips_per_year" in alone.stderr, "the command fails in the same way"


def test_a_hypercube_over_priors(exitvoice: Call, tmp_path: Path) -> None:
    vary = ("--vary", "all", "--vary", "rules.custody.coverage=0.2..0.4", "--points", "4")
    finished = exitvoice("ensemble", "minimal", *vary, "-o", "cube", *SMALL)
    assert finished.returncode == 0, finished.stderr
    data = read_ensemble(tmp_path / "cube")
    assert data.sizes["point"] == 4
    coverage = data["design"].sel(factor="rules.custody.coverage")
    assert ((coverage >= 0.2) & (coverage <= 0.4)).all()


def test_calling_again_goes_on_and_another_plan_is_refused(exitvoice: Call, tmp_path: Path) -> None:
    words = ("ensemble", "minimal", "-r", "2", "-o", "many", *SMALL)
    assert exitvoice(*words).returncode == 0
    before = contents(tmp_path / "many")
    again = exitvoice(*words)
    assert again.returncode == 0
    assert contents(tmp_path / "many") == before
    other = exitvoice(*words, "--seed", "1")
    assert other.returncode == 1
    assert "--force" in other.stderr
    assert exitvoice(*words, "--seed", "1", "--force").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ensemble", "minimal", "--vary", "run_gian"), "did you mean: run_gain"),
        (("ensemble", "minimal", "--vary", "run_gain=2..1"), "is no range"),
        (("ensemble", "minimal", "--without", "custdy"), "custody"),
        (("ensemble", "minimal", "--variant", "nameless"), "is no variant"),
        (("ensemble", "minimal", "--keep", "disent"), "did you mean: dissent"),
        (("sweep", "minimal", "--over", "run_gain=1"), "at least two"),
        (("sweep", "minimal", "--over", "run_gain=1,2", "--over", "run_gain=1,2"), "given twice"),
        (("resume", "nowhere"), "there is no ensemble"),
        (("ensemble", "minimal", "--dask", "tcp://127.0.0.1:1"), "no Dask scheduler answers"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_a_wrong_wish_is_a_mistake_before_anything_runs(
    exitvoice: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("exitvoice.ensemble.executors.dask.CONNECT_SECONDS", 1.0)
    finished = exitvoice(*words)
    assert finished.returncode == 1
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr
    assert "Human cost" not in finished.stdout


def test_a_design_that_cannot_be_is_a_wrong_call(exitvoice: Call) -> None:
    words = ("--vary", "run_gain", "--design", "sobol", "--points", "12")
    finished = exitvoice("ensemble", "minimal", *words)
    assert finished.returncode == 2
    assert "power of two" in finished.stderr


def test_a_dry_run_says_what_would_be_done(exitvoice: Call, tmp_path: Path) -> None:
    words = ("--slurm", "3", "--slurm-set", "cores=4", "--slurm-set", "queue=long", "--dry-run")
    finished = exitvoice("ensemble", "minimal", "-r", "50", "--without", "custody", *words)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("100 runs: 2 worlds x 1 points")
    assert "#SBATCH --cpus-per-task=4" in finished.stdout
    assert "#SBATCH -p long" in finished.stdout
    assert list(tmp_path.iterdir()) == []
