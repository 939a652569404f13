"""The figures of a calibration: every observed number that is fitted or held out, in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exitvoice.calibration.schema import Span, Target
from exitvoice.evidence.series import Observation, ObservedSeries

Floats = NDArray[np.float64]
Part = Literal["value", "low", "high"]


@dataclass(frozen=True)
class Figure:
    """One period of one target, with what was observed of it.

    Attributes
    ----------
    target : str
    period : str
    start, end : date
        First and last day of the period.
    is_fit : bool
        Whether it is fitted; else it is held out, to be predicted.
    values : mapping of part to float
        ``value``, or ``low`` and ``high``; what is not known is left out. In single persons, trips, ...
    """

    target: str
    period: str
    start: date
    end: date
    is_fit: bool
    values: Mapping[Part, float]

    @property
    def middle(self) -> float:
        """The value; the geometric middle of two bounds; the one bound that is known."""
        known = list(self.values.values())
        return float(np.exp(np.mean(np.log(np.maximum(known, 1e-9)))))


def figures_of(targets: Iterable[Target], series: Mapping[str, ObservedSeries]) -> tuple[Figure, ...]:
    """Return every figure of some targets: of each target first what is fitted, then what is held out."""
    found: list[Figure] = []
    for target in targets:
        points = series[target.series]
        for span, is_fit in ((target.fit, True), (target.forecast, False)):
            if span is not None:
                found += [
                    _figure(target, points, point, is_fit=is_fit)
                    for point in points.points
                    if _is_inside(point, span)
                ]
    return tuple(found)


def _is_inside(point: Observation, span: Span) -> bool:
    days = point.days
    return span.start <= days.start and days.end <= span.end and point.period not in span.without


def _figure(target: Target, series: ObservedSeries, point: Observation, *, is_fit: bool) -> Figure:
    parts: dict[Part, float | None]
    if target.observation.kind == "turnout":
        # of a single figure an archive knows the highest only
        high = point.high if point.high is not None else point.value
        parts = {"low": point.low, "high": high}
    else:
        low, high = point.interval
        middle = point.value if point.value is not None else float(np.sqrt(low * high))
        parts = {"value": middle if np.isfinite(middle) else None}
    values = {part: series.factor * number for part, number in parts.items() if number is not None}
    days = point.days
    return Figure(target.name, point.period, days.start, days.end, is_fit, values)
