"""A ledger as it was known on a day, a part of a ledger, and the chain of a record's sources."""

from datetime import date
from pathlib import Path

import pytest

from exitvoice.evidence import Ledger, as_known_on, assess, known_since, load_ledger, select
from exitvoice.evidence.chains import chain

OWN = """format: exitvoice-evidence/1
sources:
  - {id: office, title: t, publisher: Office, kind: official, date: 1912-03-01}
  - {id: paper, title: t, publisher: Paper, kind: news, date: 1912-06, relays: [office]}
statements:
  - {id: first, subject: s, property: p, value: 40, unit: persons, period: 1911, kind: flow, sources: [office],
     quality: seen, note: n}
  - {id: mended, subject: s, property: p, value: 50, unit: persons, period: 1911, kind: flow, corrects: [first],
     sources: [paper], quality: seen, note: n}
"""


@pytest.fixture
def own(tmp_path: Path) -> Ledger:
    (tmp_path / "evidence.yaml").write_text(OWN, encoding="utf-8")
    return load_ledger(tmp_path)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(1912, 2, 29), []),
        (date(1912, 3, 1), ["first"]),
        (date(1912, 6, 29), ["first"]),  # a month counts from its last day
        (date(1912, 6, 30), ["first", "mended"]),
    ],
)
def test_a_correction_is_not_known_before_it_was_made(own: Ledger, day: date, known: list[str]) -> None:
    assert list(as_known_on(own, day).statements) == known


def test_a_correction_overwrites_nothing(own: Ledger) -> None:
    later = as_known_on(own, date(2000, 1, 1))
    assert [one.value for one in later.statements.values()] == [40, 50]
    assert later.statements == own.statements


@pytest.mark.parametrize("year", [2003, 2016, 2024])
def test_an_older_state_holds_nothing_newer_and_no_loose_link(ledger: Ledger, year: int) -> None:
    day = date(year, 12, 31)
    then = as_known_on(ledger, day)
    assert len(then.statements) < len(ledger.statements)
    for record in (*then.statements.values(), *then.claims.values()):
        assert known_since(ledger, ledger.resolve(record.id)) <= day
        assert set(record.sources) <= set(then.sources)
        assert all(name in then for name in (*record.retells, *record.corrects, *record.attributed_to))
    assess(then, today=day)  # the checks run on it


def test_knowledge_only_grows(ledger: Ledger) -> None:
    sizes = [len(as_known_on(ledger, date(year, 1, 1)).statements) for year in range(1990, 2027, 6)]
    assert sizes == sorted(sizes)


def test_a_part_holds_what_it_rests_on_and_what_contradicts_it(ledger: Ledger) -> None:
    part = select(ledger, ["ccdi-top-named-2023"])
    assert "ccdi-top-filed-2023" in part.statements, "the rival figure comes along"
    for record in part.statements.values():
        assert set(record.sources) <= set(part.sources)
    assert all(set(source.relays) <= set(part.sources) for source in part.sources.values())


def test_a_chain_begins_with_its_origins(ledger: Ledger) -> None:
    for claim in ledger.claims.values():
        voices = chain(ledger, claim.sources)
        assert {voice.source for voice in voices if voice.is_named} == set(claim.sources)
        assert all(not ledger.sources[voice.source].relays for voice in voices if voice.depth == 0)
