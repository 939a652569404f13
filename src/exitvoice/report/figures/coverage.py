"""Who was under a rule, when: persons bound, stacked by sector."""

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import (
    TOO_FEW,
    Material,
    Panel,
    Table,
    add_band,
    blank,
    count_axis,
    label_right,
    titled,
    top,
)
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means
from exitvoice.results.summary import too_few

LARGEST = len(LIGHT.series)


def panel(material: Material) -> Panel:
    """Persons bound by at least one rule, month by month; the smaller sectors are put together."""
    monthly = period_means(material.data["covered"].sum("rank"), "M")
    order = np.argsort(-monthly.max("time").values)
    layers = [(_name(material, index), monthly.isel(sector=int(index))) for index in order[:LARGEST]]
    if order.size > LARGEST:
        rest = monthly.isel(sector=order[LARGEST:]).sum("sector")
        layers.append((f"{order.size - LARGEST} smaller sectors", rest))
    everybody = monthly.sum("sector")
    figure = blank("persons bound by at least one rule (mean of each month)", height=400, right=190)
    colours = (*LIGHT.series, LIGHT.rest)
    for (name, layer), colour in zip(layers, colours, strict=False):
        add_band(figure, layer, name=name, colour=colour)
    _label_layers(figure, layers, colours, everybody)
    count_axis(figure, top(everybody))
    return Panel(
        key="coverage",
        title="How many were bound, and in which sector",
        reading=_reading(material.data, everybody),
        note="A person is bound when at least one dated rule applies to the person's own unit, rank and service.",
        plot=figure,
        table=_table(layers, everybody),
    )


def _label_layers(
    figure: go.Figure,
    layers: list[tuple[str, xr.DataArray]],
    colours: tuple[str, ...],
    everybody: xr.DataArray,
) -> None:
    base, labels = 0.0, []
    for (name, layer), colour in zip(layers, colours, strict=False):
        end = float(layer[-1])
        labels.append((base + end / 2, name, colour))
        base += end
    label_right(figure, labels, span=(0.0, top(everybody)))


def _name(material: Material, index: int) -> str:
    name = material.data["sector"].values[index]
    mark = TOO_FEW if too_few(material.data, "sector").values[index] else ""
    return titled(material.sector_titles, name) + mark


def _reading(data: xr.Dataset, everybody: xr.DataArray) -> str:
    persons = float(data["persons"].isel(time=-1).sum())
    first, last = float(everybody[0]), float(everybody[-1])
    part = numbers.share(last / persons) if persons else "none"
    return (
        f"{numbers.people(first).capitalize()} at the start, {numbers.people(last)} at the end: "
        f"{part} of all persons in the model."
    )


def _table(layers: list[tuple[str, xr.DataArray]], everybody: xr.DataArray) -> Table:
    columns = ("year (mean)", *(name for name, _ in layers), "all")
    yearly = [layer.groupby("time.year").mean() for _, layer in layers]
    together = everybody.groupby("time.year").mean()
    rows = tuple(
        (
            str(year),
            *(numbers.amount(float(layer[at])) for layer in yearly),
            numbers.amount(float(together[at])),
        )
        for at, year in enumerate(together["year"].values)
    )
    return Table(columns, rows)
