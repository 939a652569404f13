"""Where the observed figure is a reported one: what a count says of the truth, through a model of how counts arise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np

from exitvoice.analysis.patterns.quantities import Floats
from exitvoice.analysis.patterns.schema import Curve, Pattern, Reported, Seen, parts_in
from exitvoice.documents import Locator, nearest_name
from exitvoice.errors import Mistake
from exitvoice.evidence import Observation as Figure
from exitvoice.evidence import ObservedSeries
from exitvoice.observation import Detection, Observation, ReportToTarget, Survey, Turnout

_MODELS = {"turnout": Turnout, "survey": Survey, "detection": Detection, "target": ReportToTarget}
_SPAN, _POINTS = 4.0, 1601  # natural logs to both sides of the figure, and points of the grid

Series = Mapping[str, ObservedSeries]


def truth_interval(reported: Reported, series: Series) -> tuple[float, float, float]:
    """Return low end, middle and high end of the truth behind a report, or of the ratio of two truths.

    The truth has a flat prior in logs (a share ends at 1); the two reports of a ratio err independently.
    """
    figures = series[reported.series].by_period
    logs, chances = _posterior(reported, figures[reported.at.isoformat()], series)
    if reported.over is not None:
        below, weights = _posterior(reported, figures[reported.over.isoformat()], series)
        # both grids have one step, so the logs of the ratio lie on such a grid too
        chances = np.convolve(chances, weights[::-1])
        logs = np.linspace(logs[0] - below[-1], logs[-1] - below[0], chances.size)
    share = np.cumsum(chances) - chances / 2.0
    tail = (1.0 - reported.level) / 2.0
    low, middle, high = np.exp(np.interp([tail, 0.5, 1.0 - tail], share, logs))
    return float(low), float(middle), float(high)


def seen_in(curve: Curve, series: Series) -> tuple[Seen, ...]:
    """Return the observed points of a curve: its own, or those of the series it reads that lie in its span."""
    if curve.reads is None:
        return curve.seen
    read = series[curve.reads.series]
    times, days = curve.reads.times * read.factor, timedelta(days=curve.reads.days)
    points = (_seen(point, times, days) for point in read.points)
    return tuple(one for one in points if curve.quantity.start <= one.date < curve.quantity.until)


def _seen(figure: Figure, times: float, days: timedelta) -> Seen:
    value, low, high = (
        None if given is None else given * times for given in (figure.value, figure.low, figure.high)
    )
    if value is None and (low is None or high is None):
        value, low, high = (high if low is None else low), None, None  # a lone bound is drawn as a dot
    return Seen(date=figure.days.start + days, value=value, low=low, high=high)


def resolved(pattern: Pattern, series: Series) -> Pattern:
    """Return a pattern in which what is read from series and through observation models stands as numbers."""

    def replaced(part: object) -> object:
        if isinstance(part, Curve):
            return part.model_copy(update={"seen": seen_in(part, series)})
        bounds = getattr(part, "reported", None)
        if isinstance(bounds, Reported):
            low, _, high = truth_interval(bounds, series)
            return part.model_copy(update={"above": low, "below": high})  # type: ignore[attr-defined]
        return part

    changed = parts_in(pattern, replaced)
    assert isinstance(changed, Pattern)
    return changed


def check_reports(pattern: Pattern, locator: Locator, series: Series) -> Iterator[Mistake]:
    """Yield a mistake for every series and every day that a pattern reads and that is not there."""
    found: list[tuple[str, tuple[str, ...]]] = []

    def note(part: object) -> object:
        bounds = getattr(part, "reported", None)
        if isinstance(bounds, Reported):
            days = (bounds.at, bounds.over)
            found.append((bounds.series, tuple(day.isoformat() for day in days if day is not None)))
        if isinstance(part, Curve) and part.reads is not None:
            found.append((part.reads.series, ()))
        return part

    parts_in(pattern, note)
    for name, days in found:
        if name not in series:
            what, why = f"no observed series is called '{name}'", "nothing can be read from it"
            near = nearest_name(name, series)
            yield locator.mistake((), what, why, "use the id of a series of the evidence", nearest=near)
            continue
        for day in days:
            if day not in series[name].by_period:
                what, why = f"the series '{name}' has nothing for {day}", "a report is read at its day"
                near = nearest_name(day, series[name].by_period)
                yield locator.mistake((), what, why, "use a period of the series", nearest=near)


def _posterior(reported: Reported, figure: Figure, series: Series) -> tuple[Floats, Floats]:
    """Return logs of truths, evenly spaced, and their chances, given what was reported."""
    factor = series[reported.series].factor
    model: Observation = _MODELS[reported.model](**reported.settings)
    top = [one * factor for one in (figure.low, figure.value, figure.high) if one is not None][-1]
    low = figure.low * factor if figure.low is not None else np.nan
    data = {"turnout": [[low], [top]], "survey": [[top], [np.nan]]}.get(reported.model, [[top]])
    truths = np.log(top) + np.linspace(-_SPAN, _SPAN, _POINTS)
    possible = (
        truths < 0.0 if reported.model == "survey" else np.ones(_POINTS, np.bool_)
    )  # a share is below 1
    found = np.full(_POINTS, -np.inf)
    found[possible] = model.log_likelihood(np.asarray(data, dtype=np.float64), np.exp(truths[possible]))
    chances = np.exp(found - found.max())
    return truths, chances / chances.sum()
