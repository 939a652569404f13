"""A family of small figures: several flows, each summed over quarters, on one axis."""

from collections.abc import Mapping

import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import (
    TOO_FEW,
    Table,
    add_bars,
    add_line,
    blank,
    count_axis,
    label_right,
    top,
)
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import is_whole, period_sums
from exitvoice.results.summary import MINIMUM_SIMULATED_PERSONS


def quarterly(data: xr.Dataset, name: str) -> xr.DataArray:
    """Return a flow of the whole population a quarter; quarters not covered whole are left out."""
    sums = period_sums(_everybody(data[name]), "Q")
    return sums.isel(time=is_whole(data["time"], "Q"))


def marked(data: xr.Dataset, names: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the flows, marked where no quarter has enough simulated persons to be read."""
    scale = float(data.attrs.get("scale", 1.0))
    return {
        name: title + (TOO_FEW if _is_too_few(quarterly(data, name), scale) else "")
        for name, title in names.items()
    }


def note_on_marks(data: xr.Dataset, names: Mapping[str, str]) -> str:
    """Say what the mark means, if any of the flows carries it."""
    if not any(TOO_FEW in title for title in marked(data, names).values()):
        return ""
    one = numbers.amount(1.0 / float(data.attrs.get("scale", 1.0)))
    return (
        f"{TOO_FEW} Fewer than {MINIMUM_SIMULATED_PERSONS} simulated persons in every quarter: single chances, not a "
        f"trend. One simulated person stands for {one}."
    )


def lines(data: xr.Dataset, names: Mapping[str, str], *, axis_title: str, height: int = 320) -> go.Figure:
    """Draw one curve a flow, each named at its end."""
    figure = blank(axis_title, height=height)
    names = marked(data, names)
    curves = {name: quarterly(data, name) for name in names}
    labels = []
    for (name, curve), colour in zip(curves.items(), LIGHT.series, strict=False):
        add_line(figure, curve, name=names[name], colour=colour)
        labels.append((_end(curve), names[name], colour))
    highest = top(*curves.values(), least=1e-9)
    label_right(figure, labels, span=(0.0, highest))
    count_axis(figure, highest)
    return figure


def stacked_bars(
    data: xr.Dataset, names: Mapping[str, str], *, axis_title: str, height: int = 340
) -> go.Figure:
    """Draw bars a quarter, the flows one upon another; names stand beneath, because bars have no end to label."""
    figure = blank(axis_title, height=height, right=12)
    names = marked(data, names)
    curves = {name: quarterly(data, name) for name in names}
    for (name, curve), colour in zip(curves.items(), LIGHT.series, strict=False):
        add_bars(figure, curve, name=names[name], colour=colour)
    count_axis(figure, top(sum(curves.values(), start=xr.zeros_like(next(iter(curves.values()))))))
    figure.update_layout(barmode="stack", bargap=0.12, showlegend=True, margin={"b": 64})
    figure.update_layout(legend={"traceorder": "normal"})
    return figure


def yearly_table(data: xr.Dataset, names: Mapping[str, str]) -> Table:
    """Return the same flows by year, and over the whole period."""
    names = marked(data, names)
    sums = {name: period_sums(_everybody(data[name]), "Y") for name in names}
    whole = is_whole(data["time"], "Y")
    years = next(iter(sums.values()))["time"].dt.year.values
    rows = [
        (
            f"{year}" if whole[at] else f"{year} (part)",
            *(numbers.amount(float(flow[at])) for flow in sums.values()),
        )
        for at, year in enumerate(years)
    ]
    rows.append(("all", *(numbers.amount(float(flow.sum())) for flow in sums.values())))
    return Table(("year", *names.values()), tuple(rows))


def _is_too_few(curve: xr.DataArray, scale: float) -> bool:
    highest = float(curve.max()) if curve.sizes["time"] else 0.0
    return 0 < highest * scale < MINIMUM_SIMULATED_PERSONS


def _everybody(values: xr.DataArray) -> xr.DataArray:
    return values.sum([dimension for dimension in values.dims if dimension != "time"])


def _end(curve: xr.DataArray) -> float:
    return float(curve[-1]) if curve.sizes["time"] else 0.0
