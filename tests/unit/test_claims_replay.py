"""A counter-example at rest and shown again: one command, the claim's numbers there and here."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exitvoice.claims.counterexamples import Case, read_case, replay, write_case
from exitvoice.claims.findings import finite
from exitvoice.cli.app import app
from exitvoice.errors import InputError
from exitvoice.scenario import load_scenario
from support_claims import hypothesis

MINIMAL = load_scenario("minimal").with_changes({"clock.start": "2020-01-01", "clock.end": "2021-01-01"})
RULE = MINIMAL.rules[0].id
PART = {
    "world": "as-it-stands", "intervention": None, "outcome": "covered", "measure": "level",
    "direction": "above", "threshold": 0.2, "horizon": {"from": 2020, "until": 2020},
}  # fmt: skip


def case_of(at_defaults: float | None, turned: float | None) -> Case:
    return Case(
        hypothesis=hypothesis(part=PART),
        worlds={"as-it-stands": {}},
        values={f"rules.{RULE}.coverage": 0.01},
        scale=0.05,
        seed=3,
        holds_at_defaults=True,
        at_defaults={"part": at_defaults},
        turned={"part": turned},
    )


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one counter-example, its numbers from a first replay."""
    folder = tmp_path_factory.mktemp("board")
    found = replay(case_of(None, None), MINIMAL, executor="serial")
    assert found is not None and not found.is_same
    write_case(folder, case_of(found.at_defaults["part"], found.turned["part"]), MINIMAL)
    return folder


def test_what_is_read_back_is_what_was_written(board: Path) -> None:
    case, scenario = read_case(board, "C24")
    assert scenario.hash == MINIMAL.hash
    again = case_of(case.at_defaults["part"], case.turned["part"])
    assert case == again


def test_one_command_shows_it_again(board: Path) -> None:
    result = CliRunner().invoke(app, ["replay", str(board), "c24", "--workers", "1"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    case, _ = read_case(board, "C24")
    there, here = case.at_defaults["part"], case.turned["part"]
    assert there is not None and here is not None and there > 0.2 > here
    said = " ".join(result.output.split())
    for words in (
        f"rules.{RULE}.coverage = 0.01", f"{there:.4g}", f"{here:.4g}", "above 0.2",
        "At the defaults the claim holds; here it does not hold.", "The numbers are those of the board.",
    ):  # fmt: skip
        assert words in said


def test_other_numbers_than_the_board_s_are_an_exit_code(board: Path, tmp_path: Path) -> None:
    shutil.copytree(board, tmp_path / "other")
    write_case(tmp_path / "other", case_of(0.5, 0.1), MINIMAL)
    words = ["replay", str(tmp_path / "other"), "C24", "--workers", "1"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 1
    assert "The board has other numbers." in result.output


def test_a_claim_without_one_is_one_clear_error(board: Path) -> None:
    with pytest.raises(InputError, match="name one of: C24"):
        read_case(board, "C5")
    (board / "counterexamples" / "C6.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no counter-example of C6 can be read"):
        read_case(board, "C6")
    (board / "counterexamples" / "C6.json").unlink()


def test_numbers_that_json_does_not_know_are_none() -> None:
    assert finite(float("inf")) is None and finite(float("nan")) is None
    assert finite(1 / 3) == 0.333333
