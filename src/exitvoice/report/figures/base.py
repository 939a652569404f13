"""What every figure has in common: what it is drawn from, what it hands over, and how it looks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.palette import LIGHT
from exitvoice.report.rows import RuleRow

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'Helvetica Neue', Arial, sans-serif"
TOO_FEW = "\u2020"
"""The dagger stands beside everything that rests on fewer than 30 simulated persons."""
DIRECT = "direct"
"""Name of the labels at the right edge; on a narrow screen the page hides them and shows a legend."""
ROW = "row"
"""Name of the labels above a row; on a narrow screen the page shortens them to its width."""


@dataclass(frozen=True)
class Material:
    """What figures are drawn from: a run, the names of its parts in plain words, its rules."""

    data: xr.Dataset
    sector_titles: Mapping[str, str]
    rank_titles: Mapping[str, str]
    region_titles: Mapping[str, str]
    rules: tuple[RuleRow, ...] = ()


@dataclass(frozen=True)
class Table:
    """What stands behind a figure, ready to print; the first column names the row.

    The other columns are numbers, or sentences if `is_in_words`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_in_words: bool = False


@dataclass(frozen=True)
class Panel:
    """One figure with its title, what it shows in this run, and how it is to be read."""

    key: str
    title: str
    reading: str
    note: str
    plot: go.Figure
    table: Table | None = field(default=None)


def blank(axis_title: str, *, height: int = 340, right: int = 150) -> go.Figure:
    """Return an empty figure in the house style, its vertical axis named in words above it."""
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 52, "r": right, "t": 34, "b": 34},
        font={"family": SANS, "size": 13, "color": LIGHT.ink},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        title={
            "text": axis_title,
            "x": 0,
            "xanchor": "left",
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "pad": {"t": 4},
            "font": {"size": 12.5, "color": LIGHT.muted},
        },
        showlegend=False,
        legend={"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top", "font": {"size": 12}},
        hovermode="x unified",
        hoverlabel={"bgcolor": LIGHT.raised, "bordercolor": LIGHT.line, "font": {"color": LIGHT.ink}},
        dragmode=False,
    )
    quiet = {"color": LIGHT.muted, "linecolor": LIGHT.line, "gridcolor": LIGHT.grid, "zeroline": False}
    figure.update_xaxes(**quiet, showgrid=False, showline=True, ticks="outside", ticklen=4, fixedrange=True)
    figure.update_xaxes(tickcolor=LIGHT.line, hoverformat="%b %Y")
    figure.update_yaxes(**quiet, showline=False, fixedrange=True, rangemode="tozero", nticks=6)
    return figure


def add_line(
    figure: go.Figure, values: xr.DataArray, *, name: str, colour: str, dash: str = "solid", hover: str = ""
) -> None:
    """Add one curve over time; without a `hover` format it shows amounts in words."""
    figure.add_trace(
        go.Scatter(
            x=times(values),
            y=compact(values),
            name=name,
            mode="lines",
            line={"color": colour, "width": 2.2, "dash": dash},
            text=None if hover else amounts(values),
            hovertemplate=hover or "%{text}",
        )
    )


def add_band(figure: go.Figure, values: xr.DataArray, *, name: str, colour: str, hover: str = "") -> None:
    """Add one layer of a stack over time; thin lines of the paper's colour part the layers."""
    figure.add_trace(
        go.Scatter(
            x=times(values),
            y=compact(values),
            name=name,
            mode="lines",
            stackgroup="one",
            fillcolor=colour,
            line={"color": LIGHT.paper, "width": 0.7},
            text=None if hover else amounts(values),
            hovertemplate=hover or "%{text}",
        )
    )


def add_bars(figure: go.Figure, values: xr.DataArray, *, name: str, colour: str) -> None:
    """Add one layer of stacked bars over time, a bar a period."""
    figure.add_trace(
        go.Bar(
            x=times(values),
            y=compact(values),
            name=name,
            marker={"color": colour},
            hovertext=amounts(values),
            hovertemplate="%{hovertext}",
        )
    )


