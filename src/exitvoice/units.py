"""Units of values, and how long a year is.

A unit is a word on a value, not arithmetic: results, priors and statements carry it so that a reader never has to
guess whether a number counts persons or crossings, a share or a rate.
"""

from __future__ import annotations

DAYS_PER_WEEK = 7.0
DAYS_PER_YEAR = 365.25
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK

UNITS: dict[str, str] = {
    "1": "a number without unit",
    "share": "share, 0 to 1",
    "probability": "probability, 0 to 1",
    "persons": "persons",
    "person-years": "person-years",
    "crossings": "border crossings, entries and exits",
    "cases": "cases",
    "documents": "documents",
    "posts": "posts",
    "levels": "levels of a hierarchy",
    "utility": "utility, in units of the median cost of falsifying oneself",
    "logit": "on the logit scale",
    "logit year": "on the logit scale, for each unit of an annual rate",
    "days": "days",
    "weeks": "weeks",
    "year": "years",
    "1/year": "a year",
    "1/week": "a week",
    "persons/step": "persons a step",
}


def is_unit(text: str) -> bool:
    """Say whether `text` is a unit that exitvoice knows.

    Examples
    --------
    >>> is_unit("1/year"), is_unit("per annum")
    (True, False)
    """
    return text in UNITS


def per_year(rate: float, unit: str) -> float:
    """Convert a rate to one a year.

    Examples
    --------
    >>> round(per_year(2.0, "1/week"), 2)
    104.36
    """
    factors = {"1/year": 1.0, "1/week": WEEKS_PER_YEAR}
    if unit not in factors:
        raise ValueError(f"{unit!r} is not the unit of a rate")
    return rate * factors[unit]


def years(length: float, unit: str) -> float:
    """Convert a length of time to years.

    Examples
    --------
    >>> round(years(26, "weeks"), 3)
    0.498
    """
    factors = {"year": 1.0, "weeks": 1.0 / WEEKS_PER_YEAR, "days": 1.0 / DAYS_PER_YEAR}
    if unit not in factors:
        raise ValueError(f"{unit!r} is not a unit of time")
    return length * factors[unit]
