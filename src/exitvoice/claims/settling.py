"""What would settle each claim: more runs, series that exist, series that would have to, or what none of them tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from exitvoice.calibration.atlas.cases import Cases, Informing
from exitvoice.calibration.atlas.cell import ALL, ALL_AND_MORE
from exitvoice.claims.findings import Finding, Judgement
from exitvoice.claims.verdicts import FAILS, HOLDS

Way = Literal[
    "settled by the runs made",
    "more runs",
    "data that exist",
    "data that would have to exist",
    "data beyond these cases",
    "no assumption is told",
]

SETTLED: Literal["settled by the runs made"] = "settled by the runs made"


@dataclass(frozen=True)
class Deciding:
    """An assumption that decides a claim, whether any case asked for it, and the series that inform it.

    `here` are those of the claim's own world, `would` those that would have to exist in it, `elsewhere` those of other
    worlds: they help only as far as the assumption is the same in both. Single series stand before several together.
    `weight` is the share of what divides the worlds on the claim that the assumption accounts for alone.
    """

    name: str
    title: str
    is_asked: bool
    here: tuple[Informing, ...]
    elsewhere: tuple[Informing, ...]
    would: tuple[Informing, ...] = ()
    weight: float = 0.0

    @property
    def told(self) -> float:
        """The most of it that a series of the claim's own world takes away, existing or not."""
        return max((one.cell.contraction for one in (*self.here[:1], *self.would[:1])), default=0.0)

    @property
    def is_informed(self) -> bool:
        """Whether a series of the claim's own world tells of it."""
        return bool(self.here)


@dataclass(frozen=True)
class Settling:
    """What would settle one claim; `runs` is how many more its verdict needs, None where more would not tell."""

    claim: str
    verdict: str
    way: Way
    runs: int | None
    is_hidden: bool
    decides: tuple[Deciding, ...]

    @property
    def resolved(self) -> float:
        """About the share of what divides the worlds on the claim that the best series of each hinge take away."""
        return min(1.0, sum(one.weight * one.told for one in self.decides))

    @property
    def unobserved(self) -> tuple[Deciding, ...]:
        """Assumptions that no series of the claim's own world informs."""
        return tuple(one for one in self.decides if not one.is_informed)


def settle(judgement: Judgement, cases: Cases) -> tuple[Settling, ...]:
    """Return what would settle each testable claim of a board, given what the series of some cases can tell."""
    return tuple(_one(finding, judgement, cases) for finding in judgement.findings if finding.is_tested)


def _one(finding: Finding, judgement: Judgement, cases: Cases) -> Settling:
    weights = {hinge.factor: hinge.value for hinge in finding.hinges}
    names = list(weights)
    names += [name for pair in finding.acting_together for name in pair]
    decides = tuple(
        replace(_deciding(name, judgement, cases), weight=max(weights.get(name, 0.0), 0.0))
        for name in dict.fromkeys(names)
    )
    runs = finding.needs.runs if finding.needs is not None else None
    return Settling(
        finding.claim, finding.verdict, _way(finding, decides, runs), runs, finding.is_hidden, decides
    )


def _way(finding: Finding, decides: tuple[Deciding, ...], runs: int | None) -> Way:
    if runs is not None:
        return "more runs"
    if finding.verdict in {HOLDS, FAILS}:
        return SETTLED
    if not decides:
        return "data beyond these cases" if finding.is_hidden else "no assumption is told"
    if all(one.is_informed for one in decides):
        return "data that exist"
    could = all(one.is_informed or one.would for one in decides)
    return "data that would have to exist" if could else "data beyond these cases"


def _deciding(name: str, judgement: Judgement, cases: Cases) -> Deciding:
    found = sorted(cases.informing(name), key=lambda one: one.cell.series in (ALL, ALL_AND_MORE))
    here = [one for one in found if one.world == judgement.scenario]
    return Deciding(
        name=name,
        title=judgement.titles.get(name, name),
        is_asked=any(item.name == name for item in cases.asked),
        here=tuple(one for one in here if one.exists),
        elsewhere=tuple(one for one in found if one.exists and one.world != judgement.scenario),
        would=tuple(one for one in here if not one.exists),
    )
