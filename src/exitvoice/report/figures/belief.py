"""What the leadership believed against what was true in the model."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import (
    Material,
    Panel,
    Table,
    add_line,
    blank,
    compact,
    label_right,
    times,
    top,
)
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means

CURVES = (
    ("true_opposition", "true in the model", LIGHT.series[3], "solid"),
    ("believed_opposition", "believed at the top", LIGHT.series[0], "solid"),
    ("reported_opposition", "reported upwards", LIGHT.series[1], "dot"),
)


def panel(material: Material) -> Panel:
    """Share opposed: true, believed (with one standard deviation of the belief) and reported."""
    monthly = {name: period_means(material.data[name], "M") for name, *_ in CURVES}
    spread = period_means(material.data["believed_sd"], "M")
    figure = blank("share opposed (mean of each month)", height=360, right=165)
    believed = monthly["believed_opposition"]
    _band(figure, believed, spread)
    for name, title, colour, dash in CURVES:
        add_line(figure, monthly[name], name=title, colour=colour, dash=dash, hover="%{y:.1%}")
    labels = [(float(monthly[name][-1]), title, colour) for name, title, colour, _ in CURVES]
    label_right(figure, labels, span=(0.0, top(*monthly.values(), believed + spread, least=0.01)))
    figure.update_yaxes(tickformat=".0%")
    error = float((believed - monthly["true_opposition"])[-12:].mean())
    return Panel(
        key="belief",
        title="Belief against truth",
        reading=_reading(error),
        note="The leadership of the model never sees private opinion: only displays, reports, informants and open "
        "dissent. Pale: one standard deviation of its belief.",
        plot=figure,
        table=_table(monthly),
    )


def _reading(error: float) -> str:
    points = f"{abs(100 * error):.0f} percentage points"
    if abs(error) < 0.005:
        return "In the last year the belief is right to within half a percentage point."
    return (
        f"In the last year the leadership {'under' if error < 0 else 'over'}estimates opposition by {points}."
    )


def _band(figure: go.Figure, middle: xr.DataArray, spread: xr.DataArray) -> None:
    low = np.clip(compact(middle) - compact(spread), 0, 1)
    high = np.clip(compact(middle) + compact(spread), 0, 1)
    for heights, fill in ((low, "none"), (high, "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=times(middle), y=heights, mode="lines", line={"width": 0, "color": LIGHT.steps[1]},
                fill=fill, fillcolor=LIGHT.steps[1], hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip


def _table(monthly: Mapping[str, xr.DataArray]) -> Table:
    yearly = {name: curve.groupby("time.year").mean() for name, curve in monthly.items()}
    years = next(iter(yearly.values()))["year"].values
    rows = tuple(
        (str(year), *(numbers.share(float(yearly[name][at])) for name, *_ in CURVES))
        for at, year in enumerate(years)
    )
    return Table(("year", *(title for _, title, *_ in CURVES)), rows)
