"""What moves a scenario from outside: dated series, events, shocks, and the strength of each mechanism."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from exitvoice.scenario.base import Date, Name, Names, Part, Share, Supported, Title

DEFAULTS: dict[str, float] = {
    "openness_trips": 1.0,
    "openness_leave": 0.3,
    "inspection": 1.0,
    "campaign": 0.0,
    "hardship": 0.0,
    "detection": 0.9,
    "access": 0.02,
    "external_tension": 0.0,
    "issuing": 1.0,
    "decisions": 1.0,
    "control": 0.5,
}
"""Value of a driving series that a scenario does not give."""

BOUNDS: dict[str, tuple[float, float]] = {
    "openness_trips": (0.0, 10.0),
    "openness_leave": (0.0, 10.0),
    "inspection": (0.0, 100.0),
    "campaign": (0.0, 10.0),
    "hardship": (0.0, 1.0),
    "detection": (0.0, 1.0),
    "access": (0.0, 1.0),
    "external_tension": (0.0, 1.0),
    "issuing": (0.0, 100.0),
    "decisions": (0.0, 1000.0),
    "control": (0.0, 1.0),
}
"""Lowest and highest value that each series can take, before and after events."""


class Point(Part):
    """A value from a date on (step), or at a date (linear)."""

    date: Date
    value: float


class Series(Supported):
    """A driving series: constant before its first and after its last point."""

    interpolation: Literal["step", "linear"] = "step"
    points: tuple[Point, ...] = Field(min_length=1, max_length=2000)


class Season(Supported):
    """Twelve multipliers of trips, January to December, with mean 1."""

    months: tuple[Annotated[float, Field(ge=0.0, le=12.0)], ...] = Field(min_length=12, max_length=12)


class SeriesSet(Part):
    """The driving series; one that is absent keeps its default (see `DEFAULTS`)."""

    openness_trips: Series | None = None
    openness_leave: Series | None = None
    inspection: Series | None = None
    campaign: Series | None = None
    hardship: Series | None = None
    detection: Series | None = None
    access: Series | None = None
    external_tension: Series | None = None
    issuing: Series | None = None
    decisions: Series | None = None
    control: Series | None = None
    season: Season | None = None


_TIMES = re.compile(r"x\s*([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


class ChangeOf(Part):
    """How an event changes a series while it lasts: ``+0.1`` adds, ``x0.5`` multiplies."""

    add: float = 0.0
    multiply: float = 1.0


def _as_change(value: float | str) -> ChangeOf:
    if not isinstance(value, str):
        return ChangeOf(add=value)
    hit = _TIMES.fullmatch(value)
    factor = float(value[1:]) if hit and len(value) <= 20 else -1.0
    if not 0.0 <= factor <= 1000.0:
        raise ValueError(f"'{value[:40]}' is no change | write +0.1 to add or x0.5 to multiply")
    return ChangeOf(multiply=factor)


def _change_as_data(change: ChangeOf | None) -> dict[str, float] | None:
    return None if change is None else {"add": change.add, "multiply": change.multiply}


if TYPE_CHECKING:
    Change = ChangeOf
else:
    _Written = Annotated[float, Field(ge=-1000.0, le=1000.0)] | str
    Change = Annotated[_Written, AfterValidator(_as_change), PlainSerializer(_change_as_data)]


class Effects(Part):
    """What an event does.

    `enforcement` -0.5 takes half of the forces away while it lasts. `opposition` s moves everybody once, at `from`:
    h becomes h + s (1 - h). `known_dissent` adds to what is commonly seen. `goals_met` holds while the event lasts and
    fades afterwards. The others change the series of that name.
    """

    enforcement: float | None = Field(default=None, ge=-1.0, le=0.0)
    opposition: float | None = Field(default=None, ge=-1.0, le=1.0)
    known_dissent: Share | None = None
    goals_met: Share | None = None
    openness_trips: Change | None = None
    openness_leave: Change | None = None
    inspection: Change | None = None
    campaign: Change | None = None
    hardship: Change | None = None
    detection: Change | None = None
    access: Change | None = None
    external_tension: Change | None = None
    issuing: Change | None = None
    decisions: Change | None = None
    control: Change | None = None


class Event(Supported):
    """Something that happened. `start` is written `from`; `until` is the first day on which it no longer acts."""

    id: Name
    title: Title
    start: Date = Field(alias="from")
    until: Date | None = None
    regions: Names = None
    effects: Effects


class Shocks(Supported):
    """Incidents that strike a region at random, `rate_per_year` on average."""

    rate_per_year: float = Field(default=0.0, ge=0.0, le=52.0)
    hardship: Share = 0.0
    enforcement: float = Field(default=0.0, ge=-1.0, le=0.0)
    opposition: Share = 0.0
    known_dissent: Share = 0.0
    weeks: float = Field(default=4.0, gt=0.0, le=520.0)


class Mechanisms(Part):
    """Strength of each mechanism: 1 as it is, 0 switched off."""

    career: Share = 1.0
    document: Share = 1.0
    watchlist: Share = 1.0
    journey: Share = 1.0
    opposition: Share = 1.0
    confidence: Share = 1.0
    discipline: Share = 1.0
    expression: Share = 1.0
    offices: Share = 1.0
    information: Share = 1.0
    reporting: Share = 1.0
    leadership: Share = 1.0
    inspection: Share = 1.0
    enforcement: Share = 1.0
    incidents: Share = 1.0
    loss_of_control: Share = 1.0
