"""A hypothesis: what a claim says, written so that two worlds can be compared and the claim can lose.

An effect is always that of the intervention: the outcome in the world with it, less (or over) that without it. Where
the world as it stands already holds what the claim speaks of, the intervention takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from exitvoice.scenario.base import Date, Name, Part, Supported, Text, Title

ClaimId = Annotated[str, Field(pattern=r"^C[1-9][0-9]?$")]
Direction = Literal["rises", "falls", "unmoved", "above", "below"]
Measure = Literal["difference", "relative", "level"]
LEVELS = ("above", "below")
COVERAGE = "coverage"
"""In `uncertain`: the ranges of rules."""


class Years(Part):
    """Whole calendar years, both ends included."""

    first: int = Field(alias="from", ge=1900, le=2300)
    last: int = Field(alias="until", ge=1900, le=2300)


class Condition(Part):
    """One thing that must be so for the claim to hold in a world.

    `difference` and `relative` compare the world with its intervention; `level` reads the world with the intervention,
    or the world itself where there is none. `threshold` is what counts as relevant, in the unit of the outcome (a
    share for `relative`), and `why` says why so much and not less.
    """

    name: Name
    world: Name
    intervention: Name | None = None
    outcome: Name
    measure: Measure
    direction: Direction
    threshold: float = Field(ge=0.0)
    why: Title
    horizon: Years


class Datum(Supported):
    """What is seen of the real world: the range in which an outcome of the world as it stands must lie."""

    outcome: Name
    low: float
    high: float
    horizon: Years


class Hypothesis(Part):
    """How one claim of the evidence is put to the test, or, without parts, that it cannot be.

    Attributes
    ----------
    tests : 'claim' or 'consequence'
        Where the claim itself is a fact to be checked in sources, only what would follow from it is tested.
    parts : tuple of Condition
        All must be so.
    given : tuple of Condition
        Worlds in which these are not so do not count.
    uncertain : tuple of str
        Mechanisms or parameters on which the answer may hinge; `coverage` stands for the ranges of rules.
    contested : tuple of str
        Parameters whose sign is disputed: their prior is made symmetric, and the verdict is shown for each sign.
    hidden : bool
        The outcome is a level of something nobody sees: then the answer repeats the prior unless `data` move it.
    cascade : bool
        Whether cascades decide it, so that theta is shown first.
    by_construction, left_open : str
        What was put in and is no result; what of the claim is not tested.
    """

    format: Literal["exitvoice-hypothesis/1"]
    claim: ClaimId
    tests: Literal["claim", "consequence"] = "claim"
    question: Text | None = None
    parts: tuple[Condition, ...] = ()
    given: tuple[Condition, ...] = ()
    uncertain: tuple[Name, ...] = ()
    contested: tuple[Name, ...] = ()
    data: tuple[Datum, ...] = ()
    hidden: bool = False
    cascade: bool = False
    by_construction: Text | None = None
    left_open: Text | None = None

    @property
    def is_testable(self) -> bool:
        """Whether there is something to test."""
        return bool(self.parts)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Parts and what is given."""
        return (*self.parts, *self.given)

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds that must be run, each once."""
        names = [name for part in self.conditions for name in (part.world, part.intervention) if name]
        data = [self.parts[0].world] if self.data else []
        return tuple(dict.fromkeys([*names, *data]))


class World(Part):
    """A change of the scenario, with a name that hypotheses share."""

    title: Title
    why: Text | None = None
    changes: Mapping[str, object] = Field(default_factory=dict)


class Range(Part):
    """The plausible range of a field of a rule, and why."""

    low: float
    high: float
    title: Title
    why: Text


class Span(Part):
    """First day, and first day that no longer counts."""

    start: Date
    end: Date


class Worlds(Part):
    """The worlds that the hypotheses of one scenario compare."""

    format: Literal["exitvoice-worlds/1"]
    scenario: Name
    clock: Span
    common: World
    ranges: Mapping[str, Range] = Field(default_factory=dict)
    worlds: Mapping[Name, World]


def clock_changes(worlds: Worlds) -> dict[str, object]:
    """Return the changes that give a scenario the clock of the comparisons."""
    return {
        "clock.start": worlds.clock.start.isoformat(),
        "clock.end": worlds.clock.end.isoformat(),
    }
