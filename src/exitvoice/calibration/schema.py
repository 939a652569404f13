"""What a calibration is held to, as data: series, spans, models of misreporting, and a distance fixed beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from exitvoice.observation import Counted, Detection, Observation, Turnout
from exitvoice.scenario.base import Date, Name, Part, Supported, Text, Title

FORMAT = "exitvoice-targets/1"
Positive = Annotated[float, Field(gt=0.0)]


class Parameter(Part):
    """A parameter to be inferred; the prior's own range unless another is given and explained."""

    name: Name
    low: float | None = None
    high: float | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _explains_itself(self) -> Parameter:
        if (self.low is None) != (self.high is None):
            raise ValueError("one end of the range is missing | give both 'low' and 'high', or neither")
        if self.low is not None and self.why is None:
            raise ValueError("a range of its own has no reason | add 'why'")
        return self


class Measure(Part):
    """What of a run stands for the series.

    Attributes
    ----------
    of : tuple of str
        Variables of a run, added up over sectors, ranks and regions.
    sector, region : str or None
        Only these.
    take : 'sum', 'mean' or 'last'
        Over the days of a period: flows are summed (a step that lies across its end is shared out by days), stocks
        averaged, or taken from the last step that has ended by the period's last day.
    times : float
        What one unit of the variable counts in single units of the series.
    why : str or None
        On whose word `times` stands, where it is not 1.
    """

    of: tuple[Name, ...] = Field(min_length=1)
    sector: Name | None = None
    region: Name | None = None
    take: Literal["sum", "mean", "last"] = "sum"
    times: Positive = 1.0
    why: Text | None = None

    @model_validator(mode="after")
    def _explains_itself(self) -> Measure:
        if self.times != 1.0 and self.why is None:
            raise ValueError("a factor has no reason | add 'why' beside 'times'")
        return self


class Span(Part):
    """Periods that lie wholly within these days, both included."""

    start: Date = Field(alias="from")
    end: Date = Field(alias="to")
    without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _runs_forward(self) -> Span:
        if self.start >= self.end:
            raise ValueError("the span ends before it begins | put the earlier day first")
        return self


class CountedAs(Part):
    """Counted with a log-normal error."""

    kind: Literal["counted"]
    log_sd: Positive = 0.05

    @property
    def model(self) -> Observation:
        """The observation model."""
        return Counted(log_sd=self.log_sd)


class TurnoutAs(Part):
    """Estimated by several; the lowest and the highest are handed down."""

    kind: Literal["turnout"]
    log_sd: Positive = 0.3
    counters: int = Field(default=4, ge=2, le=20)
    log_bias: float = 0.0

    @property
    def model(self) -> Observation:
        """The observation model."""
        return Turnout(log_sd=self.log_sd, counters=self.counters, log_bias=self.log_bias)


class DetectionAs(Part):
    """A share of what was done is detected and counted."""

    kind: Literal["detection"]
    share: float = Field(gt=0.0, lt=1.0)
    concentration: Positive = 50.0

    @property
    def model(self) -> Observation:
        """The observation model."""
        return Detection(share=self.share, concentration=self.concentration)


ObservedAs = Annotated[CountedAs | TurnoutAs | DetectionAs, Field(discriminator="kind")]


class Distance(Part):
    """How far apart two figures are: their difference, in logs or as it is, in units of `scale`.

    `floor` (in the unit of single persons) is the least that is told from nothing; smaller figures are read as it.
    """

    form: Literal["log", "plain"] = "log"
    scale: Positive
    floor: Positive = 1.0
    why: Text


class Target(Supported):
    """One series of the evidence, the span of it that is used, and how a run is held against it."""

    name: Name
    series: Name
    measure: Measure
    fit: Span
    forecast: Span | None = None
    observation: ObservedAs
    distance: Distance


class Targets(Part):
    """One file: a world, what is inferred, and what it is held to."""

    format: Literal["exitvoice-targets/1"]
    name: Name
    title: Title
    scenario: Name
    about: Text
    changes: Mapping[str, object] = Field(default_factory=dict)
    scale: float = Field(gt=0.0, le=1.0)
    parameters: tuple[Parameter, ...] = Field(min_length=1, max_length=60)
    targets: tuple[Target, ...] = Field(min_length=1, max_length=40)
    limits: Text
