"""How many persons the rules in force hold on a day, by head-counts alone: no run is needed.

A unit obeys every rule whose coverage lies above its own zeal (see `policy`). So within a group of persons that the
same rules name, the share held is the largest coverage among them: no products of shares, and nothing is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario

Floats = NDArray[np.float64]
SERVING, RETIRED = 0, 1


@dataclass(frozen=True)
class HeldSector:
    """A sector on a day: its persons in the real world, and how many of them at least one rule holds."""

    name: str
    title: str
    persons: float
    held: float


@dataclass(frozen=True)
class HeldBy:
    """A rule on a day: how many persons it names, and how many of those it really binds."""

    rule: str
    named: float
    bound: float


@dataclass(frozen=True)
class Held:
    """Who is held on a day; persons whose case head-counts cannot tell are in none of the counts."""

    day: date
    sectors: tuple[HeldSector, ...]
    rules: tuple[HeldBy, ...]

    @property
    def persons(self) -> float:
        """Everybody in the scenario."""
        return sum(sector.persons for sector in self.sectors)

    @property
    def held(self) -> float:
        """Persons held by at least one rule."""
        return sum(sector.held for sector in self.sectors)


def held_on(scenario: Scenario, day: date) -> Held:
    """Count who is held by which rule on a day.

    Left out are those whose number no head-count tells: persons a rule binds only for some years after office, and
    relatives of listed persons. A run counts them.

    Parameters
    ----------
    scenario : Scenario
    day : datetime.date
        Inside the scenario's clock or not.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> found = held_on(load_scenario("minimal"), date(2020, 9, 1))
    >>> [by.rule for by in found.rules], 0 < found.held < found.persons
    (['consent', 'custody'], True)
    """
    weight = _persons(scenario)
    share = np.zeros_like(weight)
    found = []
    for rule in scenario.rules:
        if rule.start is None or not rule.start <= day or (rule.until is not None and rule.until <= day):
            continue
        reached, coverage = _reach(scenario, rule), rule.coverage_at(day)
        named = float((weight * reached).sum())
        found.append(HeldBy(rule.id, named, named * coverage))
        share = np.maximum(share, reached * coverage)
    held = (weight * share).sum(axis=(1, 2, 3))
    sectors = tuple(
        HeldSector(sector.name, sector.title, float(weight[at].sum()), float(held[at]))
        for at, sector in enumerate(scenario.sectors)
    )
    return Held(day, sectors, tuple(sorted(found, key=lambda by: (-by.bound, by.rule))))


def _persons(scenario: Scenario) -> Floats:
    """Return real persons by (sector, region, rank, serving or retired)."""
    blocks = [
        sector.persons.value
        * np.multiply.outer(
            np.multiply.outer(scenario.region_shares(sector), sector.rank_shares),
            (1.0 - sector.retired_share, sector.retired_share),
        )
        for sector in scenario.sectors
    ]
    return np.stack(blocks)


def _reach(scenario: Scenario, rule: Rule) -> Floats:
    """Return 1 where a rule names a cell of `_persons`, else 0."""
    scope = rule.applies_to
    if scope.relatives_of_listed:
        return np.zeros((len(scenario.sectors), len(scenario.regions), len(scenario.ranks), 2))
    axes = [
        np.array([1.0 if names is None or name in names else 0.0 for name in known])
        for names, known in (
            (scope.sectors, scenario.sector_names),
            (scope.regions, scenario.region_names),
            (scope.ranks, scenario.rank_names),
        )
    ]
    whole_service = scope.years_since_office is None
    service = np.array(
        [float(scope.service != "retired"), float(scope.service != "serving" and whole_service)]
    )
    return np.asarray(np.einsum("i,j,k,l->ijkl", *axes, service))
