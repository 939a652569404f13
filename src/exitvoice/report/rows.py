"""Scenario and ledger as plain rows, so that neither figures nor the template know how they are stored."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RuleRow:
    """One dated rule: what it asks, of whom, when, and on whose word."""

    id: str
    title: str
    announced: date | None
    start: date | None
    until: date | None
    who: str
    what: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ClaimCard:
    """One claim: who says it, what kind it is, how many independent origins it has, what speaks against it."""

    id: str
    text: str
    speakers: str
    outlet: str
    date: str
    kind: str
    mechanism: str
    depends_on: tuple[str, ...]
    outlets: int
    origins: tuple[str, ...]
    confirming: tuple[str, ...]
    doubting: tuple[str, ...]
    is_partisan_only: bool
    corroboration: tuple[str, ...]
    doubt: tuple[str, ...]
    drift: str
    verdict: str
    why: str


@dataclass(frozen=True)
class AssumptionRow:
    """One number that goes in: its value, unit and range, and what it rests on; `trace` is what it can be traced by."""

    group: str
    title: str
    symbol: str
    value: str
    unit: str
    range: str
    is_changed: bool
    sources: tuple[str, ...]
    assumed: str
    trace: str = ""
