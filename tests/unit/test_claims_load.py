"""Hypotheses and worlds: the library's own, and every mistake at once."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from exitvoice.claims import load_board
from exitvoice.claims.load import parameters_of
from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.errors import InputError
from exitvoice.evidence import load_ledger
from exitvoice.scenario import load_priors, load_scenario

LIBRARY = Path(str(files("exitvoice") / "library" / "evidence" / "hypotheses"))
LEDGER = load_ledger()
CHINA = load_scenario("china-2024")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LIBRARY, tmp_path / "hypotheses"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def mistakes(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_board(LEDGER, CHINA, folder)
    return str(caught.value)


def test_the_library_has_one_file_for_every_claim() -> None:
    board = load_board(LEDGER, CHINA)
    assert tuple(board.hypotheses) == tuple(LEDGER.claims)
    assert {path.stem for path in LIBRARY.glob("C*.yaml")} == set(LEDGER.claims)
    tested = {item.claim for item in board.testable}
    asked_for = {"C2", "C3", "C5", "C6", "C7", "C11", "C12", "C19", "C20", "C24", "C26", "C27", "C30"}
    assert asked_for <= tested
    assert {claim.id for claim in LEDGER.claims.values() if claim.testable} <= tested


def test_reasons_stand_in_the_ledger_alone() -> None:
    for path in LIBRARY.glob("C*.yaml"):
        text = path.read_text(encoding="utf-8")
        reason = LEDGER.claims[path.stem].why_not_testable
        assert reason is None or reason not in text


def test_the_rules_that_bind() -> None:
    board = load_board(LEDGER, CHINA)
    assert "opposition_blocked" in board.hypotheses["C24"].contested
    assert board.hypotheses["C26"].hidden
    assert all(board.hypotheses[claim].cascade for claim in ("C27", "C30"))
    assert board.hypotheses["C30"].given  # a rise that hard times put in is no result
    for item in board.testable:
        assert set(item.contested) <= {name for name, prior in load_priors().items() if prior.spans_zero}
        assert parameters_of(item, board.worlds)
        assert all(part.outcome in OUTCOMES for part in item.conditions)


def test_every_mistake_is_reported_at_once(folder: Path) -> None:
    change(folder, "C24.yaml", "world: control-answers", "world: control-anwsers")
    change(folder, "C24.yaml", "contested: [opposition_blocked", "contested: [opposition_return")
    change(folder, "C5.yaml", "outcome: trips", "outcome: trip")
    change(folder, "C7.yaml", "direction: rises", "direction: above")
    change(folder, "C26.yaml", "evidence: [ccdi-punished-2024]", "evidence: [ccdi-punished-2042]")
    change(folder, "C2.yaml", "until: 2025", "until: 2031")
    change(folder, "_worlds.yaml", "mechanisms.watchlist: 0", "mechanisms.watchlists: 0")
    said = mistakes(folder)
    for part in (
        "no world is called 'control-anwsers'",
        "did you mean: control-answers",
        "the prior of opposition_return does not span zero",
        "no outcome is called 'trip'",
        "'above' does not go with 'relative'",
        "no statement or claim has the id 'ccdi-punished-2042'",
        "the years 2024 to 2031 are not all simulated",
        "mechanisms.watchlists",
    ):
        assert part in said
    assert "C24.yaml:" in said
    assert "mend:" in said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("C1.yaml", "format: exitvoice-hypothesis/1\nclaim: C99\n", "the ledger has no claim C99"),
        ("C5.yaml", "format: exitvoice-hypothesis/1\nclaim: C5\n", "there is nothing to test here"),
        ("C1.yaml", "format: exitvoice-hypothesis/1\nclaim: C2\n", "has a hypothesis in"),
    ],
)
def test_hypotheses_and_ledger_must_agree(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert said in mistakes(folder)


def test_a_fact_is_tested_by_its_consequence_only(folder: Path) -> None:
    change(folder, "C2.yaml", "tests: consequence", "tests: claim")
    assert "say 'tests: consequence'" in mistakes(folder)


def test_a_claim_without_a_file_is_missed(folder: Path) -> None:
    (folder / "C13.yaml").unlink()
    assert "C13 has no hypothesis" in mistakes(folder)


def test_a_folder_that_is_not_there() -> None:
    assert "there is no folder of hypotheses here" in mistakes(Path("nowhere"))
