"""Statements as numbers that can be compared: base units, periods, and the series they belong to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from exitvoice.evidence.periods import Period, parse_period
from exitvoice.evidence.schema import Statement

_FACTORS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "hundred": 1e2}
_TIME = re.compile(r"\s+(?:a|per)\s+(?:year|month|week|quarter|day|half-year)$")
Key = tuple[str, str]


@dataclass(frozen=True)
class Figure:
    """A statement with its number in base units (thousand persons are persons) and its days.

    `low` and `high` are the range given, or the number itself.
    """

    statement: Statement
    period: Period
    number: float
    low: float
    high: float
    unit: str

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def shown(self) -> str:
        """The number for a sentence; a year is written as one."""
        return f"{self.number:.0f}" if self.unit.startswith("year") else show(self.number)


def figure(statement: Statement) -> Figure | None:
    """Return a statement as a figure, or None where it holds no number or no readable period."""
    period = parse_period(statement.period)
    given = [
        part for part in (statement.low, statement.value, statement.high) if isinstance(part, (int, float))
    ]
    if period is None or not given or isinstance(statement.value, str):
        return None
    factor, unit = base_unit(statement.unit)
    number = statement.value if statement.value is not None else (given[0] + given[-1]) / 2.0
    assert isinstance(number, (int, float))
    return Figure(statement, period, number * factor, min(given) * factor, max(given) * factor, unit)


def base_unit(unit: str) -> tuple[float, str]:
    """Return the factor and the name of the unit without 'thousand' or 'a year'.

    Examples
    --------
    >>> base_unit("thousand persons a year")
    (1000.0, 'persons')
    """
    name = _TIME.sub("", unit.strip().lower())
    first, _, rest = name.partition(" ")
    if first in _FACTORS and rest:
        return _FACTORS[first], rest
    return 1.0, name


def series_key(statement: Statement) -> Key:
    """Return what makes two statements comparable: the series, or subject and property; and the place."""
    series = statement.series or f"{statement.subject} / {statement.property}"
    return series, statement.place or ""


def by_series(figures: Iterable[Figure]) -> dict[Key, list[Figure]]:
    """Group figures that are comparable, in time order within a group."""
    groups: dict[Key, list[Figure]] = {}
    for one in figures:
        groups.setdefault(series_key(one.statement), []).append(one)
    return {key: sorted(group, key=lambda one: (one.period, one.id)) for key, group in groups.items()}


def rounding(number: float) -> float:
    """Return by how much a figure may be off for having been rounded: half its last digit that is not nought.

    At most a hundredth of the figure: a round hundred is not held to mean 50 to 150.

    Examples
    --------
    >>> rounding(670e6), rounding(234_419), rounding(100)
    (5000000.0, 0.5, 1.0)
    """
    if number == 0.0 or not float(number).is_integer():
        return 0.0
    digits = f"{abs(number):.0f}"
    last = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return min(last / 2.0, abs(number) / 100.0)


def show(number: float) -> str:
    """Write a number for a sentence.

    Examples
    --------
    >>> show(266461), show(0.0625), show(8.0)
    ('266,461', '0.0625', '8')
    """
    return f"{number:,.0f}" if abs(number) >= 1000 or float(number).is_integer() else f"{number:.3g}"