def label_right(
    figure: go.Figure, labels: Sequence[tuple[float, str, str]], *, span: tuple[float, float]
) -> None:
    """Write names at the right edge, each at its own height but never one upon another.

    Parameters
    ----------
    figure : go.Figure
        A figure with room at its right.
    labels : sequence of (height, name, colour)
        Where each curve ends.
    span : (float, float)
        Lowest and highest value of the axis; it is fixed to that.
    """
    figure.update_yaxes(range=list(span), autorange=False)
    labels = [
        (height if math.isfinite(height) else span[0], shorten(name, 34), colour)
        for height, name, colour in labels
    ]
    figure.update_layout(margin={"r": 30 + int(6.9 * max(len(name) for _, name, _ in labels))})
    margins = figure.layout.margin
    pixels = figure.layout.height - margins.t - margins.b
    gap = 17.0 * (span[1] - span[0]) / pixels
    for height, (_, name, colour) in zip(
        spread([label[0] for label in labels], gap, span), labels, strict=True
    ):
        figure.add_annotation(
            name=DIRECT,
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=height,
            yref="y",
            yanchor="middle",
            text=f"<span style='color:{colour}'>\u25a0</span> {name}",
            showarrow=False,
            align="left",
            font={"size": 12.5, "color": LIGHT.ink},
        )


def spread(heights: Sequence[float], gap: float, span: tuple[float, float]) -> list[float]:
    """Move heights apart until neighbours differ by `gap`, inside `span`, keeping their order.

    Examples
    --------
    >>> spread([0.0, 0.1, 5.0], 1.0, (0.0, 6.0))
    [0.0, 1.0, 5.0]
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    floor = span[0]
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = span[1]
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def count_axis(figure: go.Figure, highest: float) -> None:
    """Give the vertical axis round numbers written out; from two millions on it counts in millions and says so."""
    step = _round_step(highest / 5)
    ticks = [step * at for at in range(int(highest / step) + 1)]
    unit, word = (1e6, "million ") if highest >= 2e6 else (1.0, "")
    texts = [f"{tick / unit:,.0f}" if step >= unit else f"{tick / unit:.6g}" for tick in ticks]
    figure.update_yaxes(tickmode="array", tickvals=ticks, ticktext=texts)
    figure.update_layout(title={"text": word + str(figure.layout.title.text)})
    figure.update_layout(margin={"l": 14 + int(8 * max(len(text) for text in texts))})


def shorten(text: str, length: int) -> str:
    """Return a text, or its beginning with three points if it is longer than `length`."""
    if len(text) <= length:
        return text
    begin = text[: length - 1]
    return begin[: max(begin.rfind(" "), length // 2)].rstrip(" ,;") + "\u2026"


def name_row(figure: go.Figure, row: float, text: str) -> None:
    """Write the name of a row above it, from the left edge on: so it fits a telephone as well."""
    figure.add_annotation(row_name(row, text))


def row_name(row: float, text: str) -> dict[str, object]:
    """Return the name of a row as plain data: a figure of many rows takes them all at once, one by one is slow."""
    return {
        "name": ROW, "x": 0, "xref": "paper", "xanchor": "left", "y": row - 0.2, "yanchor": "bottom", "text": text,
        "showarrow": False, "font": {"size": 12.5},
    }  # fmt: skip


def _round_step(least: float) -> float:
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * 0.999)


def times(values: xr.DataArray) -> npt.NDArray[np.str_]:
    """Return the days of a curve as text, which every version of Plotly reads alike."""
    return values["time"].values.astype("datetime64[D]").astype(str)


def amounts(values: xr.DataArray) -> list[str]:
    """Return the heights of a curve in words, for the hover text."""
    return [numbers.amount(float(value)) for value in values.values]


def compact(values: xr.DataArray) -> npt.NDArray[np.float32]:
    """Return the heights of a curve in single precision: nobody sees the rest, and the page stays small."""
    return values.values.astype(np.float32)


def top(*curves: xr.DataArray, least: float = 0.0) -> float:
    """Return a little more than the highest value of some curves, to be the end of an axis."""
    highest = max((float(curve.max()) for curve in curves if bool(curve.notnull().any())), default=1.0)
    return max(highest * 1.06, least) or 1.0


def titled(titles: Mapping[str, str], name: object) -> str:
    """Return the plain words for a name, or the name itself with blanks for its underscores."""
    return titles.get(str(name), str(name).replace("_", " "))
