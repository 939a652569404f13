"""From a run to what a series would have counted, had it counted without error: one number a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from exitvoice.calibration.figures import Figure, Floats
from exitvoice.calibration.schema import Measure, Target
from exitvoice.results.periods import step_edges


def truths_of(data: xr.Dataset, targets: Mapping[str, Target], figures: Sequence[Figure]) -> Floats:
    """Return the number behind each figure, in single units of its series.

    Parameters
    ----------
    data : xr.Dataset
        A run, as `simulate` gives it.
    targets : mapping of name to Target
    figures : sequence of Figure

    Returns
    -------
    array (figures,)
    """
    edges = step_edges(data["time"])
    courses = {name: course_of(data, target.measure) for name, target in targets.items()}
    return np.array(
        [
            over_period(courses[figure.target], edges, figure, targets[figure.target].measure)
            for figure in figures
        ]
    )


def course_of(data: xr.Dataset, measure: Measure) -> Floats:
    """Return what a measure comes to in each step, (time,)."""
    total = np.zeros(data.sizes["time"])
    for name in measure.of:
        values = data[name].astype(np.float64)
        if measure.sector is not None and "sector" in values.dims:
            values = values.sel(sector=measure.sector, drop=True)
        if measure.region is not None and "region" in values.dims:
            values = values.sel(region=measure.region, drop=True)
        others = [dimension for dimension in values.dims if dimension != "time"]
        total += np.nan_to_num((values.sum(others) if others else values).values)
    return total * measure.times


def over_period(course: Floats, edges: Floats, figure: Figure, measure: Measure) -> float:
    """Return what a course comes to over the period of a figure; `edges` are the days between steps."""
    first = np.datetime64(figure.start, "D").astype(np.float64)
    last = np.datetime64(figure.end, "D").astype(np.float64)
    if measure.take == "last":
        # a step's stocks are those of the evening that ends it
        ended = np.flatnonzero(edges[1:] <= last)
        return float(course[ended[-1]]) if ended.size else float("nan")
    days = np.clip(np.minimum(edges[1:], last + 1.0) - np.maximum(edges[:-1], first), 0.0, None)
    if measure.take == "mean":
        return float((course * days).sum() / max(days.sum(), 1e-9))
    return float((course * days / np.diff(edges)).sum())
