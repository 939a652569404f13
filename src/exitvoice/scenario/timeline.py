"""The drivers of a scenario on the grid of steps.

Everything is laid out by day first and averaged over each step, so a date off the grid acts for the fraction of the
step for which it holds. Events change series while they last; a step in opposition happens once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from exitvoice.clock import Clock, Days
from exitvoice.scenario.drivers import BOUNDS, DEFAULTS, Event, Series
from exitvoice.scenario.schema import Scenario

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Timeline:
    """What moves the world from outside.

    Attributes
    ----------
    starts : datetime64[D] array (steps,)
        First day of each step.
    dt : float
        Length of a step in years.
    series : mapping of str to float64 array (steps, regions)
        ``openness_trips openness_leave inspection campaign hardship detection access external_tension issuing
        decisions control season`` and what events do: ``enforcement_away`` (share of the forces away),
        ``opposition_impulse`` (s in h + s (1 - h), once), ``known_dissent`` (share added to what is commonly
        seen), ``goals_met`` (share).
    """

    starts: Days
    dt: float
    series: Mapping[str, FloatArray]

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.starts)


def build_timeline(scenario: Scenario, clock: Clock) -> Timeline:
    """Lay the scenario's series and events on the grid of `clock`."""
    builder = _Builder(scenario, clock)
    series = {name: builder.driven(name) for name in DEFAULTS}
    series |= {
        "season": builder.season(),
        "enforcement_away": builder.enforcement_away(),
        "opposition_impulse": builder.opposition_impulse(),
        "known_dissent": builder.known_dissent(),
        "goals_met": builder.goals_met(),
    }
    for array in series.values():
        array.setflags(write=False)
    return Timeline(clock.starts, clock.dt, MappingProxyType(series))


@dataclass(frozen=True)
class _Builder:
    scenario: Scenario
    clock: Clock

    def driven(self, name: str) -> FloatArray:
        """Lay out one series with the events that change it."""
        given: Series | None = getattr(self.scenario.series, name)
        base = np.full(self.clock.days, DEFAULTS[name]) if given is None else _by_day(given, self.clock)
        daily = self._daily(base)
        for event, days, regions in self._events():
            change = getattr(event.effects, name)
            if change is not None:
                daily[days, regions] = daily[days, regions] * change.multiply + change.add
        return self._mean(np.clip(daily, *BOUNDS[name]))

    def season(self) -> FloatArray:
        """Multiplier of trips by the month of each day."""
        given = self.scenario.series.season
        if given is None:
            return np.ones((self.clock.steps, len(self.scenario.regions)))
        months = _all_days(self.clock).astype("datetime64[M]").astype(np.int64) % 12
        return self._mean(self._daily(np.array(given.months)[months]))

    def enforcement_away(self) -> FloatArray:
        """Share of the forces away: one less the product of what each event leaves."""
        left = self._daily(np.ones(self.clock.days))
        for event, days, regions in self._events():
            if event.effects.enforcement is not None:
                left[days, regions] *= 1.0 + event.effects.enforcement
        return self._mean(1.0 - left)

    def opposition_impulse(self) -> FloatArray:
        """One-off steps of opposition; two in a step are applied one after the other, 1 - (1 - s)(1 - t)."""
        left = np.ones((self.clock.steps, len(self.scenario.regions)))
        for event, _, regions in self._events():
            step = self.clock.step_of(event.start)
            if event.effects.opposition is not None and 0 <= step < self.clock.steps:
                left[step, regions] *= 1.0 - event.effects.opposition
        return 1.0 - left

    def known_dissent(self) -> FloatArray:
        """Share that everybody knows to dissent, from events."""
        daily = self._daily(np.zeros(self.clock.days))
        for event, days, regions in self._events():
            if event.effects.known_dissent is not None:
                daily[days, regions] = np.maximum(daily[days, regions], event.effects.known_dissent)
        return self._mean(daily)

    def goals_met(self) -> FloatArray:
        """Goals met: held while an event lasts, halved every `goals_met_half_life_days` afterwards."""
        daily = self._daily(np.zeros(self.clock.days))
        for event, days, regions in self._events():
            if event.effects.goals_met is not None:
                daily[days, regions] = np.maximum(daily[days, regions], event.effects.goals_met)
        if daily.any():
            _fade(daily, 0.5 ** (1.0 / self.scenario.values["goals_met_half_life_days"]))
        return self._mean(daily)

    def _events(self) -> Iterator[tuple[Event, slice, list[int]]]:
        for event in self.scenario.events:
            first = self.clock.day_of(event.start)
            last = first + self.clock.step_days if event.until is None else self.clock.day_of(event.until)
            yield event, slice(_inside(first, self.clock), _inside(last, self.clock)), self._regions(event)

    def _regions(self, event: Event) -> list[int]:
        names = self.scenario.region_names
        return [index for index, name in enumerate(names) if event.regions is None or name in event.regions]

    def _daily(self, values: FloatArray) -> FloatArray:
        return np.repeat(values[:, np.newaxis], len(self.scenario.regions), axis=1)

    def _mean(self, daily: FloatArray) -> FloatArray:
        days = daily.reshape(self.clock.steps, self.clock.step_days, daily.shape[1])
        first = days[
            :, 0
        ]  # departures from it are averaged, so that a constant stays what it is to the last bit
        return np.ascontiguousarray(first + (days - first[:, np.newaxis]).mean(axis=1))


def _inside(day: int, clock: Clock) -> int:
    return min(max(day, 0), clock.days)


def _all_days(clock: Clock) -> Days:
    return np.datetime64(clock.start, "D") + np.arange(clock.days)


def _by_day(series: Series, clock: Clock) -> FloatArray:
    at = np.array([_ordinal(point.date) for point in series.points], dtype=np.float64)
    values = np.array([point.value for point in series.points], dtype=np.float64)
    days = _ordinal(clock.start) + np.arange(clock.days, dtype=np.float64)
    if series.interpolation == "linear":
        return np.interp(days, at, values)
    return np.asarray(values[np.maximum(np.searchsorted(at, days, side="right") - 1, 0)], dtype=np.float64)


def _ordinal(day: date) -> int:
    return day.toordinal()


def _fade(daily: FloatArray, keep: float) -> None:
    for day in range(1, len(daily)):
        daily[day] = np.maximum(daily[day], daily[day - 1] * keep)
