"""`verify`: the same bits, other bits, what has changed since, and what is no run."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import zarr

Call = Callable[..., subprocess.CompletedProcess[str]]
Finished = subprocess.CompletedProcess[str]


@pytest.fixture
def run_copy(small_run: tuple[Path, Finished], tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    shutil.copytree(small_run[0], folder)
    return folder


def change_manifest(folder: Path, change: Callable[[dict], None]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_run_made_again_has_the_same_bits(process: Call, small_run: tuple[Path, Finished]) -> None:
    finished = process("verify", small_run[0])
    assert finished.returncode == 0, finished.stderr
    assert "Same, bit by bit: the run made again." in finished.stdout
    assert "Not stale" in finished.stdout
    assert "100%" in finished.stderr


def test_one_changed_number_is_found_and_named(exitvoice: Call, run_copy: Path) -> None:
    array = zarr.open_array(run_copy / "results.zarr" / "fled", mode="r+")
    array[7, 0, 0] = float(array[7, 0, 0]) + 1.0
    finished = exitvoice("verify", run_copy)
    assert finished.returncode == 1
    assert "Not the same" in finished.stdout
    said = " ".join(finished.stdout.split())
    assert "fled: 1 of 840 values differ, first at 2020-02-19, by at most 1" in said
    assert "Traceback" not in finished.stderr


def test_what_changed_since_is_listed(exitvoice: Call, run_copy: Path) -> None:
    def change(manifest: dict) -> None:
        manifest["rests_on"]["priors"]["run_gain"] = "0" * 16
        del manifest["rests_on"]["priors"]["run_fade_weeks"]
        manifest["scenario_text"] = manifest["scenario_text"].replace("A small world", "A tiny world")
        manifest["versions"]["numpy"] = "1.0"

    change_manifest(run_copy, change)
    finished = exitvoice("verify", run_copy)
    assert finished.returncode == 0, "the bits are the same"
    assert "prior run_gain: changed" in finished.stdout
    assert "prior run_fade_weeks: is new" in finished.stdout
    assert "scenario title: changed" in finished.stdout
    assert "numpy 1.0 then" in finished.stdout


def test_a_manifest_without_hashes_says_what_cannot_be_checked(exitvoice: Call, run_copy: Path) -> None:
    def change(manifest: dict) -> None:
        del manifest["rests_on"], manifest["asked"]

    change_manifest(run_copy, change)
    finished = exitvoice("verify", run_copy)
    assert finished.returncode == 0, finished.stderr
    assert "Not checked:" in finished.stdout
    assert "keeps no hashes" in finished.stdout


def test_an_unfinished_run_is_compared_as_far_as_it_goes(exitvoice: Call, run_copy: Path) -> None:
    import exitvoice as xv
    from exitvoice.results.store import write_run

    stored = xv.read_run(run_copy)
    write_run(run_copy, stored.data.isel(time=slice(0, 20)), stored.manifest, force=True)
    finished = exitvoice("verify", run_copy)
    assert finished.returncode == 0, finished.stderr
    assert "Same, bit by bit" in finished.stdout


def test_a_folder_that_is_no_run_is_one_clear_error(exitvoice: Call, tmp_path: Path) -> None:
    finished = exitvoice("verify", tmp_path)
    assert finished.returncode == 1
    assert "mend:" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_manifest_that_says_too_little_is_one_clear_error(exitvoice: Call, run_copy: Path) -> None:
    change_manifest(run_copy, lambda manifest: manifest["run"].pop("seed"))
    finished = exitvoice("verify", run_copy)
    assert finished.returncode == 1
    assert "does not say what was run" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small worlds in two replications."""
    from typer.testing import CliRunner

    from exitvoice.cli.app import app

    folder = tmp_path_factory.mktemp("twins") / "twins"
    words = ["compare", "minimal", "--without", "custody", "--scale", "0.05", "--replications", "2"]
    result = CliRunner().invoke(
        app, [*words, "--threads", "1", "--output", str(folder)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return folder


def test_a_comparison_made_again_has_the_same_bits(exitvoice: Call, compared: Path, tmp_path: Path) -> None:
    finished = exitvoice("verify", compared)
    assert finished.returncode == 0, finished.stderr
    assert "Same, bit by bit: 2 of 2 runs made again." in finished.stdout
    assert "Not stale" in finished.stdout
    folder = tmp_path / "twins"
    shutil.copytree(compared, folder)
    array = zarr.open_array(folder / "results.zarr" / "totals" / "unfree_person_years", mode="r+")
    array[1, 0, 0, 0] = float(array[1, 0, 0, 0]) + 1.0

    def change(manifest: dict) -> None:
        manifest["rests_on"][1]["priors"]["run_gain"] = "0" * 16

    change_manifest(folder, change)
    finished = exitvoice("verify", folder, "--sample", "9")
    assert finished.returncode == 1
    said = " ".join(finished.stdout.split())
    assert "replication 1, totals: unfree_person_years: 1 of" in said
    assert "prior run_gain: changed" in said


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ensemble: two worlds in two replications."""
    from exitvoice.ensemble import Plan, Variant, execute
    from exitvoice.scenario import load_scenario

    plan = Plan(
        load_scenario("minimal"),
        scale=0.05,
        variants=(Variant(), Variant("free", {"rules.custody": None})),
        replications=2,
    )
    return execute(plan, tmp_path_factory.mktemp("many") / "ensemble", executor="serial").folder


def test_runs_of_an_ensemble_made_again_have_the_same_bits(exitvoice: Call, ensemble: Path) -> None:
    finished = exitvoice("verify", ensemble)
    assert finished.returncode == 0, finished.stderr
    assert "Same, bit by bit: 3 of 4 runs made again." in finished.stdout
    everything = exitvoice("verify", ensemble, "--all")
    assert "4 of 4 runs" in everything.stdout


def test_a_changed_run_of_an_ensemble_is_found(exitvoice: Call, ensemble: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ensemble"
    shutil.copytree(ensemble, folder)
    root = zarr.open_group(folder / "results.zarr", mode="r+")
    name = next(iter(root.array_keys()))
    array = root[name]
    array[1, 0, 1] = array[1, 0, 1] + 1.0
    finished = exitvoice("verify", folder, "--all")
    assert finished.returncode == 1
    assert "variant 'free', point 0, replication 1" in " ".join(finished.stdout.split())


def test_what_changed_since_an_ensemble_is_listed(exitvoice: Call, ensemble: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ensemble"
    shutil.copytree(ensemble, folder)
    path = folder / "rests-on.json"
    support = json.loads(path.read_text(encoding="utf-8"))
    support["priors"]["run_gain"] = "0" * 16
    path.write_text(json.dumps(support), encoding="utf-8")
    finished = exitvoice("verify", folder, "--sample", "1")
    assert finished.returncode == 0, finished.stderr
    assert "prior run_gain: changed" in finished.stdout
    path.unlink()
    assert "keeps no hashes" in exitvoice("verify", folder, "--sample", "1").stdout
