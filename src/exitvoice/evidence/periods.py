"""Periods as people write them: a year, a month, a day, or two of them with a slash between."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Period:
    """First and last day, both within."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days, at least one."""
        return (self.end - self.start).days + 1

    def overlaps(self, other: "Period") -> bool:
        """Whether they share a day."""
        return self.start <= other.end and other.start <= self.end

    def holds(self, other: "Period") -> bool:
        """Whether the other lies within this one."""
        return self.start <= other.start and other.end <= self.end


@cache
def parse_period(text: str) -> Period | None:
    """Return the days that a period covers, or None where it is not written as one.

    Examples
    --------
    >>> parse_period("2016/2022").end.isoformat(), parse_period("2024-02").end.isoformat()
    ('2022-12-31', '2024-02-29')
    >>> parse_period("spring") is None
    True
    """
    parts = text.split("/")
    if not 1 <= len(parts) <= 2:
        return None
    first, last = _span(parts[0].strip()), _span(parts[-1].strip())
    if first is None or last is None or first.start > last.end:
        return None
    return Period(first.start, last.end)


def _span(text: str) -> Period | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        assert year is not None
        if month is None:
            return Period(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return None
