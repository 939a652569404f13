"""A real board of a small world, a few dozen runs: its counter-example is the least there is, and it can be verified.

In this world two groups of one size are bound by a rule each. The claim is that fewer than three in five persons are
bound. With the shares of units that apply the rules at .2 each it holds; it is false where they sum to more than 1.2.
Either rule alone (at most .9, the other at .2) never makes it false: the least that turns it is both together.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr
from typer.testing import CliRunner, Result

import exitvoice.claims
from exitvoice.calibration import Posterior, read_posterior, write_posterior
from exitvoice.claims import Worlds, read_judgement
from exitvoice.claims.counterexamples import read_case, replay
from exitvoice.claims.load import Board
from exitvoice.cli.app import app
from exitvoice.ensemble import factors_of
from exitvoice.scenario import load_scenario
from support_claims import board, hypothesis

pytestmark = pytest.mark.long

RULES = ("rules.consent.coverage", "rules.custody.coverage")
HELD = {"ranks": "all", "regions": "all", "service": "all"}
CHANGES = {
    "sectors.guards.persons": 16000,
    "rules.consent.applies_to": {"sectors": ["clerks"], **HELD},
    "rules.custody.applies_to": {"sectors": ["guards"], **HELD},
    "rules.custody.announced": "2019-01-01",
    "rules.custody.from": "2019-06-01",
    **dict.fromkeys(RULES, 0.2),
}
RANGE = {"low": 0.0, "high": 0.9, "title": "share of units", "why": "an invented rule"}
WORLDS = Worlds.model_validate_json(
    json.dumps(
        {
            "format": "exitvoice-worlds/1",
            "scenario": "minimal",
            "clock": {"start": "2020-01-01", "end": "2021-01-01"},
            "common": {"title": "two groups, a rule each", "changes": CHANGES},
            "ranges": dict.fromkeys(RULES, RANGE),
            "worlds": {"as-it-stands": {"title": "as it stands"}},
        }
    )
)
FEW_BOUND = hypothesis(
    part={
        "intervention": None, "outcome": "covered", "measure": "level", "direction": "below", "threshold": 0.6,
        "horizon": {"from": 2020, "until": 2020},
    },
    uncertain=["coverage", "discipline"],
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _own_hypotheses():
    """The commands find the hypotheses of this world in place of those of the library."""
    with pytest.MonkeyPatch.context() as patch:
        asked = Board(board(FEW_BOUND).hypotheses, WORLDS)
        patch.setattr(exitvoice.claims, "load_board", lambda ledger, scenario: asked)
        yield


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("claims") / "board"
    words = ("claims", "minimal", "--budget", 90, "--scale", 0.05, "--workers", 1, "--output", folder)
    result = call(*words)
    assert result.exit_code == 0, result.output
    return folder


def test_the_counterexample_is_the_least_that_turns_the_claim(made: Path) -> None:
    finding = read_judgement(made).finding("C24")
    example = finding.counterexample
    assert example is not None and example.is_minimal and example.holds_at_defaults
    assert {move.name for move in example.moves} == set(RULES)
    assert sum(move.value for move in example.moves) > 1.1  # 1.2, but for the draw of units
    case, scenario = read_case(made, "C24")
    for path in RULES:
        left = {other: value for other, value in case.values.items() if other != path}
        undone = replay(replace(case, values=left), scenario, executor="serial")
        assert undone is not None
        assert undone.holds_at_defaults and undone.holds_turned, f"without {path} it is turned too"


def test_the_command_on_the_board_shows_it_again(made: Path) -> None:
    example = read_judgement(made).finding("C24").counterexample
    assert example is not None
    assert example.replay == f"exitvoice replay {made} C24"
    result = call(*example.replay.split()[1:], "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "At the defaults the claim holds; here it does not hold." in result.output
    assert "The numbers are those of the board." in result.output


def test_what_decides_it_is_named_alone_and_with_the_other(made: Path) -> None:
    finding = read_judgement(made).finding("C24")
    assert {hinge.factor for hinge in finding.hinges} == set(RULES)
    assert finding.interplay is not None and not finding.interplay.is_refused
    assert {index.factor for index in finding.interplay.told_from_none} == set(RULES)


def test_a_board_as_it_was_made_is_verified(made: Path) -> None:
    result = call("verify", made, "--sample", 2)
    assert result.exit_code == 0, result.output
    assert "Same, bit by bit: 2 of" in result.output
    assert "Not stale" in result.output


def test_a_verdict_that_was_changed_is_named(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "board"
    shutil.copytree(made, folder)
    path = folder / "claims.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    changed = next(one for one in record["findings"] if one["claim"] == "C24")
    changed["verdict"] = "holds"
    path.write_text(json.dumps(record), encoding="utf-8")
    result = call("verify", folder, "--sample", 1)
    assert result.exit_code == 1
    assert "claim C24: verdict: 1 of 1 values differ" in " ".join(result.output.split())


def test_a_number_that_was_changed_is_named_with_its_run_and_its_claim(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "board"
    shutil.copytree(made, folder)
    store = zarr.open_group(folder / "runs" / "round-1" / "epstein" / "results.zarr", mode="r+")
    for name in store.array_keys():
        array = store[name]
        if array.ndim > 3 and array.dtype.kind == "f":
            array[0, 0, 0] = array[0, 0, 0] + 1.0
    result = call("verify", folder, "--sample", 50)  # a run of each of its ensembles
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "round-1/epstein: variant 'as-it-stands', point 0, replication 0" in said
    assert "round-1/kuran: variant" not in said  # nor any other run
    assert "claim C24: " in said


def test_a_hypothesis_that_changed_makes_a_board_stale(made: Path, monkeypatch) -> None:
    other = FEW_BOUND.model_copy(update={"question": "Another?"})
    asked = Board(board(other).hypotheses, WORLDS)
    monkeypatch.setattr(exitvoice.claims, "load_board", lambda ledger, scenario: asked)
    result = call("verify", made, "--sample", 1)
    assert result.exit_code == 0, result.output
    assert "hypothesis C24: changed" in result.output
    assert "the verdicts were not judged again" in result.output


def test_a_board_on_a_posterior_keeps_it_and_can_be_verified(tmp_path: Path) -> None:
    world = load_scenario("minimal")
    factors = factors_of(world, ["inspection_rate"])
    values = np.linspace(factors[0].low, factors[0].high, 20)[:, np.newaxis]
    inferred = Posterior(
        scenario="minimal", scenario_hash=world.hash, targets="t", question="q", method="abc", design="d",
        factors=factors, values=values, weights=np.full(20, 0.05),
    )  # fmt: skip
    source = write_posterior(tmp_path / "elsewhere.npz", inferred)
    folder = tmp_path / "board"
    words = ("claims", "minimal", "--budget", 20, "--scale", 0.05, "--workers", 1, "--output", folder)
    made = call(*words, "--posterior", source)
    assert made.exit_code == 0, made.output
    board_made = read_judgement(folder)
    assert f"--posterior {source}" in board_made.command
    assert read_posterior(folder).record == inferred.record
    tested = [finding for finding in board_made.findings if finding.is_tested]
    assert {finding.verdict for finding in tested} == {"the data cannot tell"}
    assert all("No gate has tested" in finding.reason for finding in tested)
    source.unlink()
    result = call("verify", folder, "--sample", 1)
    assert result.exit_code == 0, result.output
    assert "not judged again" not in result.output
    (folder / "posterior.npz").unlink()
    without = call("verify", folder, "--sample", 1)
    assert "not judged again: they stand on a posterior" in " ".join(without.output.split())
