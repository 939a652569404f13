"""Dated rules on who may leave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from exitvoice.scenario.base import Date, Name, Names, Part, Share, Supported, Text, Title


class AppliesTo(Part):
    """Whom a rule binds. Sectors, ranks and regions are names, or None for all of them.

    `years_since_office` narrows a rule on the retired to those out of office for less than so many years.
    `relatives_of_listed` narrows a rule to persons with a listed relative.
    """

    sectors: Names = None
    ranks: Names = None
    regions: Names = None
    service: Literal["serving", "retired", "all"] = "serving"
    years_since_office: float | None = Field(default=None, gt=0.0, le=50.0)
    relatives_of_listed: bool = False


class Custody(Part):
    """Documents are handed in within so many days."""

    within_days: int = Field(ge=1, le=255)


class Approval(Part):
    """A trip needs the consent of each office of a chain, in order; opaque offices give no reasons."""

    chain: tuple[str, ...] = Field(min_length=1, max_length=7)
    opaque: bool = False


class CoveragePoint(Part):
    """Share of units that really apply a rule at a date; `date` None means throughout."""

    share: Share
    date: Date | None = None


def _as_points(value: tuple[CoveragePoint, ...] | float) -> tuple[CoveragePoint, ...]:
    return value if isinstance(value, tuple) else (CoveragePoint(share=value),)


if TYPE_CHECKING:
    Coverage = tuple[CoveragePoint, ...]
else:  # a file may give a bare number
    _Points = Annotated[tuple[CoveragePoint, ...], Field(min_length=1, max_length=1000)]
    Coverage = Annotated[Share | _Points, AfterValidator(_as_points)]


class Rule(Supported):
    """One rule. `start` is written `from` in a file; it may be empty for a rumour that never became a rule.

    `until` is the first day on which it no longer acts. `coverage` is linear between its dates and constant outside.
    """

    id: Name
    title: Title
    announced: Date | None = None
    start: Date | None = Field(default=None, alias="from")
    until: Date | None = None
    applies_to: AppliesTo
    custody: Custody | None = None
    invalidate: bool = False
    approval: Approval | None = None
    ban: bool = False
    trips_per_year: int | None = Field(default=None, ge=0, le=2)
    max_days: int | None = Field(default=None, ge=1, le=1778)
    reporting_days: int | None = Field(default=None, ge=1, le=31)
    cooling_off_years: float | None = Field(default=None, gt=0.0, le=50.0)
    coverage: Coverage
    coverage_assumed: Text | None = None

    @property
    def known_from(self) -> date | None:
        """First day on which people know of it."""
        return self.announced if self.announced is not None else self.start

    def coverage_at(self, day: date) -> float:
        """Share of units that apply the rule on a day, were it in force; before `start`, its share at the start."""
        points = self.coverage
        if self.start is not None and day < self.start:
            day = self.start
        if points[0].date is None or day <= points[0].date:
            return points[0].share
        for before, after in zip(points, points[1:], strict=False):
            assert before.date is not None and after.date is not None
            if day < after.date:
                passed = (day - before.date).days / (after.date - before.date).days
                return before.share + passed * (after.share - before.share)
        return points[-1].share
