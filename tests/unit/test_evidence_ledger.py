"""The ledger that is shipped, and ledgers that must be refused."""

import time
from importlib import resources
from pathlib import Path

import pytest

from exitvoice.documents import read_tree
from exitvoice.documents.quick import quick_tree
from exitvoice.errors import InputError
from exitvoice.evidence import Claim, Ledger, Statement, Support, load_ledger, support_faults
from exitvoice.evidence.ledger import _shipped

SHIPPED = resources.files("exitvoice") / "library" / "evidence"
HEAD = "format: exitvoice-evidence/1\n"
SOURCE = """
  - {id: %s, title: t, publisher: p, kind: news, relays: [%s]}
"""
STATEMENT = """
  - {id: %s, subject: s, property: p, unit: u, period: 2024, kind: stock, sources: [%s], quality: seen, note: n}
"""
CLAIM = """
  - {id: %s, text: t, speakers: [s], outlet: o, date: 2024, kind: prediction, sources: [a], testable: true,
     depends_on: [%s]}
"""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def refused(folder: Path, text: str) -> str:
    (folder / "evidence.yaml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_ledger(folder)
    return str(caught.value)


def test_all_thirty_claims_are_there(ledger: Ledger) -> None:
    assert list(ledger.claims) == [f"C{number}" for number in range(1, 31)]


def test_every_claim_says_who_when_and_how_it_may_be_tested(ledger: Ledger) -> None:
    for claim in ledger.claims.values():
        assert claim.speakers
        assert claim.testable or claim.why_not_testable


def test_the_dependence_groups_are_those_of_the_research(ledger: Ledger) -> None:
    groups: dict[str | None, set[str]] = {}
    for claim in ledger.claims.values():
        groups.setdefault(claim.group, set()).add(claim.id)
    assert groups["G1"] == {"C2", "C3", "C4", "C5", "C6", "C7"}
    assert groups["G2"] == {"C8", "C9"}
    assert groups["G3"] == {"C10", "C29"}
    assert groups["G4"] == {"C18"}
    assert groups["G5"] == {"C20", "C21", "C24", "C25", "C26", "C27", "C28"}


def test_every_source_is_used_or_relayed(ledger: Ledger) -> None:
    used = {source for record in ledger.statements.values() for source in record.sources}
    used |= {source for claim in ledger.claims.values() for source in claim.sources}
    remarks = [remark for claim in ledger.claims.values() for remark in (*claim.corroboration, *claim.doubt)]
    used |= {source for remark in remarks for source in remark.sources}
    used |= {origin for source in ledger.sources.values() for origin in source.relays}
    assert set(ledger.sources) - used == set()


def test_resolve_finds_both_kinds_and_names_the_nearest(ledger: Ledger) -> None:
    assert isinstance(ledger.resolve("C24"), Claim)
    assert isinstance(ledger.resolve("civil-servants-2015"), Statement)
    with pytest.raises(KeyError, match="civil-servants-2015"):
        ledger.resolve("civil-servant-2015")


@pytest.mark.parametrize(
    "name", sorted(item.name for item in SHIPPED.iterdir() if item.name.endswith(".yaml"))
)
def test_the_quick_reader_gives_what_the_careful_one_gives(name: str) -> None:
    content = (SHIPPED / name).read_bytes()
    careful, _ = read_tree(content, name=name)
    assert quick_tree(content, name) == careful


def test_the_shipped_ledger_is_read_once_a_process(ledger: Ledger) -> None:
    assert load_ledger() is ledger


def test_the_ledger_loads_in_a_second() -> None:
    """The best of three, in processor time: neighbours on the machine must not decide a test."""
    assert min(_seconds_to_load() for _ in range(3)) < 1.0


def test_an_unknown_source_is_refused_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    text = "sources:" + SOURCE % ("radio-report", "") + "statements:" + STATEMENT % ("x", "radio-reprot")
    message = refused(tmp_path, text)
    assert "evidence.yaml:5:" in message
    assert "did you mean: radio-report" in message


def test_an_unknown_relay_is_refused(tmp_path: Path) -> None:
    assert "no source has the id 'nobody'" in refused(tmp_path, "sources:" + SOURCE % ("a", "nobody"))


def test_a_claim_that_depends_on_an_unknown_one_is_refused(tmp_path: Path) -> None:
    text = "sources:" + SOURCE % ("a", "") + "claims:" + CLAIM % ("C1", "C2")
    assert "no statement or claim has the id 'C2'" in refused(tmp_path, text)


def test_a_circle_of_relays_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "sources:" + SOURCE % ("a", "b") + SOURCE % ("b", "a"))
    assert "a circle: a -> b -> a" in message


