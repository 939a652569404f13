"""Curves and pictures of a published model, obtained beside published."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from exitvoice.models.reference.base import Chart, Curve, Picture
from exitvoice.report.figures.base import Panel, Table, blank, label_right
from exitvoice.report.palette import LIGHT

LINES = {"published": "dash", "limit": "dot"}  # all others are drawn through
OWN_COLOURS = {"strong": LIGHT.alarm, "published": LIGHT.ink, "limit": LIGHT.muted}
TABLE_ROWS = 40  # of a curve's points shown beneath it
PIXELS = 560  # side of a picture
WIDE = 360  # height of one whose cells fill the frame
PLACES = (
    LIGHT.raised,
    LIGHT.steps[2],
    LIGHT.alarm,
    LIGHT.rest,
    LIGHT.series[0],
)  # by place in `Picture.kinds`
KINDS = {
    "empty": LIGHT.raised,
    "quiet": LIGHT.steps[2],
    "active": LIGHT.alarm,
    "in jail": LIGHT.rest,
    "cop": LIGHT.series[0],
    "peacekeeper": LIGHT.series[5],
    "one group": LIGHT.series[0],
    "the other": LIGHT.series[1],
}  # by name, before the place


def chart(given: Chart) -> Panel:
    """Draw the curves of a chart, each named where it ends."""
    figure = blank(given.upward, height=360)
    colours = colours_of(given.curves)
    for curve, colour in zip(given.curves, colours, strict=True):
        figure.add_trace(_trace(curve, colour))
    values = np.concatenate([curve.y for curve in given.curves])
    finite = values[np.isfinite(values)]
    low, high = (min(float(finite.min()), 0.0), float(finite.max())) if finite.size else (0.0, 1.0)
    span = (low - 0.03 * (high - low) if low < 0 else 0.0, high + 0.05 * ((high - low) or 1.0))
    labels = [
        (float(curve.y[-1]) if len(curve.y) else span[0], curve.name, colour)
        for curve, colour in zip(given.curves, colours, strict=True)
    ]
    label_right(figure, labels, span=span)
    figure.update_xaxes(
        title={"text": given.across, "font": {"size": 12.5, "color": LIGHT.muted}, "standoff": 6},
        type="log" if given.is_logarithmic else "linear",
        hoverformat=",.6~g",
        nticks=8,
    )
    if given.is_logarithmic:
        figure.update_xaxes(dtick=1, tickformat=",")
    figure.update_layout(margin={"b": 52, "l": 62})
    return Panel(given.key, given.title, given.reading, _note(given.curves), figure, _table(given))


def picture(given: Picture) -> Panel:
    """Draw cells from above, a colour a kind."""
    figure = blank(given.what, height=PIXELS if given.is_square else WIDE, right=16)
    kinds = len(given.kinds)
    gap = 1 if given.is_square and len(given.cells) <= 80 else 0
    colours = [KINDS.get(name, PLACES[place % len(PLACES)]) for place, name in enumerate(given.kinds)]
    scale = [(end / kinds, colours[place]) for place in range(kinds) for end in (place, place + 1)]
    figure.add_trace(
        go.Heatmap(
            z=given.cells,
            zmin=-0.5,
            zmax=kinds - 0.5,
            colorscale=scale,
            showscale=False,
            xgap=gap,
            ygap=gap,
            customdata=np.asarray(given.kinds)[given.cells],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    labels = [
        ((place + 0.5) * len(given.cells) / kinds, name, colours[place])
        for place, name in enumerate(given.kinds)
    ]
    label_right(figure, labels, span=(-0.5, len(given.cells) - 0.5))
    figure.update_xaxes(visible=False, constrain="domain", constraintoward="left")
    square = {"scaleanchor": "x", "constrain": "domain"} if given.is_square else {}
    figure.update_yaxes(visible=False, **square)
    figure.update_layout(hovermode="closest", margin={"l": 8, "t": 12, "b": 8})
    return Panel(given.key, given.title, given.reading, "", figure)


def colours_of(curves: Sequence[Curve]) -> list[str]:
    """Return a colour a curve: the series' colours in turn for what was obtained, ink for what was published."""
    found, place = [], 0
    for curve in curves:
        found.append(OWN_COLOURS.get(curve.role, LIGHT.series[place % len(LIGHT.series)]))
        place += curve.role not in OWN_COLOURS
    return found


def _trace(curve: Curve, colour: str) -> go.Scatter | go.Bar:
    across, upward = curve.x.astype(np.float32), curve.y.astype(np.float32)
    hover = "%{y:,.4~g}"
    if curve.role == "bars":
        return go.Bar(x=across, y=upward, name=curve.name, marker={"color": colour}, hovertemplate=hover)
    return go.Scatter(
        x=across,
        y=upward,
        name=curve.name,
        mode="markers" if curve.role == "points" else "lines",
        marker={"color": colour, "size": 7},
        line={
            "color": colour,
            "width": 1.6 if curve.role in LINES else 2.2,
            "dash": LINES.get(curve.role, "solid"),
        },
        hovertemplate=hover,
    )


def _note(curves: Sequence[Curve]) -> str:
    roles = {curve.role for curve in curves}
    said = {"published": "Dashed: published.", "limit": "Dotted: a guide."}
    return " ".join(text for role, text in said.items() if role in roles)


def _table(given: Chart) -> Table | None:
    first = given.curves[0]
    shared = [curve for curve in given.curves if np.array_equal(curve.x, first.x)]
    if len(first.x) == 0:
        return None
    every = np.unique(np.linspace(0, len(first.x) - 1, TABLE_ROWS).round().astype(int))
    return Table(
        (given.across, *(curve.name for curve in shared)),
        tuple((f"{first.x[at]:,.10g}", *(f"{curve.y[at]:,.4g}" for curve in shared)) for at in every),
    )
