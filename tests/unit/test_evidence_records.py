"""The extended records: tables whose rows are statements, definitions, links between records."""

from pathlib import Path

import pytest

from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.evidence.schema import Statement, Table
from exitvoice.results.provenance import hash_record

HEAD = """format: exitvoice-evidence/1
sources:
  - {id: archive, title: t, publisher: p, kind: official}
definitions:
  - {id: filed, text: cases opened}
"""
TABLE = """tables:
  - id: arrivals
    subject: s
    property: p
    unit: persons
    kind: flow
    counting: persons
    definition: filed
    sources: [archive]
    quality: seen
    note: n
    rows:
"""


def read(folder: Path, text: str) -> Ledger:
    (folder / "evidence.yaml").write_text(HEAD + text, encoding="utf-8")
    return load_ledger(folder)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return str(caught.value)


def test_each_row_of_a_table_is_a_statement(tmp_path: Path) -> None:
    rows = """      - {period: 1961, value: 52324}
      - {period: 1989-01/1989-06, value: 3, quality: recalled, confidence: high}
      - {period: 1962, id: another, value: 21356, note: own}
"""
    ledger = read(tmp_path, TABLE + rows)
    assert list(ledger.statements) == ["arrivals-1961", "arrivals-1989-01-to-1989-06", "another"]
    first, recalled, another = ledger.statements.values()
    assert (first.value, first.series, first.definition, first.sources) == (
        52324,
        "arrivals",
        "filed",
        ("archive",),
    )
    assert recalled.sources == ()
    assert another.note == "own"


def test_a_bad_row_is_named_with_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path, TABLE + "      - {period: 1961, value: 1, quality: recalled}\n")
    assert "evidence.yaml:18" in message
    assert "confidence" in message


def test_unknown_ids_are_named_with_the_nearest(tmp_path: Path) -> None:
    rows = (
        "      - {period: 1961, value: 1, definition: fild}\n      - {period: 1962, part_of: arrivals-1691}\n"
    )
    message = refused(tmp_path, TABLE + rows)
    assert "did you mean: filed" in message
    assert "did you mean: arrivals-1961" in message


def test_a_correction_in_a_circle_is_refused(tmp_path: Path) -> None:
    rows = """      - {period: 1961, value: 1, corrects: [arrivals-1962]}
      - {period: 1962, value: 1, corrects: [arrivals-1961]}
"""
    assert "a circle" in refused(tmp_path, TABLE + rows)


def test_a_total_may_name_its_parts_and_they_it(tmp_path: Path) -> None:
    rows = """      - {period: 1961, value: 1, part_of: arrivals-1962}
      - {period: 1962, value: 1, sum_of: [arrivals-1961]}
"""
    assert len(read(tmp_path, TABLE + rows).statements) == 2


def test_what_statements_and_tables_share_keeps_its_order_and_hashes() -> None:
    """Columns of exported tables stand in this order, and stored results are held against these hashes."""
    fields = {"id": "a-b", "subject": "s", "property": "p", "value": 1, "unit": "persons", "period": "1912"}
    fields |= {"kind": "flow", "counting": "persons", "sources": ["x"], "quality": "seen", "series": "z"}
    record = Statement.model_validate({**fields, "part_of": "t", "note": "n"})
    assert hash_record(record) == "1c47297bc1f43a25"
    order = list(Statement.model_fields)
    assert order[:10] == [
        "id", "subject", "property", "value", "low", "high", "unit", "period", "place", "kind"
    ]  # fmt: skip
    assert order[13:17] == ["cited_as", "numerator", "denominator", "sources"]
    assert order[-1] == "note"
    shared = [name for name in order if name in Table.model_fields]
    assert len(shared) == 25
    assert list(Table.model_fields) == [*shared, "rows"]
