"""Ledgers as CSV, JSON Lines, YAML and FollowTheMoney: the same ledger comes back, and bad files are told why."""

import csv
import json
from pathlib import Path

import pytest

from exitvoice.errors import InputError, OutputError
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.evidence.exchange import is_ledger, read_ledger, write_ledger


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_ledger(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["ledger.csv", "ledger.jsonl", "ledger"])
def test_what_is_written_comes_back(ledger: Ledger, tmp_path: Path, name: str) -> None:
    written = write_ledger(tmp_path / name, ledger)
    assert all(path.is_file() for path in written)
    back = read_ledger(tmp_path / name)
    assert dict(back.sources) == dict(ledger.sources)
    assert dict(back.statements) == dict(ledger.statements)
    assert dict(back.claims) == dict(ledger.claims)
    assert dict(back.definitions) == dict(ledger.definitions)
    assert (dict(back.traps), back.reviews) == (dict(ledger.traps), ledger.reviews)


def test_the_descriptor_names_every_file_and_column(ledger: Ledger, tmp_path: Path) -> None:
    write_ledger(tmp_path / "ledger.csv", ledger)
    package = json.loads((tmp_path / "ledger.csv.datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (tmp_path / resource["path"]).open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert resource["bytes"] == (tmp_path / resource["path"]).stat().st_size


CSV_HEAD = "id,subject,property,value,unit,period,kind,quality,confidence,note\n"
GOOD = "a,s,p,1,persons,1912,stock,recalled,low,n\n"


def test_formulas_are_made_harmless_and_come_back(tmp_path: Path) -> None:
    record = {
        "record": "statement", "id": "a", "subject": "=HYPERLINK(1)", "property": "@cmd", "value": -5.5,
        "unit": "+A1", "period": "1912", "kind": "stock", "quality": "recalled", "confidence": "low",
        "note": "'quoted",
    }  # fmt: skip
    (tmp_path / "x.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    ledger = read_ledger(tmp_path / "x.jsonl")
    write_ledger(tmp_path / "x.csv", ledger)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["subject"], row["property"], row["unit"]) == ("'=HYPERLINK(1)", "'@cmd", "'+A1")
    assert float(row["value"]) == -5.5, "a negative number is a number"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert read_ledger(tmp_path / "x.csv").statements == ledger.statements


def test_every_mistake_of_a_table_is_named_with_its_line(tmp_path: Path) -> None:
    rows = "a,s,p,x y,persons,1912,stok,recalled,low,n\nb,s,p,1,persons,soon,stock,recalled,,n\n"
    message = refused(tmp_path / "x.csv", CSV_HEAD + GOOD.replace("a,", "z,", 1) + rows)
    assert "x.csv:3:7" in message
    assert "did you mean: stock" in message
    assert "x.csv:4" in message
    assert "'soon' is not a period" in message


def test_a_confidence_that_is_lacking_is_named_with_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path / "x.csv", CSV_HEAD + GOOD + GOOD.replace("a,", "b,", 1).replace("low", ""))
    assert "x.csv:3" in message
    assert "add confidence" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("id,subjekt\na,b\n", "did you mean: subject"),
        ("id,id\na,b\n", "stands there twice"),
        (CSV_HEAD + "a,b\n", "this line has 2 cells"),
        (CSV_HEAD + GOOD + '"a,b\n', "this is not CSV"),
        (CSV_HEAD + GOOD + GOOD, "the id 'a' is given twice"),
    ],
)
def test_a_bad_table_says_why(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path / "x.csv", text)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1]", "a list stands there"),
        ('{"a": 1, "a": 2}', "a key is written twice"),
        ('{"record": "statement", "value": NaN}', "NaN is not a number"),
        ('{"record": "statment"}', "did you mean: statement"),
        ("{}", "does not say what it is"),
        (
            '{"record": "source", "id": "a", "title": "t", "publisher": "p", "kind": "news", "colour": 1}',
            "colour",
        ),
    ],
)
def test_a_bad_line_says_why(tmp_path: Path, line: str, says: str) -> None:
    message = refused(tmp_path / "x.jsonl", f"\n{line}\n")
    assert says in message
    assert "x.jsonl:2" in message


def test_a_table_from_a_spreadsheet_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xef\xbb\xbf" + (CSV_HEAD + GOOD).replace("\n", "\r\n").encode())
    assert list(read_ledger(tmp_path / "x.csv").statements) == ["a"]


def test_statements_for_follow_the_money(ledger: Ledger, tmp_path: Path) -> None:
    (path,) = write_ledger(tmp_path / "own.ftm.json", ledger)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line["schema"] for line in lines} == {"Article", "Event"}
    assert len({line["id"] for line in lines}) == len(lines)
    entities = {line["entity_id"] for line in lines}
    assert {line["value"] for line in lines if line["prop"] == "proof"} <= entities
    assert all(line["dataset"] == "own" for line in lines)


def test_an_unknown_format_and_a_closed_folder_are_told(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ends in no format"):
        write_ledger(tmp_path / "ledger.xlsx", ledger)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write_ledger(tmp_path / "file" / "x.jsonl", ledger)


def test_what_is_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# x\nformat: exitvoice-evidence/1\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("format: exitvoice-scenario/1\n", encoding="utf-8")
    assert is_ledger(tmp_path / "a.yaml")
    assert is_ledger(tmp_path)
    assert not is_ledger(tmp_path / "b.yaml")
    assert not is_ledger(Path("china-2024"))
