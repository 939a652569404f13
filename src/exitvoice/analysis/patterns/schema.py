"""A pattern as data: worlds to run, what is compared, what was observed, and the tolerance fixed before any run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from exitvoice.scenario.base import Date, Name, Part, Supported, Text, Title

PatternId = Annotated[str, Field(pattern=r"^P(10|[1-9])$")]
Role = Literal["required", "control", "reported"]


class Quantity(Part):
    """One number of a run: some of its variables, over a span of days.

    Attributes
    ----------
    of : tuple of str
        Variables of a run, added up over sectors and ranks.
    less, over : tuple of str
        Taken away from the sum, and what the sum is divided by, both step by step.
    world : str or None
        Which world of the study; None where the comparison names the worlds itself.
    start, until : date
        Steps that begin on these days or between, the last day not counting.
    sector, region : str or None
        Only these.
    absolute : bool
        The size of each step's value, whatever its sign.
    take : 'mean', 'sum', 'max', 'min'
        Over the steps.
    """

    of: tuple[Name, ...] = Field(min_length=1)
    less: tuple[Name, ...] = ()
    over: tuple[Name, ...] = ()
    world: Name | None = None
    start: Date = Field(alias="from")
    until: Date
    sector: Name | None = None
    region: Name | None = None
    absolute: bool = False
    take: Literal["mean", "sum", "max", "min"] = "mean"


class Measure(Part):
    """One quantity, alone or held against another."""

    of: Quantity
    to: Quantity | None = None
    by: Literal["level", "ratio", "difference"] = "level"


class Reported(Part):
    """A figure that somebody reported, and the model of how such reports arise.

    Attributes
    ----------
    model : 'turnout', 'survey', 'detection', 'target'
        Of `exitvoice.observation`; `settings` are its parameters, its own defaults where none are given.
    series : str
        An observed series of the evidence.
    at, over : date
        The period whose report is read; with `over` the ratio of the truth to that of another period.
    level : float
        Share of the truth's chances that the range holds.
    """

    model: Literal["turnout", "survey", "detection", "target"]
    settings: Mapping[str, float] = Field(default_factory=dict)
    series: Title
    at: Date
    over: Date | None = None
    level: float = Field(default=0.9, gt=0.0, lt=1.0)


class Condition(Part):
    """Something that must be so in a run for it to count.

    With `reported`, the bounds are the range that the report leaves for the truth.
    """

    measure: Measure
    above: float | None = None
    below: float | None = None
    reported: Reported | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> Condition:
        own = self.above is not None or self.below is not None
        if own == (self.reported is not None):
            raise ValueError("give bounds of your own or a report, one of the two | delete one, or add one")
        return self


class Among(Part):
    """Runs in which some conditions hold, among those in which others are given."""

    holds: tuple[Condition, ...] = Field(min_length=1)
    given: tuple[Condition, ...] = ()


class Compare(Part):
    """One number from every run."""

    kind: Literal["compare"]
    measure: Measure


class Interior(Part):
    """Several worlds in a row: how far the hump in the middle stands above the higher end, as a share of the hump.

    `along` is what the worlds differ in, `height` what is looked at; where no world reaches `least`, there is nothing
    to compare and no number.
    """

    kind: Literal["interior"]
    along: Quantity
    height: Quantity
    least: float = Field(default=0.0, ge=0.0)
    worlds: tuple[Name, ...] = Field(min_length=5)


class Correlation(Part):
    """Rank correlation of two measures over the draws in which some conditions are given."""

    kind: Literal["correlation"]
    first: Measure
    second: Measure
    given: tuple[Condition, ...] = ()


class Spread(Part):
    """The range from the tenth to the ninetieth per cent of a measure over the draws."""

    kind: Literal["spread"]
    measure: Measure
    given: tuple[Condition, ...] = ()


class ShareOf(Part):
    """The share of the draws in which some conditions hold, among those in which others are given."""

    kind: Literal["share"]
    among: Among


class ShareChange(Part):
    """How much such a share rises from one world to another."""

    kind: Literal["share-change"]
    before: Among
    after: Among


Comparison = Annotated[
    Compare | Interior | Correlation | Spread | ShareOf | ShareChange, Field(discriminator="kind")
]
OVER_DRAWS = ("correlation", "spread", "share", "share-change")
"""Kinds that give one number for all draws together, not one a run."""


class Observed(Supported):
    """What was seen of the world, with its uncertainty: a value, a range or a shape in words."""

    says: Title
    value: float | None = None
    low: float | None = None
    high: float | None = None


class Tolerance(Part):
    """Between what the simulated value must lie, and why; fixed before the runs."""

    low: float | None = None
    high: float | None = None
    why: Title


class Test(Part):
    """One comparison of a pattern.

    Attributes
    ----------
    role : 'required', 'control' or 'reported'
        A control is a twin in which the pattern must NOT show; what is reported has no pass mark.
    judged_by : 'seeds' or 'draws'
        The defaults, or the draws from the prior: these where a default was fitted to data that hold the pattern.
    if_missed : str or None
        Why we think it is missed, where it is.
    """

    __test__ = False  # the name is the field's; pytest shall not collect it

    name: Name
    title: Title
    study: Name
    role: Role = "required"
    judged_by: Literal["seeds", "draws"] = "seeds"
    unit: Title
    comparison: Comparison
    observed: Observed
    tolerance: Tolerance | None = None
    if_missed: Text | None = None


class PatternWorld(Part):
    """A world of a study: a change of its scenario."""

    name: Name
    title: Title
    changes: Mapping[str, object] = Field(default_factory=dict)


class Narrowed(Part):
    """A part of a prior's range to which the draws of a study are kept, and why."""

    low: float
    high: float
    why: Title


