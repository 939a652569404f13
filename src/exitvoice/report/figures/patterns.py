"""Figures of the patterns: observed against simulated, with chance, the prior and the tolerance."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from exitvoice.analysis.patterns import Course, Outcome, PatternFinding
from exitvoice.analysis.patterns.words import accepted, figure, simulated
from exitvoice.report.figures.base import Panel, Table, blank, name_row
from exitvoice.report.palette import LIGHT

_ROW = 46
_LEAST = 1e-3
_FAR = 30.0
"""An axis of ratios that spans more than this factor is drawn on a logarithmic scale."""


def strip(finding: PatternFinding, outcome: Outcome) -> Panel:
    """One test: what is accepted as an area, observed, simulated with chance, and every draw of the prior."""
    drawn = _drawn(outcome)
    is_log = outcome.is_ratio and _is_wide(drawn)
    plot = blank(outcome.unit, height=64 + _ROW * len(_rows(outcome)), right=18)
    _tolerance(plot, outcome, len(_rows(outcome)), drawn)
    for row, (name, low, value, high, colour) in enumerate(_rows(outcome)):
        if low is not None and high is not None:
            plot.add_trace(_bar(low, high, row, colour))
        if value is not None:
            plot.add_trace(_dot(value, row, colour))
        name_row(plot, row, name)
    if outcome.values:
        plot.add_trace(_draws(outcome, len(_rows(outcome)) - 1))
    low, high = _span(drawn)
    if is_log:
        low = max(low, _LEAST)
        plot.update_xaxes(type="log", range=[math.log10(low), math.log10(high)], nticks=6)
    else:
        plot.update_xaxes(type="linear", range=[low, high])
    plot.update_xaxes(hoverformat=None, showgrid=True)
    plot.update_yaxes(visible=False, range=[len(_rows(outcome)) - 0.5, -0.8])
    plot.update_layout(hovermode="closest", margin={"l": 10, "b": 34})
    return Panel(
        key=f"{finding.pattern}-{outcome.name}",
        title=outcome.title,
        reading=f"{outcome.verdict.capitalize()}. Simulated: {simulated(outcome)}.",
        note=_note(outcome),
        plot=plot,
        table=_table(outcome),
    )


def profile(finding: PatternFinding, outcome: Outcome) -> Panel:
    """An interior comparison world by world: height against what the worlds differ in."""
    points = [point for point in outcome.profile if None not in point]
    along, low, middle, high = (
        (tuple(column) for column in zip(*points, strict=True)) if points else ((),) * 4
    )
    plot = blank("height, in each world at the defaults", height=300, right=18)
    plot.add_trace(
        go.Scatter(
            x=along,
            y=middle,
            mode="lines+markers",
            line={"color": LIGHT.series[0], "width": 1.6},
            marker={"size": 8},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [float(top) - float(at) for top, at in zip(high, middle, strict=True)],
                "arrayminus": [float(at) - float(bottom) for bottom, at in zip(low, middle, strict=True)],
                "color": LIGHT.muted,
                "thickness": 1.2,
                "width": 4,
            },
            hovertemplate="%{x:.3g}: %{y:.3g}<extra></extra>",
        )
    )
    plot.update_xaxes(type="linear", hoverformat=None, showgrid=True)
    plot.update_yaxes(tickformat=".2g")
    plot.update_layout(hovermode="closest", margin={"l": 64, "b": 34})
    return Panel(
        key=f"{finding.pattern}-{outcome.name}-profile",
        title="World by world",
        reading="Each dot is a world; whiskers span the seeds. A maximum inside would stand above both ends.",
        note="Along the axis: what the worlds differ in, in persons.",
        plot=plot,
        table=Table(
            ("along", "lowest", "middle", "highest"),
            tuple(tuple(figure(value) for value in point) for point in points),
        ),
    )


def course(finding: PatternFinding, found: Course) -> Panel:
    """A course over time: the middle of the seeds, nine of ten draws, and what was observed."""
    plot = blank(found.unit, height=320, right=18)
    known = [at for at, value in enumerate(found.middle) if value is not None]
    days = [found.days[at] for at in known]
    plot.add_trace(
        go.Scatter(
            x=[*days, *reversed(days)],
            y=[*(found.high[at] for at in known), *(found.low[at] for at in reversed(known))],
            mode="lines",
            fill="toself",
            fillcolor=LIGHT.band,
            line={"width": 0},
            hoverinfo="skip",
        )
    )
    plot.add_trace(
        go.Scatter(
            x=days, y=[found.middle[at] for at in known], mode="lines",
            line={"color": LIGHT.series[3], "width": 2.2}, hovertemplate="%{y:.3s}<extra>simulated</extra>",
        )
    )  # fmt: skip
    if found.seen:
        plot.add_trace(_seen(found))
    if found.logarithmic:
        values = [v for v in (*found.middle, *found.high) if v] + [
            v for point in found.seen for v in point[1:] if v
        ]
        plot.update_yaxes(
            type="log", rangemode="normal",
            range=[math.log10(max(min(values), max(values) * 1e-5)), math.log10(max(values) * 1.3)],
        )  # fmt: skip
    plot.update_xaxes(hoverformat="%d %b %Y")
    plot.update_yaxes(tickformat="~s")
    plot.update_layout(margin={"l": 60})
    band = "nine of ten draws of the prior" if found.is_prior else "nine of ten seeds"
    seen = " Dots and bars: observed." if found.seen else ""
    return Panel(
        key=f"{finding.pattern}-course-{found.name}",
        title=found.title,
        reading=f"Line: the middle of the seeds at the defaults. Area: {band}.{seen}",
        note=found.note,
        plot=plot,
        table=Table(
            ("day", "simulated", "5 %", "95 %"),
            tuple(
                (found.days[at], *(figure(part[at]) for part in (found.middle, found.low, found.high)))
                for at in known
            ),
        ),
    )


def _seen(found: Course) -> go.Scatter:
    middles = [_middle(point) for point in found.seen]
    return go.Scatter(
        x=[point[0] for point in found.seen],
        y=middles,
        mode="markers",
        marker={"color": LIGHT.ink, "size": 8, "symbol": "diamond"},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(point[3] or at) - at for point, at in zip(found.seen, middles, strict=True)],
            "arrayminus": [at - (point[2] or at) for point, at in zip(found.seen, middles, strict=True)],
            "color": LIGHT.ink,
            "thickness": 1.4,
            "width": 3,
        },
        hovertemplate="%{y:.3s}<extra>observed</extra>",
    )


def _middle(point: tuple[str, float | None, float | None, float | None]) -> float:
    _, value, low, high = point
    if value is not None:
        return value
    ends = [end for end in (low, high) if end is not None]
    # of turnouts that sources give between two bounds the middle one is the geometric mean
    return math.sqrt(ends[0] * ends[-1]) if all(end > 0 for end in ends) else sum(ends) / len(ends)


_Row = tuple[str, float | None, float | None, float | None, str]


def _rows(outcome: Outcome) -> list[_Row]:
    rows: list[_Row] = []
    if any(v is not None for v in (outcome.observed_value, outcome.observed_low, outcome.observed_high)):
        seen = outcome.observed_value
        rows.append(("observed", outcome.observed_low, seen, outcome.observed_high, LIGHT.ink))
    name = (
        "the draws" if outcome.is_by_draws or not outcome.prior and outcome.kind != "compare" else "defaults"
    )
    rows.append((f"simulated, {name}", outcome.low, outcome.value, outcome.high, LIGHT.series[3]))
    if outcome.prior:
        low, middle, high = outcome.prior
        rows.append(("simulated, over the prior", low, middle, high, LIGHT.series[0]))
    return rows


def _bar(low: float, high: float, row: float, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[low, high], y=[row, row], mode="lines", line={"color": colour, "width": 5}, opacity=0.45,
        hovertemplate="%{x:.3g}<extra></extra>",
    )  # fmt: skip


def _dot(value: float, row: float, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[value], y=[row], mode="markers", marker={"color": colour, "size": 11},
        hovertemplate="%{x:.3g}<extra></extra>",
    )  # fmt: skip


def _draws(outcome: Outcome, row: int) -> go.Scatter:
    values = [value for value in outcome.values if value is not None]
    return go.Scatter(
        x=values, y=[row + 0.28] * len(values), mode="markers", hovertemplate="%{x:.3g}<extra>a draw</extra>",
        marker={"color": LIGHT.series[0], "size": 7, "symbol": "line-ns-open", "line": {"width": 1.2}},
    )  # fmt: skip


def _tolerance(plot: go.Figure, outcome: Outcome, rows: int, drawn: Sequence[float]) -> None:
    low, high = outcome.tolerance_low, outcome.tolerance_high
    if low is None and high is None:
        return
    span = _span(drawn)
    left = span[0] - 1.0 if low is None else low
    right = span[1] * 10 + 1.0 if high is None else high
    if outcome.is_ratio and _is_wide(drawn):
        left = max(left, _LEAST / 10)
    plot.add_shape(
        type="rect",
        x0=left,
        x1=right,
        y0=-0.8,
        y1=rows,
        fillcolor=LIGHT.raised,
        line={"width": 0},
        layer="below",
    )
    for edge in (low, high):
        if edge is not None and not (edge == 0.0 and outcome.is_ratio and _is_wide(drawn)):
            plot.add_vline(x=edge, line={"color": LIGHT.alarm, "width": 1.4, "dash": "dash"})


def _drawn(outcome: Outcome) -> list[float]:
    numbers = (
        outcome.value, outcome.low, outcome.high, *outcome.prior, outcome.observed_value, outcome.observed_low,
        outcome.observed_high, outcome.tolerance_low, outcome.tolerance_high,
    )  # fmt: skip
    known = [value for value in numbers if value is not None]
    spread = [value for value in outcome.values if value is not None]
    ends = list(np.quantile(spread, [0.02, 0.98])) if spread else []
    return [*known, *(float(end) for end in ends)] or [0.0, 1.0]


def _is_wide(drawn: Sequence[float]) -> bool:
    positive = [value for value in drawn if value > 0]
    return bool(positive) and max(positive) / min(positive) > _FAR


def _span(drawn: Sequence[float]) -> tuple[float, float]:
    low, high = min(drawn), max(drawn)
    room = (high - low) * 0.07 or abs(high) * 0.2 or 1.0
    return low - room, high + room


def _note(outcome: Outcome) -> str:
    parts = [f"Observed: {outcome.observed}."]
    if outcome.tolerance_why:
        parts.append(f"Accepted (shaded): {accepted(outcome)}. {outcome.tolerance_why}")
    if outcome.values:
        parts.append("Ticks: single draws of the prior.")
    return " ".join(parts)


def _table(outcome: Outcome) -> Table:
    rows = [(name, figure(low), figure(value), figure(high)) for name, low, value, high, _ in _rows(outcome)]
    rows.append(("accepted", figure(outcome.tolerance_low), "", figure(outcome.tolerance_high)))
    return Table(("", "from", "middle", "to"), tuple(rows))
