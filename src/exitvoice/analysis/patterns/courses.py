"""A course over time, observed and simulated, with the band of the draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from exitvoice.analysis.patterns.findings import Course, number
from exitvoice.analysis.patterns.quantities import course
from exitvoice.analysis.patterns.schema import Curve

_FREQUENCY = {"month": "datetime64[M]", "year": "datetime64[Y]"}


def draw_course(curve: Curve, data: Mapping[str, xr.Dataset]) -> Course:
    """Return the middle of the seeds at the defaults, and nine of ten draws of the prior (or of the seeds)."""
    middle = _by_period(curve, data["defaults"])
    band = _by_period(curve, data["prior"]) if "prior" in data else middle
    low, high = band.quantile([0.05, 0.95], ["point", "replication"]).values
    days = middle["step"].values.astype("datetime64[D]").astype(str)
    return Course(
        name=curve.name,
        title=curve.title,
        unit=curve.unit,
        note=curve.note or "",
        logarithmic=curve.logarithmic,
        days=tuple(str(day) for day in days),
        middle=tuple(number(value) for value in middle.median(["point", "replication"]).values),
        low=tuple(number(value) for value in low),
        high=tuple(number(value) for value in high),
        is_prior="prior" in data,
        seen=tuple((point.date.isoformat(), point.value, point.low, point.high) for point in curve.seen),
        sources=curve.evidence,
    )


def _by_period(curve: Curve, data: xr.Dataset) -> xr.DataArray:
    values = course(curve.quantity, data) * curve.times
    if curve.every == "step":
        return values
    begins = values["step"].values.astype(_FREQUENCY[curve.every]).astype("datetime64[ns]")
    grouped = values.assign_coords(step=begins).groupby("step")
    # what has a denominator is a share, and shares are averaged
    periods: xr.DataArray = grouped.mean() if curve.quantity.over else grouped.sum()
    return periods.isel(step=slice(None)) if np.unique(begins).size else periods
