"""How a run is read: every column of the atlas as figures, seen through the model of how it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from exitvoice.calibration.atlas.schema import ObservedAs, Over, SurveyAs
from exitvoice.calibration.figures import Figure, Floats
from exitvoice.calibration.observables import course_of, over_period
from exitvoice.calibration.schema import Measure
from exitvoice.calibration.summaries import PARTS
from exitvoice.observation import Survey, random_words
from exitvoice.results.periods import step_edges

MOST_READINGS = 4096


@dataclass(frozen=True)
class Reading:
    """One thing that is read off a run; a column of the atlas has one, or one for each sector or region.

    Attributes
    ----------
    column : str
        Name of the series in the atlas.
    measure, over, is_rest, observed, form, floor
        As in `exitvoice.calibration.atlas.schema.Read`.
    figures : tuple of Figure
        Its periods; `values` says which parts of each are known.
    """

    column: str
    measure: Measure
    over: Over | None
    is_rest: bool
    observed: ObservedAs
    form: str
    floor: float
    figures: tuple[Figure, ...]

    @property
    def size(self) -> int:
        """Numbers that it gives."""
        return sum(len(figure.values) for figure in self.figures)


def owners_of(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the column that each number of a vector belongs to."""
    return tuple(reading.column for reading in readings for _ in range(reading.size))


def read_run(data: xr.Dataset, readings: Sequence[Reading], *, seed: int) -> Floats:
    """Return what the series would have shown of a run, one number a part of a figure.

    Parameters
    ----------
    data : xr.Dataset
        A run, as `simulate` gives it.
    readings : sequence of Reading
    seed : int
        Of the errors of observation.

    Returns
    -------
    array (numbers,)
        Counts in logs, shares as they are; not scaled.
    """
    edges = step_edges(data["time"])
    found: list[float] = []
    for number, reading in enumerate(readings):
        truth = _truths(data, reading.measure, reading.figures, edges)
        if reading.over is not None:
            earlier = tuple(_years_before(figure, reading.over.years_before) for figure in reading.figures)
            truth = truth / np.maximum(_truths(data, reading.over, earlier, edges), 1e-9)
        truth = np.nan_to_num(1.0 - truth if reading.is_rest else truth)
        found += _observed(reading, truth, seed * MOST_READINGS + number)
    return np.array(found)


def _truths(data: xr.Dataset, measure: Measure, figures: Sequence[Figure], edges: Floats) -> Floats:
    course = course_of(data, measure)
    return np.array([over_period(course, edges, figure, measure) for figure in figures])


def _years_before(figure: Figure, years: int) -> Figure:
    start, end = (
        day.replace(year=day.year - years, day=min(day.day, 28)) if years else day
        for day in (figure.start, figure.end)
    )
    return replace(figure, start=start, end=end)


def _observed(reading: Reading, truth: Floats, seed: int) -> list[float]:
    kept = np.clip(truth, 0.0, 1.0) if isinstance(reading.observed, SurveyAs) else truth
    kept = np.maximum(kept, reading.floor) if reading.form == "log" else kept
    rows = _simulated(reading.observed, kept, seed)
    found = [float(rows[part][at]) for at, figure in enumerate(reading.figures) for part in figure.values]
    if reading.form == "log":
        return list(np.log(np.maximum(found, reading.floor)))
    return found


def _simulated(observed: ObservedAs, truth: Floats, seed: int) -> dict[str, Floats]:
    if isinstance(observed, SurveyAs):
        low, high = observed.feigning_low, observed.feigning_high
        feigning = low + (high - low) * np.random.Generator(np.random.PCG64([seed, 13])).random()
        model = Survey(feigning=feigning, asked=observed.asked)
        direct, listed = model.simulate(truth, random_words(model, truth.shape, seed=seed))
        return {"value": direct if observed.answer == "direct" else listed}
    other = observed.model
    rows = other.simulate(truth, random_words(other, truth.shape, seed=seed))
    return dict(zip(PARTS[observed.kind], rows, strict=True))
