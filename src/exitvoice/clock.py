"""The grid of steps: dates to steps, and the fraction of a step for which something acts.

A rule that starts on a Wednesday acts for part of a weekly step. Rounding it to the grid would move the weeks before
a deadline by up to a step, which changed departures by a quarter in a trial.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from exitvoice.units import DAYS_PER_YEAR

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Clock:
    """Steps of `step_days` days from `start`; the last one holds the last day before `end`.

    Parameters
    ----------
    start, end : datetime.date
        First day, and first day that no longer counts.
    step_days : int
        Length of a step in days.

    Examples
    --------
    >>> clock = Clock(date(2003, 1, 1), date(2003, 1, 22), 7)
    >>> clock.steps, clock.step_of(date(2003, 1, 9)), round(clock.dt, 4)
    (3, 1, 0.0192)
    """

    start: date
    end: date
    step_days: int

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a clock ends after it starts")
        if self.step_days < 1:
            raise ValueError("a step has at least one day")

    @property
    def steps(self) -> int:
        """Number of steps."""
        return -(-(self.end - self.start).days // self.step_days)

    @property
    def days(self) -> int:
        """Number of days in all steps; the last step may reach past `end`."""
        return self.steps * self.step_days

    @property
    def dt(self) -> float:
        """Length of a step in years."""
        return self.step_days / DAYS_PER_YEAR

    @cached_property
    def starts(self) -> Days:
        """First day of each step, datetime64[D]."""
        first = np.datetime64(self.start, "D")
        return first + np.arange(self.steps) * np.timedelta64(self.step_days, "D")

    def date_of(self, step: int) -> date:
        """Return the first day of a step."""
        return self.start + timedelta(days=step * self.step_days)

    def day_of(self, day: date) -> int:
        """Return days since the start; negative before it."""
        return (day - self.start).days

    def step_of(self, day: date) -> int:
        """Return the step that holds `day`; negative before the start, `steps` or more after the end."""
        return self.day_of(day) // self.step_days

    def fraction(self, step: int, begin: date | None, until: date | None) -> float:
        """Fraction of a step for which something acts that begins on `begin` and no longer acts on `until`.

        None stands for 'always before' and 'never ends'.

        Examples
        --------
        >>> Clock(date(2003, 1, 1), date(2003, 2, 1), 7).fraction(0, date(2003, 1, 3), None)
        0.7142857142857143
        """
        first, last = step * self.step_days, (step + 1) * self.step_days
        low = first if begin is None else max(first, self.day_of(begin))
        high = last if until is None else min(last, self.day_of(until))
        return max(0, high - low) / self.step_days