class Study(Part):
    """An ensemble that a pattern needs: a scenario, its worlds, what varies.

    Attributes
    ----------
    scenario : str
        A scenario of the library, or `small`, the invented world that lies beside the patterns.
    changes : mapping
        What all its worlds share.
    scale : float
    seeds : int
        Runs at the defaults, which show chance.
    draws : int
        Runs at points of the prior, which show what the assumptions are worth.
    vary : tuple of str
        Mechanisms or parameters whose priors are drawn from.
    within : mapping of str to Narrowed
        Parameters of which only a part of the prior is drawn, so that what a test is about happens often. Whether it
        holds there must not decide the part.
    """

    name: Name
    scenario: Name
    changes: Mapping[str, object] = Field(default_factory=dict)
    scale: float = Field(default=1.0, gt=0.0, le=1.0)
    seeds: int = Field(default=5, ge=1, le=100)
    draws: int = Field(default=24, ge=0, le=2000)
    vary: tuple[Name, ...] = ()
    within: Mapping[Name, Narrowed] = Field(default_factory=dict)
    worlds: tuple[PatternWorld, ...] = Field(min_length=1, max_length=40)


class Fixed(Supported):
    """Which data or prior fixed a parameter: never the pattern itself."""

    what: Title
    by: Title


class Seen(Part):
    """One observed point of a curve."""

    date: Date
    value: float | None = None
    low: float | None = None
    high: float | None = None


class Reads(Part):
    """Where a curve's observed points stand: a series of the evidence, times a factor, drawn some days later."""

    series: Title
    times: float = 1.0
    days: int = 0


class Curve(Supported):
    """A course over time, observed and simulated, drawn beside the tests; it decides nothing.

    Its observed points stand in a series of the evidence, or, where there is none, under `seen`.
    """

    name: Name
    title: Title
    study: Name
    quantity: Quantity
    times: float = 1.0
    every: Literal["step", "month", "year"] = "step"
    unit: Title
    note: Title | None = None
    logarithmic: bool = False
    reads: Reads | None = None
    seen: tuple[Seen, ...] = ()


class Pattern(Part):
    """One pattern of the model's description: P1 to P10."""

    format: Literal["exitvoice-pattern/1"]
    pattern: PatternId
    title: Title
    compares: Text
    fixed: tuple[Fixed, ...] = Field(min_length=1)
    studies: tuple[Study, ...] = Field(min_length=1)
    tests: tuple[Test, ...] = Field(min_length=1)
    curves: tuple[Curve, ...] = ()
    limits: Text

    def study(self, name: str) -> Study:
        """Return the study of that name."""
        return next(study for study in self.studies if study.name == name)

    @property
    def number(self) -> int:
        """Its number: 10 for P10."""
        return int(self.pattern[1:])


def parts_in(part: BaseModel, replace: Callable[[BaseModel], object]) -> object:
    """Return a part in which every part, the innermost first, is what `replace` makes of it."""
    changed = {
        name: _replaced(value, replace)
        for name, value in dict(part).items()
        if isinstance(value, BaseModel | tuple)
    }
    return replace(part.model_copy(update=changed))


def _replaced(value: object, replace: Callable[[BaseModel], object]) -> object:
    if isinstance(value, tuple):
        return tuple(_replaced(item, replace) for item in value)
    return parts_in(value, replace) if isinstance(value, BaseModel) else value
