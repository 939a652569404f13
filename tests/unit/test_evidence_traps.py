"""The known traps are caught from the data alone, and both numbers are held: traps caught, false alarms."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from exitvoice.evidence import CHECKS, Finding, Ledger, load_ledger, measure, run_checks
from exitvoice.evidence.schema import Statement

TODAY = date(2026, 11, 25)
CHECK_FILES = Path(__file__).parents[2] / "src" / "exitvoice" / "evidence" / "checks"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.fixture(scope="module")
def findings(ledger: Ledger) -> tuple[Finding, ...]:
    return run_checks(ledger, today=TODAY)


def test_every_known_trap_is_caught(ledger: Ledger, findings: tuple[Finding, ...]) -> None:
    found = measure(ledger, findings)
    assert [one.trap.id for one in found.traps if one.finding is None] == []
    assert len(found.traps) >= 18
    assert len({one.trap.check for one in found.traps}) >= 14, "many checks, not one that finds everything"


def test_false_alarms_are_few(ledger: Ledger, findings: tuple[Finding, ...]) -> None:
    """Measured at 7 of 94 by a reader who had not entered the data; what nobody has judged counts as false."""
    found = measure(ledger, findings)
    assert found.unread == ()
    assert len(found.false_alarms) == 7
    assert found.false_share <= 0.07, [str(one) for one in found.false_alarms]


def test_every_judgement_has_a_reason_of_its_own(ledger: Ledger) -> None:
    reasons = [review.why for review in ledger.reviews]
    assert len(set(reasons)) >= 0.9 * len(reasons)


def test_no_figure_of_the_shipped_ledger_is_entered_twice(
    ledger: Ledger, findings: tuple[Finding, ...]
) -> None:
    assert [one.says for one in findings if one.check == "doubled"] == []
    twin = ledger.statements["gdr-permits-1984"].model_copy(update={"id": "twin", "subject": "emigrants"})
    doubled = replace(ledger, statements=MappingProxyType({**ledger.statements, "twin": twin}))
    found = [one.records for one in run_checks(doubled, today=TODAY) if one.check == "doubled"]
    assert found == [("gdr-permits-1984", "twin")], "the check would have seen one"


def test_the_checks_read_neither_traps_nor_reviews(ledger: Ledger, findings: tuple[Finding, ...]) -> None:
    bare = replace(ledger, traps=MappingProxyType({}), reviews=())
    assert run_checks(bare, today=TODAY) == findings


def test_no_check_is_written_for_one_case(ledger: Ledger) -> None:
    """No check names a record, source, series or definition of the ledger."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in CHECK_FILES.glob("*.py"))
    long_ids = {
        name
        for name in (*ledger.statements, *ledger.claims, *ledger.sources, *ledger.definitions)
        if len(name) > 5
    }
    assert [name for name in long_ids if name in code] == []


def test_the_wording_of_notes_changes_nothing(ledger: Ledger, findings: tuple[Finding, ...]) -> None:
    """The checks read fields: with every note struck out they find the same."""
    bare = {name: one.model_copy(update={"note": "-"}) for name, one in ledger.statements.items()}
    again = run_checks(replace(ledger, statements=MappingProxyType(bare)), today=TODAY)
    assert [(one.check, one.records) for one in again] == [(one.check, one.records) for one in findings]


def honest(seed: int) -> Ledger:
    """A made-up ledger without faults: totals with their parts, shares with what they are shares of, many years."""
    random = np.random.default_rng(seed)
    statements: dict[str, Statement] = {}

    def add(name: str, value: float, **fields: object) -> None:
        common = {
            "subject": f"s {name}",
            "property": "p",
            "unit": "persons",
            "period": "2000",
            "kind": "flow",
        }
        common |= {"quality": "recalled", "confidence": "low", "note": "n"}
        statements[name] = Statement.model_validate({**common, "id": name, "value": value, **fields})

    for series in range(int(random.integers(2, 5))):
        shares = random.dirichlet(np.ones(3) * 5)
        for year in range(2000, 2000 + int(random.integers(2, 9))):
            parts = np.floor(shares * random.uniform(1e4, 1e5))
            total = f"t{series}-{year}"
            names = [f"t{series}-part{at}-{year}" for at in range(3)]
            add(total, float(parts.sum()), period=str(year), series=f"t{series}", sum_of=names)
            for at, name in enumerate(names):
                add(name, float(parts[at]), period=str(year), part_of=total, series=f"t{series}-part{at}")
            share = f"share{series}-{year}"
            add(share, float(parts[0] / parts.sum()), unit="share", kind="rate", period=str(year),
                numerator=names[0], denominator=total, series=f"share{series}")  # fmt: skip
    return Ledger(
        sources=MappingProxyType({}), claims=MappingProxyType({}), statements=MappingProxyType(statements)
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_ledger_without_faults_raises_no_alarm(seed: int) -> None:
    """Negative control: parts keep their shares, sums are sums, shares are shares."""
    assert run_checks(honest(seed), today=TODAY) == ()


def test_each_check_speaks_of_something_in_the_shipped_ledger(findings: tuple[Finding, ...]) -> None:
    assert {check.id for check in CHECKS} - {one.check for one in findings} <= {
        "total-is-not-its-parts",
        "doubled",
    }
