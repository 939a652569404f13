"""Who is held by what on a day: the same rules, words and voices as `exitvoice show --at`, with head-counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from exitvoice.evidence import Ledger
from exitvoice.report.from_ledger import cite
from exitvoice.scenario import Scenario, explain, happenings, held_on
from exitvoice.web.pages.pictures import bar

_ELDEST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class SectorLine:
    """A sector on the day; `picture` is its bar."""

    name: str
    title: str
    persons: float
    held: float
    picture: Markup


@dataclass(frozen=True)
class RuleLine:
    """A rule on the day."""

    id: str
    title: str
    status: str
    share: float
    named: float
    bound: float
    who: str
    demands: str
    sources: tuple[str, ...]
    assumed: str


@dataclass(frozen=True)
class Day:
    """Everything that the page says of one day."""

    day: date
    held: float
    persons: float
    sectors: tuple[SectorLine, ...]
    rules: tuple[RuleLine, ...]
    events: tuple[tuple[str, str, str, str], ...]
    is_inside: bool


def day_of(scenario: Scenario, day: date, ledger: Ledger) -> Day:
    """Say who is held by what on a day, and on whose word."""
    found = held_on(scenario, day)
    counts = {by.rule: by for by in found.rules}
    largest = max(sector.persons for sector in found.sectors)
    sectors = tuple(
        SectorLine(
            sector.name, sector.title, sector.persons, sector.held,
            bar(sector.persons / largest, sector.held / largest),
        )
        for sector in sorted(found.sectors, key=lambda one: -one.persons)
    )  # fmt: skip
    rules = []
    for binding in explain(scenario, day):
        by = counts.get(binding.rule.id)
        rules.append(
            RuleLine(
                id=binding.rule.id,
                title=binding.rule.title,
                status=binding.status,
                share=binding.coverage,
                named=by.named if by else 0.0,
                bound=by.bound if by else 0.0,
                who=binding.who,
                demands=binding.demands or "registration only",
                sources=cite(ledger, binding.sources),
                assumed=binding.assumed or binding.rule.coverage_assumed or "",
            )
        )
    events = tuple((one.event.id, one.event.title, one.where, one.does) for one in happenings(scenario, day))
    inside = scenario.clock.start <= day < scenario.clock.end
    return Day(day, found.held, found.persons, sectors, tuple(rules), events, inside)


def within_reason(day: date) -> date:
    """Return a day that the arithmetic of dates can bear."""
    return min(max(day, _ELDEST), _LAST)
