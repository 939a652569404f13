"""`exitvoice claims`: what it prints and keeps, and what it refuses."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import exitvoice.claims
from exitvoice.claims import judge_claims, read_judgement
from exitvoice.cli.app import app
from exitvoice.errors import InputError
from support_claims import OPPOSED, Pretence


def rule(world: str, points: np.ndarray, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    return {OPPOSED: np.full(len(points), 0.3)}


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*arguments: object, **others: object) -> object:
        return judge_claims(*arguments, **others, execute=Pretence(rule, []))  # type: ignore[arg-type]

    monkeypatch.setattr(exitvoice.claims, "judge_claims", judge)


def test_the_board_is_printed_and_kept(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["claims", "china-2024", "--budget", "200", "--output", str(tmp_path)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert "person-years without freedom to leave" in result.output
    for claim in ("C5", "C24", "C26"):
        assert re.search(rf"^ *{claim} ", result.output, re.MULTILINE)
    assert "the data cannot tell" in result.output
    assert read_judgement(tmp_path).budget == 200
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'id="C24"' in page
    (tmp_path / "report.html").unlink()
    again = CliRunner().invoke(app, ["report", str(tmp_path)], catch_exceptions=False)
    assert again.exit_code == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page
    # sources are linked, and nothing is fetched
    assert not re.search(r"(src=|@import|url\()[\"'\s]*https?:", page)


def test_only_some_claims(tmp_path: Path) -> None:
    words = ["claims", "china-2024", "--only", "c24", "--budget", "100", "--output", str(tmp_path)]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    tested = [finding.claim for finding in read_judgement(tmp_path).findings if finding.is_tested]
    assert tested == ["C24"]
    assert read_judgement(tmp_path).finding("C5").reason == "Not asked this time."


def test_a_claim_that_is_not_testable_is_refused(tmp_path: Path) -> None:
    words = ["claims", "china-2024", "--only", "C1", "--output", str(tmp_path)]
    with pytest.raises(InputError, match="it is not testable here"):
        CliRunner().invoke(app, words, catch_exceptions=False)
