"""Who lives in a scenario: ranks, regions, sectors, and the offices that decide about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from exitvoice.scenario.base import Name, Part, Share, Supported, Title


class Rank(Part):
    """A rung of the ladder; ranks are listed from low to high."""

    name: Name
    title: Title


class Region(Supported):
    """A part of the country: its default share of a sector's persons, and its whole population."""

    name: Name
    title: Title
    share: Share
    population: float = Field(gt=0.0)


class HeadCount(Part):
    """Persons in the real world, with a range where the sources leave one."""

    value: float = Field(ge=1.0)
    low: float | None = Field(default=None, ge=0.0)
    high: float | None = Field(default=None, ge=0.0)

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest plausible count; the value itself where no range is given."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return low, high


def _as_count(value: HeadCount | float) -> HeadCount:
    return value if isinstance(value, HeadCount) else HeadCount(value=value)


if TYPE_CHECKING:
    Persons = HeadCount
else:  # a file may give a bare number
    Persons = Annotated[Annotated[float, Field(ge=1.0)] | HeadCount, AfterValidator(_as_count)]


class Sector(Supported):
    """A group of persons tied to the state: serving and retired together, in units, by rank and region."""

    name: Name
    title: Title
    persons: Persons
    retired_share: Share = 0.0
    unit_size: int = Field(default=48, ge=1, le=4096)
    rank_shares: tuple[Share, ...]
    region_shares: Mapping[str, Share] | None = None
    enforcer: bool = False
    opposition: float = Field(default=0.35, gt=0.0, lt=1.0)
    travel: float = Field(default=1.0, ge=0.0, le=20.0)
    document_share: Share = 0.3


class Office(Supported):
    """A link of a chain of approval, with a capacity, a handling time and a rate of refusal.

    `final_for_visits`: a visit needs no office after this one; who would leave for good goes on along the chain.
    """

    name: Name
    title: Title
    decisions_per_week_per_1000: float = Field(ge=0.0, le=1000.0)
    handling_weeks: float = Field(gt=0.0, le=520.0)
    refusal: Share
    refusal_by_rank: float = Field(default=0.0, ge=-1.0, le=1.0)
    opacity: Share = 0.5
    final_for_visits: bool = False


class Issuing(Supported):
    """The office that issues documents."""

    documents_per_week_per_1000: float = Field(ge=0.0, le=1000.0)
