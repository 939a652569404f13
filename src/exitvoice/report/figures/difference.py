"""World B minus world A: over time with its band, and by sector or rank with its interval."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from exitvoice.analysis.compare import Comparison
from exitvoice.report import numbers
from exitvoice.report.difference_rows import DifferenceRow, interval, signed, title_of, unit_of
from exitvoice.report.figures.base import TOO_FEW, Panel, Table, blank, name_row
from exitvoice.report.palette import LIGHT

QUARTERS_BEFORE = 4  # drawn before the first quarter that differs
NOTE = (
    "Line: mean over the replications of B minus A. Band: 95 % interval of that mean. Above zero B has "
    "more, below zero "
    "A has more; where the band is a line on zero, the worlds are alike."
)


def over_time(comparison: Comparison, name: str, *, colour: str, has_note: bool = False) -> Panel:
    """Difference of an outcome, quarter by quarter."""
    found = comparison.difference(name, by="time")
    keep = _whole_quarters(comparison)
    days = comparison.quarters["time"].values.astype("datetime64[D]").astype(str)[keep]
    mean, low, high = (np.asarray(values)[keep] for values in (found.mean, found.low, found.high))
    reading = _reading(days, mean, low, high)
    since = _since(mean)  # years in which the worlds are still one would only press the rest together
    days, mean, low, high = days[since:], mean[since:], low[since:], high[since:]
    unit = unit_of(comparison, name)
    what = "quarterly sums" if _is_flow(comparison, name) else "quarterly means"
    figure = blank(f"B minus A, {unit}, {what}", height=300, right=16)
    if comparison.replications > 1:
        _band(figure, days, low, high)
    texts = [f"{signed(m)} ({signed(a)} to {signed(b)})" for m, a, b in zip(mean, low, high, strict=True)]
    figure.add_trace(
        go.Scatter(
            x=days,
            y=mean.astype(np.float32),
            mode="lines",
            line={"color": colour, "width": 2.2},
            text=texts,
            hovertemplate="%{text}<extra></extra>",
            name="B - A",
        )
    )
    figure.add_hline(y=0.0, line={"color": LIGHT.muted, "width": 1})
    figure.update_yaxes(rangemode="normal")
    figure.update_layout(margin={"l": 74})
    title = title_of(comparison, name)
    return Panel(
        key=f"over-time-{name.replace('_', '-')}",
        title=title,
        reading=reading,
        note=NOTE if has_note else "",
        plot=figure,
        table=Table(
            ("quarter", "B minus A", "95 % interval"),
            tuple(
                (day[:7], signed(float(m)), f"{signed(float(a))} to {signed(float(b))}")
                for day, m, a, b in zip(days, mean, low, high, strict=True)
            ),
        ),
    )


def by_group(name: str, rows: tuple[DifferenceRow, ...], by: str, *, title: str) -> Panel:
    """Difference of an outcome for each sector or rank that differs, with its interval."""
    every, rows = rows, tuple(row for row in rows if not row.is_nothing) or rows[:1]
    figure = blank(f"B minus A, {rows[0].unit if rows else ''}", height=44 + 40 * max(len(rows), 1), right=16)
    at = list(range(len(rows)))
    finite = [row for row in rows if np.isfinite(row.low) and np.isfinite(row.high)]
    bounds = [0.0, *(row.mean for row in rows), *(row.low for row in finite), *(row.high for row in finite)]
    figure.add_trace(
        go.Scatter(
            x=[row.mean for row in rows],
            y=at,
            mode="markers",
            marker={"color": LIGHT.cost, "size": 9},
            error_x={
                "type": "data",
                "symmetric": True,
                "array": [row.high - row.mean if np.isfinite(row.high) else 0.0 for row in rows],
                "color": LIGHT.cost,
                "thickness": 2,
                "width": 5,
            },
            hovertext=[f"{row.title}: {signed(row.mean)} ({interval(row)})" for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    for place, row in enumerate(rows):
        name_row(figure, place, f"{row.title}  <b>{signed(row.mean)}</b>")
    figure.add_vline(x=0.0, line={"color": LIGHT.muted, "width": 1})
    pad = 0.05 * ((max(bounds) - min(bounds)) or 1.0)
    figure.update_xaxes(range=[min(bounds) - pad, max(bounds) + pad], nticks=7)
    figure.update_yaxes(visible=False, range=[len(rows) - 0.5, -0.75])
    figure.update_layout(hovermode="closest", margin={"l": 8})
    clear = [row for row in rows if row.is_clear]
    reading = f"The interval excludes zero for {len(clear)} of {len(every)}" + (
        f"; the largest difference: {clear[0].title} ({signed(clear[0].mean)})." if clear else "."
    )
    return Panel(
        key=f"by-{by}-{name.replace('_', '-')}",
        title=title,
        reading=reading,
        note=(
            "Dot: mean over the replications. Bar: 95 % interval of the mean. One interval in twenty "
            f"misses by chance. {TOO_FEW} Fewer than 30 simulated persons: too few to read."
        ),
        plot=figure,
        table=Table(
            (by, "world A", "world B", "B minus A", "95 % interval"),
            tuple(
                (
                    row.title,
                    numbers.amount(row.first),
                    numbers.amount(row.second),
                    signed(row.mean),
                    interval(row),
                )
                for row in rows
            ),
        ),
    )


def _band(
    figure: go.Figure, days: npt.NDArray[np.str_], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> None:
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([days, days[::-1]]),
            y=np.concatenate([high, low[::-1]]).astype(np.float32),
            fill="toself",
            mode="lines",
            line={"color": LIGHT.band, "width": 0},
            fillcolor=LIGHT.band,
            hoverinfo="skip",
            name="95 % interval",
        )
    )


def _whole_quarters(comparison: Comparison) -> npt.NDArray[np.bool_]:
    clock = comparison.worlds[0].grid
    end = min(world.clock.end for world in comparison.worlds)
    times = comparison.quarters["time"]
    starts = times.values.astype("datetime64[D]")
    ends = (starts.astype("datetime64[M]") + 3).astype("datetime64[D]")
    return np.asarray((starts >= np.datetime64(clock.start)) & (ends <= np.datetime64(end)))


def _since(mean: npt.NDArray[np.float64]) -> int:
    first = np.flatnonzero(mean)
    return max(0, int(first[0]) - QUARTERS_BEFORE) if first.size else 0


def _is_flow(comparison: Comparison, name: str) -> bool:
    return str(comparison.totals[name].attrs.get("units", "")).endswith("per step")


def _reading(
    days: npt.NDArray[np.str_],
    mean: npt.NDArray[np.float64],
    low: npt.NDArray[np.float64],
    high: npt.NDArray[np.float64],
) -> str:
    if not mean.size or not np.any(mean):
        return "No quarter differs."
    first = int(np.flatnonzero(mean)[0])
    clear = int(((low > 0) | (high < 0)).sum())
    widest = int(np.abs(mean).argmax())
    return (
        f"First difference in the quarter of {days[first][:7]}; largest in {days[widest][:7]}: "
        f"{signed(float(mean[widest]))}. "
        f"In {clear} of {mean.size} quarters the interval excludes zero."
    )
