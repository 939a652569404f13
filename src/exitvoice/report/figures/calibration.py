"""Figures of a calibration: ranks in their bands, priors and posteriors, what was counted and what was predicted."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from exitvoice.calibration.gate.ranks import envelope_of
from exitvoice.calibration.gate.replicate import DRAWS
from exitvoice.calibration.outcome import Course, Outcome, Told
from exitvoice.report import numbers
from exitvoice.report.figures.base import Panel, Table, blank, name_row
from exitvoice.report.palette import LIGHT

_ROW = 40
_BASELINES = (("dash", "square-open"), ("dot", "diamond-open"))


def ranks(outcome: Outcome) -> Panel:
    """The ECDF of ranks less that of uniform ranks, one line an unknown, within the simultaneous bands."""
    assert outcome.gate is not None
    count, unknowns = outcome.gate.replications, outcome.gate.unknowns
    bands = envelope_of(count, DRAWS, level=1.0 - 0.05 / len(unknowns))
    plot = blank("share of truths below a share of their posterior, less that share", height=340, right=18)
    x = [*bands.points, *bands.points[::-1]]
    y = [*(bands.high - bands.points), *(bands.low - bands.points)[::-1]]
    plot.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", fill="toself", fillcolor=LIGHT.band, line={"width": 0}, hoverinfo="skip"
        )
    )
    for unknown in unknowns:
        course = bands.course(np.array(outcome.ranks[unknown.name]), DRAWS)
        colour = LIGHT.series[3] if unknown.is_calibrated else LIGHT.series[0]
        plot.add_trace(
            go.Scatter(
                x=bands.points, y=course - bands.points, mode="lines", line={"color": colour, "width": 1.6},
                name=unknown.name, hovertemplate=f"%{{y:+.2f}}<extra>{unknown.name}</extra>",
            )
        )  # fmt: skip
    plot.update_xaxes(type="linear", hoverformat=".2f", tickformat=".0%")
    plot.update_yaxes(rangemode="normal", tickformat="+.2f")
    plot.update_layout(hovermode="closest", margin={"l": 64})
    off = [unknown.name for unknown in unknowns if not unknown.is_calibrated]
    return Panel(
        key="ranks",
        title="Ranks of truths among draws of their posterior",
        reading=f"Outside the bands: {', '.join(off)}." if off else "Every line stays within the bands.",
        note=f"{count} replications. Of a right design all {len(unknowns)} lines stay in the area in 19 of 20 gates.",
        plot=plot,
        table=Table(
            ("unknown", "ranks", "contraction", "recovery"),
            tuple(
                (
                    unknown.name,
                    "uniform" if unknown.is_calibrated else "not uniform",
                    f"{unknown.contraction:.2f} ({unknown.low:.2f} to {unknown.high:.2f})",
                    f"{unknown.recovery:.2f}",
                )
                for unknown in unknowns
            ),
        ),
    )


def told(outcome: Outcome) -> Panel:
    """Priors and posteriors, each on its own range from 0 to 1: first those that the gate found told, then the rest."""
    silent = _silent(outcome)
    rows = sorted(outcome.told, key=lambda item: (item.name in silent, -item.contraction))
    plot = blank("from the lowest to the highest of the prior", height=60 + _ROW * len(rows), right=18)
    for row, item in enumerate(rows):
        low, middle, high = (_share(item, value) for value in item.quantiles)
        plot.add_trace(_line((0.0, 1.0), row, LIGHT.grid, 7))
        plot.add_trace(_line((low, high), row, LIGHT.muted if item.name in silent else LIGHT.series[3], 7))
        plot.add_trace(
            go.Scatter(
                x=[middle], y=[row], mode="markers", marker={"color": LIGHT.ink, "size": 8},
                hovertemplate=f"{item.quantiles[1]:.3g}<extra>{item.name}</extra>",
            )
        )  # fmt: skip
        name_row(plot, row, f"{item.name} ({item.contraction:.0%})")
    plot.update_xaxes(type="linear", range=[-0.02, 1.02], tickformat=".0%", hoverformat=None)
    plot.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.8])
    plot.update_layout(hovermode="closest", margin={"l": 10})
    return Panel(
        key="told",
        title="What the data told of each unknown",
        reading=_most(rows, silent),
        note="Pale: the prior's range. Strong: nine tenths of the posterior; dot: its middle. Brackets: contraction."
        + (" Grey: the gate finds it told nothing; what it seems told here is chance." if silent else ""),
        plot=plot,
        table=Table(
            ("unknown", "prior", "5 %", "50 %", "95 %", "contraction"),
            tuple(
                (item.name, f"{item.low:g} to {item.high:g}", *(f"{value:.3g}" for value in item.quantiles),
                 f"{item.contraction:.2f}")
                for item in rows
            ),
        ),
    )  # fmt: skip


def _silent(outcome: Outcome) -> frozenset[str]:
    """Unknowns of which the gate found that the data of this design tell nothing, on average over truths."""
    unknowns = () if outcome.gate is None else outcome.gate.unknowns
    return frozenset(unknown.name for unknown in unknowns if not unknown.is_informed)


def _most(rows: Sequence[Told], silent: frozenset[str]) -> str:
    if rows[0].name in silent:
        return "By the gate, the data tell nothing of any of them."
    most = f"Most: {rows[0].name}, whose variance shrank by {max(rows[0].contraction, 0.0):.0%}."
    return (
        f"{most} By the gate, the data tell nothing of {len(silent)} of the {len(rows)}." if silent else most
    )


def atlas(outcome: Outcome) -> Panel:
    """Contraction by series and unknown; what is not told from nothing stays blank."""
    series = list(dict.fromkeys(cell.series for cell in outcome.atlas))
    unknowns = list(dict.fromkeys(cell.unknown for cell in outcome.atlas))
    by_place = {(cell.series, cell.unknown): cell for cell in outcome.atlas}
    grid = [[by_place[column, row] for column in series] for row in unknowns]
    plot = blank("share of the prior's variance that goes", height=90 + 30 * len(unknowns), right=18)
    plot.add_trace(
        go.Heatmap(
            x=series, y=unknowns, zmin=0.0, zmax=1.0, showscale=False, xgap=2, ygap=2,
            z=[[max(cell.contraction, 0.0) if cell.is_informed else None for cell in row] for row in grid],
            text=[[f"{cell.contraction:.0%}" if cell.is_informed else "" for cell in row] for row in grid],
            texttemplate="%{text}", hovertemplate="%{y} by %{x}: %{z:.0%}<extra></extra>",
            colorscale=[[0.0, LIGHT.band], [1.0, LIGHT.series[3]]],
        )
    )  # fmt: skip
    plot.update_xaxes(type="category", hoverformat=None)
    plot.update_yaxes(type="category", autorange="reversed", nticks=len(unknowns), showgrid=False)
    plot.update_layout(hovermode="closest", margin={"l": 190})
    dark = [name for name in unknowns if not any(by_place[column, name].is_informed for column in series)]
    return Panel(
        key="atlas",
        title="Unknowns by series",
        reading=f"{len(dark)} of {len(unknowns)} unknowns are informed by none: {', '.join(dark)}."
        if dark
        else "Every unknown is informed by some series.",
        note="Filled: the interval of the mean contraction lies above nought, and the mean is a tenth at least.",
        plot=plot,
        table=Table(
            ("unknown", "series", "contraction", "95 %", "bits"),
            tuple(
                (cell.unknown, cell.series, f"{cell.contraction:.2f}", f"{cell.low:.2f} to {cell.high:.2f}",
                 f"{cell.bits:.2f}")
                for cell in outcome.atlas
            ),
        ),
    )  # fmt: skip


def course(found: Course) -> Panel:
    """A series: what was counted, what the posterior predicts, and what the baselines do."""
    plot = blank(found.unit, height=340, right=18)
    middle = [row[1] for row in found.predicted]
    x = [*found.days, *reversed(found.days)]
    y = [*(row[2] for row in found.predicted), *(row[0] for row in reversed(found.predicted))]
    plot.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", fill="toself", fillcolor=LIGHT.band, line={"width": 0}, hoverinfo="skip"
        )
    )
    plot.add_trace(_course(found.days, middle, "predicted", LIGHT.series[3], "solid"))
    held = [day for day, fitted in zip(found.days, found.is_fit, strict=True) if not fitted]
    for (name, rows), (dash, symbol) in zip(found.baselines.items(), _BASELINES, strict=False):
        trace = _course(held, [row[1] for row in rows], name, LIGHT.muted, dash)
        if len(held) == 1:  # a line of one point is not seen
            trace.update(mode="markers", marker={"symbol": symbol, "size": 9, "color": LIGHT.muted})
        plot.add_trace(trace)
    plot.add_trace(_counted(found))
    fitted = [day for day, is_fit in zip(found.days, found.is_fit, strict=True) if is_fit]
    if held and fitted:
        plot.add_vline(x=_between(fitted[-1], held[0]), line={"color": LIGHT.line, "dash": "dot"})
    seen = [value for pair in found.observed for value in pair]
    plot.update_yaxes(type="log", rangemode="normal", tickformat="~s", dtick="D2",
                      range=[np.log10(max(min(seen) / 3.0, 1.0)), np.log10(max(seen) * 3.0)])  # fmt: skip
    plot.update_xaxes(hoverformat="%d %b %Y")
    if all(day.endswith("-01-01") for day in found.days):
        plot.update_xaxes(tickformat="%Y", dtick="M12" if len(found.days) <= 10 else "M48")
    plot.update_layout(margin={"l": 60})
    return Panel(
        key=f"course-{found.target}",
        title=found.title,
        reading="Dots and bars: counted. Line and area: predicted by nine of ten draws of the posterior.",
        note="Right of the dotted line: held out. "
        + (
            "Grey square: persistence; grey diamond: logistic growth"
            if len(held) == 1
            else "Dashed: persistence; dotted: logistic growth"
        )
        + ", from what was fitted.",
        plot=plot,
        table=Table(
            ("from", "fitted", "counted", "predicted, 5 %", "50 %", "95 %"),
            tuple(
                (day, "yes" if fitted else "no", _range(pair), *(numbers.amount(value) for value in row))
                for day, fitted, pair, row in zip(
                    found.days, found.is_fit, found.observed, found.predicted, strict=True
                )
            ),
        ),
    )


def _between(first: str, last: str) -> str:
    """The day in the middle of two, as text."""
    days = np.array([first, last], "datetime64[D]").astype(np.int64)
    return str(np.datetime64(int(days.mean()), "D"))


def _share(item: Told, value: float) -> float:
    return (value - item.low) / (item.high - item.low)


def _line(span: tuple[float, float], row: int, colour: str, width: float) -> go.Scatter:
    return go.Scatter(
        x=span, y=[row, row], mode="lines", line={"color": colour, "width": width}, hoverinfo="skip"
    )


def _course(days, values, name: str, colour: str, dash: str) -> go.Scatter:  # type: ignore[no-untyped-def]
    return go.Scatter(
        x=days, y=values, mode="lines", name=name, line={"color": colour, "width": 2.0, "dash": dash},
        hovertemplate=f"%{{y:.3s}}<extra>{name}</extra>",
    )  # fmt: skip


def _counted(found: Course) -> go.Scatter:
    middle = [float(np.sqrt(low * high)) for low, high in found.observed]
    return go.Scatter(
        x=found.days, y=middle, mode="markers", name="counted", marker={"color": LIGHT.ink, "size": 6},
        error_y={
            "type": "data", "symmetric": False, "color": LIGHT.ink, "thickness": 1.1, "width": 3,
            "array": [high - at for (_, high), at in zip(found.observed, middle, strict=True)],
            "arrayminus": [at - low for (low, _), at in zip(found.observed, middle, strict=True)],
        },
        hovertemplate="%{y:.3s}<extra>counted</extra>",
    )  # fmt: skip


def _range(pair: tuple[float, float]) -> str:
    low, high = pair
    return numbers.amount(low) if low == high else f"{numbers.amount(low)} to {numbers.amount(high)}"
