"""Who is under which rule on a day, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from exitvoice.documents import nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario

Service = Literal["serving", "retired"]


@dataclass(frozen=True)
class Binding:
    """A rule on a day: whether it is in force or only announced, how much it covers, whom, and its sources."""

    rule: Rule
    status: Literal["in force", "announced"]
    coverage: float
    who: str
    demands: str
    sources: tuple[str, ...]
    assumed: str | None


def explain(
    scenario: Scenario,
    day: date,
    *,
    sector: str | None = None,
    rank: str | None = None,
    region: str | None = None,
    service: Service | None = None,
) -> list[Binding]:
    """List the rules that act on a day, largest coverage first.

    Parameters
    ----------
    scenario : Scenario
        Whose rules.
    day : datetime.date
        The day, inside the scenario's clock or not.
    sector, rank, region, service : str, optional
        Keep only rules that can bind such a person.

    Raises
    ------
    InputError
        For a sector, rank or region that the scenario does not have.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> [one.rule.id for one in explain(load_scenario("minimal"), date(2020, 9, 1), rank="bureau")]
    ['consent', 'custody']
    """
    chosen = {"sector": sector, "rank": rank, "region": region}
    _check_names(scenario, chosen)
    found = [
        _binding(scenario, rule, day)
        for rule in scenario.rules
        if _acts(rule, day) and _concerns(rule, sector, rank, region) and _serves(rule, service)
    ]
    return sorted(found, key=lambda one: (-one.coverage, one.rule.id))


def _acts(rule: Rule, day: date) -> bool:
    known = rule.known_from
    return known is not None and known <= day and (rule.until is None or day < rule.until)


def _concerns(rule: Rule, sector: str | None, rank: str | None, region: str | None) -> bool:
    scope = rule.applies_to
    pairs = ((scope.sectors, sector), (scope.ranks, rank), (scope.regions, region))
    return all(name is None or names is None or name in names for names, name in pairs)


def _serves(rule: Rule, service: Service | None) -> bool:
    bound = rule.applies_to.service
    return (
        service is None
        or bound in (service, "all")
        or (service == "retired" and rule.cooling_off_years is not None)
    )


def _binding(scenario: Scenario, rule: Rule, day: date) -> Binding:
    in_force = rule.start is not None and rule.start <= day
    return Binding(
        rule=rule,
        status="in force" if in_force else "announced",
        coverage=rule.coverage_at(day),
        who=who(scenario, rule),
        demands=demands(rule),
        sources=rule.evidence,
        assumed=rule.assumed,
    )


def who(scenario: Scenario, rule: Rule) -> str:
    """Say in words whom a rule binds.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> world = load_scenario("minimal")
    >>> who(world, world.rules[1])
    'serving; clerks; division, bureau; every region; and 2 years after office'
    """
    scope = rule.applies_to
    parts = [
        {"serving": "serving", "retired": "retired", "all": "serving and retired"}[scope.service],
        "every sector" if scope.sectors is None else ", ".join(scope.sectors),
        "every rank" if scope.ranks is None else ", ".join(scope.ranks),
        "every region" if scope.regions is None else ", ".join(scope.regions),
    ]
    if scope.years_since_office is not None:
        parts.append(f"less than {scope.years_since_office:g} years out of office")
    if rule.cooling_off_years is not None:
        parts.append(f"and {rule.cooling_off_years:g} years after office")
    if scope.relatives_of_listed:
        parts.append("only relatives of listed persons")
    return "; ".join(parts)


def demands(rule: Rule) -> str:
    """Say in words what a rule asks.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> demands(load_scenario("minimal").rules[0])
    'consent of work_unit'
    """
    parts: list[str] = ["no private trips"] if rule.ban else []
    if rule.custody is not None:
        parts.append(f"documents handed in within {rule.custody.within_days} days")
    if rule.invalidate:
        parts.append("documents not handed in become invalid")
    if rule.approval is not None:
        opaque = ", no reasons given" if rule.approval.opaque else ""
        parts.append(f"consent of {', then '.join(rule.approval.chain)}{opaque}")
    if rule.trips_per_year is not None:
        limited = f"at most {rule.trips_per_year} trip{'s' * (rule.trips_per_year != 1)} a year"
        parts.append(limited if rule.trips_per_year else "no visits, only leaving for good")
    if rule.max_days is not None:
        parts.append(f"at most {rule.max_days} days a trip")
    if rule.reporting_days is not None:
        parts.append(f"documents back within {rule.reporting_days} days")
    return "; ".join(parts)


def _check_names(scenario: Scenario, chosen: dict[str, str | None]) -> None:
    known = {"sector": scenario.sector_names, "rank": scenario.rank_names, "region": scenario.region_names}
    mistakes = [
        Mistake(
            scenario.name, None, None, kind, f"unknown {kind} '{name}'", f"the scenario has no such {kind}",
            f"use one of: {', '.join(known[kind])}", nearest_name(name, known[kind]),
        )
        for kind, name in chosen.items()
        if name is not None and name not in known[kind]
    ]  # fmt: skip
    if mistakes:
        raise InputError(mistakes)
