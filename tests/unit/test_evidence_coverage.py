"""How much of the research the ledger holds, whether each statement has what its kind needs, and what rests on it."""

from collections import Counter
from fnmatch import fnmatch
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from exitvoice.evidence import Ledger, Statement, load_ledger
from exitvoice.evidence.periods import parse_period

RESEARCH = Path(__file__).parents[1] / "evidence" / "coverage.yaml"
LEFT_AT_MOST = 7  # facts of the research that are left out, each with its reason
LIBRARY = resources.files("exitvoice") / "library"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.fixture(scope="module")
def facts() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Facts by file and section of the research."""
    read = YAML(typ="safe").load(RESEARCH.read_text(encoding="utf-8"))
    return {(name, section): rows for name, sections in read.items() for section, rows in sections.items()}


def test_every_fact_is_entered_or_left_with_a_reason(
    ledger: Ledger, facts: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    known = [*ledger.statements, *ledger.claims, *ledger.sources, *ledger.traps]
    faults = []
    for place, rows in facts.items():
        for row in rows:
            missing = [one for one in row.get("in", []) if not any(fnmatch(name, one) for name in known)]
            if missing or ("in" in row) == ("left" in row):
                faults.append((*place, row["fact"], missing))
    assert faults == []


def test_the_coverage_of_each_research_file_is_as_reported(
    facts: dict[tuple[str, str], list[dict[str, Any]]],
) -> None:
    """Entered and left, by file: a fact that falls out of the ledger shows here."""
    entered = Counter(name for (name, _), rows in facts.items() for row in rows if "in" in row)
    left = Counter(name for (name, _), rows in facts.items() for row in rows if "left" in row)
    assert sum(left.values()) <= LEFT_AT_MOST
    assert set(entered) == {"claims.md", "chronology.md", "figures.md", "unrest-data.md", "peers.md"}
    assert all(entered[name] >= 10 * left[name] / 3 for name in entered)


def test_the_ledger_holds_at_least_what_the_research_counts(ledger: Ledger) -> None:
    assert len(ledger.statements) >= 400
    assert sum(one.upgraded_from is not None for one in ledger.statements.values()) >= 20
    assert {trap.check for trap in ledger.traps.values()} >= {"drift", "stocks-summed", "gross-net"}


def test_every_period_can_be_read(ledger: Ledger) -> None:
    unread = [one.id for one in ledger.statements.values() if parse_period(one.period) is None]
    assert unread == []


def test_every_statement_has_what_its_kind_needs(ledger: Ledger) -> None:
    faults = {one.id: fault for one in ledger.statements.values() if (fault := _lacks(ledger, one))}
    assert faults == {}


def _lacks(ledger: Ledger, one: Statement) -> str | None:
    has_number = any(isinstance(given, float) for given in (one.value, one.low, one.high))
    if one.kind in {"stock", "flow"} and one.value is None and not has_number:
        return "a count without a number or a word for it"
    if one.kind == "rate" and one.unit in {"share", "per cent"} and not (one.denominator or one.derived_from):
        return "a share without a denominator"
    if one.kind == "prediction" and one.forecast is None:
        return "a prediction without a forecast"
    if one.counting == "crossings" and "persons" in one.unit and "crossings" not in one.unit:
        return "crossings in persons"
    if any(name not in ledger.statements for name in one.sum_of):
        return "a part that nobody states"
    return None


def test_tables_of_the_gdr_add_up_as_published(ledger: Ledger) -> None:
    """From 1962 to 1978 the three ways make the total exactly; 1989 is its twelve months."""

    def number(name: str) -> float:
        value = ledger.statements[name].value
        assert isinstance(value, float)
        return value

    for year in range(1962, 1979):
        ways = ("gdr-with-permit", "gdr-third-countries", "gdr-over-the-border")
        assert sum(number(f"{way}-{year}") for way in ways) == number(f"gdr-reception-{year}")
    months = [number(f"gdr-reception-1989-{month:02d}") for month in range(1, 13)]
    assert sum(months) == number("gdr-reception-1989")


@pytest.mark.parametrize(
    "path",
    sorted(str(item.name) for item in (LIBRARY / "scenarios").iterdir() if item.name.endswith(".yaml")),
)
def test_every_reference_of_a_scenario_is_in_the_ledger(path: str, ledger: Ledger) -> None:
    tree = YAML(typ="safe").load((LIBRARY / "scenarios" / path).read_text(encoding="utf-8"))
    unknown = [name for name in _evidence(tree) if name not in ledger]
    assert unknown == []


def test_every_reference_of_a_prior_is_in_the_ledger(ledger: Ledger) -> None:
    for item in (LIBRARY / "priors").iterdir():
        tree = YAML(typ="safe").load(item.read_text(encoding="utf-8"))
        assert [name for name in _evidence(tree) if name not in ledger] == []


def _evidence(node: Any) -> list[str]:
    """Every id under a key `evidence`, at any depth."""
    if isinstance(node, dict):
        own = node.get("evidence") or []
        names = [str(name) for name in own] if isinstance(own, list) else []
        return names + [name for key, value in node.items() if key != "evidence" for name in _evidence(value)]
    if isinstance(node, list):
        return [name for value in node for name in _evidence(value)]
    return []
