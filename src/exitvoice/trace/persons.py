"""Backward from what needs no run: the persons of a world, any part of it, and who is held on a day."""

from datetime import date

from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, block_at, explain, held_on, supports
from exitvoice.scenario.people import Sector
from exitvoice.trace.backward import trace_block
from exitvoice.trace.node import Node


def trace_part(path: str, scenario: Scenario, ledger: Ledger) -> Node | None:
    """Return the part of a scenario in which a path lies, such as ``sectors.teachers``, and on whose word it stands.

    None where the path lies in no part that names its evidence.
    """
    block = block_at(supports(scenario), path)
    if block is None:
        return None
    return trace_block("part of the world", path, str(getattr(block, "title", path)), block, ledger)


def trace_persons(scenario: Scenario, ledger: Ledger) -> Node:
    """Return the head-counts of a scenario, sector by sector, each with what it rests on."""
    sectors = tuple(
        trace_block("head-count", sector.name, _says(sector), sector, ledger) for sector in scenario.sectors
    )
    total = sum(sector.persons.value for sector in scenario.sectors)
    says = f"{total:,.0f} persons in {len(sectors)} sectors of {scenario.title}"
    return Node("persons", scenario.name, says, sectors)


def trace_held(scenario: Scenario, day: date, ledger: Ledger, *, sector: str | None = None) -> Node:
    """Return who is held on a day: the head-counts, and each rule of the day with its coverage.

    Parameters
    ----------
    scenario : Scenario
    day : datetime.date
    ledger : Ledger
    sector : str, optional
        Of one sector; of all if not given.
    """
    found, whole = held_on(scenario, day), trace_persons(scenario, ledger)
    lines = [one for one in found.sectors if sector in (None, one.name)]
    held, persons = sum(one.held for one in lines), sum(one.persons for one in lines)
    heads = tuple(node for node in whole.beneath if sector in (None, node.name))
    rules = tuple(
        trace_block(
            "rule",
            one.rule.id,
            f"{one.rule.title}: binds {one.coverage:.0%} of those it names",
            one.rule,
            ledger,
        )
        for one in explain(scenario, day, sector=sector)
    )
    whom = "all sectors" if sector is None else lines[0].title
    says = (
        f"{held:,.0f} of {persons:,.0f} persons held on {day}, {whom}: in each group of persons the largest share that "
        "one of its rules binds, times the head-count"
    )
    return Node("held", whom, says, (*heads, *rules))


def _says(sector: Sector) -> str:
    return (
        f"{sector.title}: {sector.persons.value:,.0f} persons; {sector.retired_share:.0%} of them retired, "
        f"{sector.document_share:.0%} with a passport at the start, mean private opposition {sector.opposition:g}, "
        f"wish to travel {sector.travel:g} times the mean"
    )