def test_a_circle_of_claims_is_refused(tmp_path: Path) -> None:
    text = "sources:" + SOURCE % ("a", "") + "claims:" + CLAIM % ("C1", "C2") + CLAIM % ("C2", "C1")
    assert "a circle: C1 -> C2 -> C1" in refused(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "sources:" + SOURCE % ("a", "") + SOURCE % ("a", ""),
        "sources:" + SOURCE % ("a", "") + "statements:" + STATEMENT % ("x", "a") + STATEMENT % ("x", "a"),
        "sources:" + SOURCE % ("a", "") + "claims:" + CLAIM % ("C1", "") + CLAIM % ("C1", ""),
    ],
)
def test_an_id_given_twice_is_refused(tmp_path: Path, text: str) -> None:
    assert "is given twice" in refused(tmp_path, text)


def test_an_id_given_twice_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(HEAD + "sources:" + SOURCE % ("a", ""), encoding="utf-8")
    assert "is given twice" in refused(tmp_path, "sources:" + SOURCE % ("a", ""))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("quality: recalled", "says its confidence"),
        ("quality: derived", "derived_from"),
        ("quality: seen, low: 2, high: 1", "low is above high"),
        ("quality: certain", "certain"),
        ("quality: seen, colour: red", "colour"),
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(tmp_path: Path, change: str, said: str) -> None:
    text = "sources:" + SOURCE % ("a", "") + "statements:" + STATEMENT % ("x", "a")
    assert said in refused(tmp_path, text.replace("quality: seen", change))


def test_a_claim_without_a_reason_for_not_being_testable_is_refused(tmp_path: Path) -> None:
    text = "sources:" + SOURCE % ("a", "") + "claims:" + CLAIM % ("C1", "")
    assert "why_not_testable" in refused(tmp_path, text.replace("testable: true", "testable: false"))


def test_mistakes_of_several_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(HEAD + "colour: red\n", encoding="utf-8")
    message = refused(tmp_path, "shape: round\n")
    assert "colour" in message
    assert "shape" in message


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ledger"):
        load_ledger(tmp_path)


def test_dates_may_be_years_months_days_or_intervals(tmp_path: Path) -> None:
    text = "sources:" + SOURCE % ("a", "") + "statements:" + STATEMENT % ("x", "a")
    (tmp_path / "evidence.yaml").write_text(HEAD + text, encoding="utf-8")
    assert load_ledger(tmp_path).statements["x"].period == "2024"


def test_support_faults_name_what_is_missing_and_what_is_unknown(ledger: Ledger) -> None:
    good = [Support("a", ("C1",)), Support("b", (), "nothing is published")]
    assert support_faults(ledger, good) == ()
    bad = [Support("c"), Support("d", (), "  "), Support("e", ("civil-servant-2015",), "as well")]
    faults = support_faults(ledger, bad)
    assert [fault.split(":")[0] for fault in faults] == ["c", "d", "e"]
    assert "civil-servants-2015" in faults[2]


def _seconds_to_load() -> float:
    _shipped.cache_clear()
    started = time.process_time()
    load_ledger()
    return time.process_time() - started
