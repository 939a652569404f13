"""`--posterior` from the command to the manifest: which one was used, what it changes, and what is refused."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from exitvoice.calibration import Posterior, write_posterior
from exitvoice.calibration.posterior import GateRecord
from exitvoice.cli.app import app
from exitvoice.ensemble import factors_of, read_ensemble
from exitvoice.errors import InputError
from exitvoice.results import read_run
from exitvoice.scenario import load_scenario

WORLD = load_scenario("minimal")
NAMES = ("trip_wish_rate", "risk_aversion_tail")
SMALL = ("--scale", "0.02", "--seed", "3")
ALONE = (*SMALL, "--threads", "1")


def posterior(**changes):
    factors = factors_of(WORLD, NAMES)
    low, high = np.array([(factor.low, factor.high) for factor in factors]).T
    parts = {
        "scenario": "minimal", "scenario_hash": WORLD.hash, "targets": "t", "question": "q", "method": "bank",
        "design": "d", "factors": factors, "values": low + np.linspace(0.1, 0.9, 9)[:, np.newaxis] * (high - low),
        "weights": np.full(9, 1.0 / 9.0), "gate": GateRecord(passed=True, design="d"),
    }  # fmt: skip
    return Posterior(**(parts | changes))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_posterior(tmp_path_factory.mktemp("inferred") / "posterior.npz", posterior())


def call(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def said(result):
    return " ".join(result.output.split())


def fault(result):
    """Return the one mistake that a command was refused for."""
    assert isinstance(result.exception, InputError), result.output
    assert len(result.exception.mistakes) == 1
    return result.exception.mistakes[0].what


def manifest_of(folder, name="manifest.json"):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_a_run_stands_at_the_draw_that_was_asked_for_and_says_of_which_posterior(source, tmp_path):
    made = call(
        "run", "minimal", *ALONE, "--posterior", source, "--draw", 8, "--no-report", "-o", tmp_path / "a"
    )
    assert made.exit_code == 0, made.output
    manifest = manifest_of(tmp_path / "a")
    assert manifest["asked"]["posterior"] == posterior().record
    assert f"--posterior {source} --draw 8" in manifest["command"]
    world = type(WORLD).from_text(manifest["scenario_text"], name="kept")
    assert [world.values[name] for name in NAMES] == pytest.approx(list(posterior().values[8]))
    assert "A draw of the posterior of the targets t (q)." in manifest["scenario_text"]
    by_hand = [f"{name}={value!r}" for name, value in zip(NAMES, posterior().values[8].tolist(), strict=True)]
    plain = call("run", "minimal", *ALONE, *[w for one in by_hand for w in ("--set", one)], "--no-report",
                 "-o", tmp_path / "b")  # fmt: skip
    assert plain.exit_code == 0, plain.output
    one, other = (read_run(tmp_path / name).data for name in "ab")
    assert one["unfree_person_years"].equals(other["unfree_person_years"])
    assert "posterior" not in manifest_of(tmp_path / "b")["asked"]


def test_a_comparison_has_it_in_both_worlds_and_is_not_stale_afterwards(source, tmp_path):
    words = (
        "compare",
        "minimal",
        *ALONE,
        "--without",
        "consent",
        "--replications",
        "1",
        "--posterior",
        source,
    )
    made = call(*words, "-o", tmp_path / "twins")
    assert made.exit_code == 0, made.output
    manifest = manifest_of(tmp_path / "twins")
    assert [one["posterior"] for one in manifest["asked"]] == [posterior().record] * 2
    worlds = [type(WORLD).from_text(text, name="kept") for text in manifest["scenario_texts"]]
    middle = posterior().middle()
    assert all([world.values[name] for name in NAMES] == pytest.approx(list(middle)) for world in worlds)
    again = call("verify", tmp_path / "twins")
    assert again.exit_code == 0, again.output
    assert "Not stale" in said(again)


def test_the_points_of_an_ensemble_are_draws_of_it_and_its_plan_says_so(source, tmp_path):
    made = call("ensemble", "minimal", *SMALL, "--points", 6, "--workers", 1, "--posterior", source, "-o",
                tmp_path / "many")  # fmt: skip
    assert made.exit_code == 0, made.output
    plan = manifest_of(tmp_path / "many", "plan.json")
    assert plan["design"] == "posterior"
    assert plan["asked"]["posterior"] == posterior().record
    known = {tuple(row) for row in posterior().values.round(9).tolist()}
    assert {tuple(row) for row in np.array(plan["points"]).round(9).tolist()} <= known
    assert read_ensemble(tmp_path / "many").sizes["point"] == 6


def test_one_whose_gate_did_not_pass_may_be_run_and_is_named_in_the_manifest(tmp_path):
    failed = posterior(gate=GateRecord(passed=False, design="d", reasons=("no contraction",)))
    source = write_posterior(tmp_path / "failed.npz", failed)
    made = call("run", "minimal", *ALONE, "--posterior", source, "--no-report", "-o", tmp_path / "run")
    assert made.exit_code == 0, made.output
    assert "No verdict may rest on this posterior: The gate did not let it pass: no contraction." in said(
        made
    )
    record = manifest_of(tmp_path / "run")["asked"]["posterior"]
    assert not record["may_be_used"]
    assert "no contraction" in record["why_not"]


def bad_files(folder):
    (folder / "text.npz").write_text("trip_wish_rate: 1\n", encoding="utf-8")
    (folder / "empty").mkdir()
    cut = write_posterior(folder / "cut.npz", posterior())
    cut.write_bytes(cut.read_bytes()[:-40])
    write_posterior(folder / "other.npz", posterior(scenario="gdr-1989"))
    return {
        "none.npz": "no such file",
        "text.npz": "no posterior can be read here",
        "empty": "no such file",
        "cut.npz": "no posterior can be read here",
        "other.npz": "this posterior is of the world gdr-1989, not of",
    }


COMMANDS = {
    "run": ("run", "minimal"),
    "compare": ("compare", "minimal", "--without", "consent"),
    "ensemble": ("ensemble", "minimal", "--points", "3"),
    "claims": ("claims", "china-2024"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_file_is_one_clear_error_and_nothing_is_written(command, tmp_path):
    for name, what in bad_files(tmp_path).items():
        refused = call(*COMMANDS[command], "--posterior", tmp_path / name, "-o", tmp_path / "made")
        assert what in fault(refused), name
        assert not (tmp_path / "made").exists()


def test_a_draw_that_there_is_not_is_refused(source, tmp_path):
    far = call("run", "minimal", "--posterior", source, "--draw", 9, "-o", tmp_path / "made")
    assert fault(far) == "the posterior has 9 draws, counted from 0"
    none = call("run", "minimal", "--draw", 1, "-o", tmp_path / "made")
    assert fault(none) == "there is no posterior to draw from"
    other = call("compare", "minimal", "gdr-1989", "--posterior", source, "-o", tmp_path / "made")
    assert fault(other) == "this posterior is of the world minimal, not of gdr-1989"
