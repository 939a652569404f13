"""What the atlas asks of one world, as data: which series are read off a run, and which would have to exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from exitvoice.calibration.schema import CountedAs, DetectionAs, Measure, Positive, TurnoutAs
from exitvoice.scenario.base import Date, Name, Part, Share, Supported, Text, Title

FORMAT = "exitvoice-atlas-design/1"
LEAST_PUBLISHED = 100.0
"""Counts of a series that would have to exist are not published below this: nobody can be told from them."""


class SurveyAs(Part):
    """Asked of a sample, anonymously: directly, where some feign, or by a list experiment, where nobody has to say.

    The share who feign is itself not known: it is drawn anew for each world between the two ends.
    """

    kind: Literal["survey"]
    answer: Literal["direct", "listed"]
    asked: int = Field(default=1000, ge=100, le=1_000_000)
    feigning_low: Share = 0.0
    feigning_high: Share = 0.7

    @model_validator(mode="after")
    def _is_ordered(self) -> SurveyAs:
        if self.feigning_low > self.feigning_high:
            raise ValueError("feigning_low lies above feigning_high | put the smaller share first")
        return self


ObservedAs = Annotated[CountedAs | TurnoutAs | DetectionAs | SurveyAs, Field(discriminator="kind")]


class Over(Measure):
    """What the measure is divided by; of the same period, or of one so many years before."""

    years_before: int = Field(default=0, ge=0, le=20)


class Read(Supported):
    """How a series is read off a run.

    Attributes
    ----------
    measure : Measure
    over : Over or None
        Divided by this, for shares and ratios.
    is_rest : bool
        Read one less the share: those who do not.
    observation : how it is counted or asked
    form : 'log' or 'plain'
        Counts are read in logs, shares as they are.
    floor : float
        In logs, the least that is told from nothing, in single units.
    """

    measure: Measure | None = None
    over: Over | None = None
    is_rest: bool = False
    observation: ObservedAs | None = None
    form: Literal["log", "plain"] = "log"
    floor: Positive = 1.0

    @property
    def has_words(self) -> bool:
        """Whether it says how the series is read."""
        return self.measure is not None and self.observation is not None


class Existing(Read):
    """A series of the library in this world: read like a target, in words of its own, or not at all and why."""

    series: Name
    like: str | None = Field(default=None, pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    why_not: Text | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Existing:
        ways = (self.like is not None) + (self.why_not is not None) + self.has_words
        if ways != 1:
            raise ValueError(
                "it is not said how it is read | give one of: 'like', 'why_not', or 'measure' with 'observation'"
            )
        return self


class Periods(Part):
    """One figure for each whole period between two days."""

    start: Date = Field(alias="from")
    end: Date = Field(alias="to")
    every: Literal["year", "half-year", "quarter", "month"] = "year"


class WouldExist(Read):
    """A series that nobody keeps or publishes: totals only, with a word on who could gather it and harm nobody.

    `each` makes one series of it for each sector or region, read together.
    """

    name: Name
    title: Title
    who: Text
    periods: Periods
    each: Literal["sector", "region"] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> WouldExist:
        if not self.has_words:
            raise ValueError("it is not said how it is read | give 'measure' and 'observation'")
        if self.form == "log" and self.floor < LEAST_PUBLISHED:
            what = f"counts below {LEAST_PUBLISHED:.0f} would be published"
            raise ValueError(f"{what} | raise 'floor': nobody may be told from a total")
        return self


class Design(Part):
    """One file: a world, every series of the library that belongs to it, and series that would have to exist.

    `as_claims_compare`: take clock, changes and ranges from the worlds that the hypotheses compare.
    """

    format: Literal["exitvoice-atlas-design/1"]
    name: Name
    title: Title
    scenario: Name
    about: Text
    as_claims_compare: bool = False
    changes: Mapping[str, object] = Field(default_factory=dict)
    scale: float = Field(gt=0.0, le=1.0)
    series: tuple[Existing, ...] = Field(default=(), max_length=100)
    would_exist: tuple[WouldExist, ...] = Field(default=(), max_length=100)
