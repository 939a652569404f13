"""`evidence` and `trace` as a person calls them: a ledger of one's own, its faults, and the way back to a source."""

import subprocess
from collections.abc import Callable
from pathlib import Path

Call = Callable[..., subprocess.CompletedProcess[str]]
LEDGER = """format: exitvoice-evidence/1
sources:
  - {id: agency, title: t, publisher: Agency, kind: news}
  - {id: paper, title: t, publisher: Paper, kind: news, relays: [agency]}
  - {id: portal, title: t, publisher: Portal, kind: news, relays: [paper]}
statements:
  - {id: strike, subject: miners, property: on strike, value: 400, unit: persons, period: 1912, kind: stock,
     sources: [agency, paper, portal], quality: seen, note: n}
"""


def test_a_ledger_of_ones_own_is_weighed_drawn_and_exported(exitvoice: Call, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(LEDGER, encoding="utf-8")
    finished = exitvoice("evidence", "own.yaml", "--page", "own.html", "--export", "own.csv")
    assert finished.returncode == 0, finished.stderr
    joined = " ".join(finished.stdout.split())
    assert "3: 1 origins, 2 that repeat others" in joined
    assert "this is one witness, not 3" in joined
    assert "not 3" in (tmp_path / "own.html").read_text(encoding="utf-8")
    assert (tmp_path / "own.csv.datapackage.json").is_file()
    text = (tmp_path / "own.csv").read_text(encoding="utf-8")
    (tmp_path / "own.csv").write_text(text.replace("1912", "soon"), encoding="utf-8")
    bad = exitvoice("evidence", "own.csv")
    assert bad.returncode == 1
    assert "own.csv:2" in bad.stderr
    assert "'soon' is not a period" in bad.stderr


def test_a_number_is_traced_to_where_it_ends(process: Call) -> None:
    finished = process("trace", "rule", "leaders-1999")
    assert finished.returncode == 0, finished.stderr
    assert "It ends in" in finished.stdout
    assert "rule-1999-division-leaders" in finished.stdout


def test_an_unknown_name_is_told_with_the_nearest(exitvoice: Call) -> None:
    finished = exitvoice("trace", "parameter", "opposition_blokked")
    assert finished.returncode == 1
    assert "did you mean: opposition_blocked" in finished.stderr


def test_a_figure_is_traced_by_the_title_that_a_reader_sees(exitvoice: Call) -> None:
    finished = exitvoice("trace", "figure", "the falsification gap")
    assert finished.returncode == 0, finished.stderr
    assert "drawn from 4 variables of the run" in finished.stdout
    assert "figure opposed" in finished.stdout
    unknown = exitvoice("trace", "figure", "the falsification gasp")
    assert unknown.returncode == 1
    assert "The falsification gap" in unknown.stderr
