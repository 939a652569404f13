"""The figure of the atlas: what each series of several cases tells of each parameter that some case asked for."""

import plotly.graph_objects as go

from exitvoice.calibration.atlas import Cell
from exitvoice.calibration.cases import Case, Cases, state_of
from exitvoice.report.figures.base import Panel, Table, blank
from exitvoice.report.palette import LIGHT

_NOTHING = "–"


def by_case(cases: Cases) -> Panel:
    """Contraction by parameter, and by case and series: filled if informed, a dash if in vain, blank if not asked."""
    grid = [[cases.cell(row.name, *column) for column in cases.columns] for row in cases.asked]
    plot = blank("share of the prior's variance that goes", height=220 + 26 * len(grid), right=18)
    plot.add_trace(
        go.Heatmap(
            x=[f"{case.name}: {series}" for case, series in cases.columns],
            y=[row.name.removeprefix("rules.") for row in cases.asked],
            zmin=0.0, zmax=1.0, showscale=False, xgap=2, ygap=2, hoverongaps=False,
            z=[[_filled(cell) for cell in row] for row in grid],
            text=[["" if cell is None else _short(cell) for cell in row] for row in grid],
            customdata=[
                [_hover(cell, case, series) for cell, (case, series) in zip(row, cases.columns, strict=True)]
                for row in grid
            ],
            texttemplate="%{text}", hovertemplate="%{y}<br>%{customdata}<extra></extra>",
            colorscale=[[0.0, LIGHT.band], [1.0, LIGHT.series[3]]],
        )
    )  # fmt: skip
    plot.update_xaxes(type="category", hoverformat=None, tickangle=-90, dtick=1, tickfont={"size": 11})
    plot.update_yaxes(type="category", autorange="reversed", nticks=len(grid), showgrid=False)
    plot.update_layout(hovermode="closest", margin={"l": 205, "b": 180})
    dark = [item.name for item in cases.asked if not cases.informing(item.name)]
    reading = f"Of {len(cases.parameters)} parameters {len(grid)} were asked for; "
    reading += f"{len(grid) - len(dark)} are informed by some series"
    return Panel(
        key="atlas",
        title="Parameters by case and series",
        reading=f"{reading}, {len(dark)} by none: {', '.join(dark)}." if dark else f"{reading}.",
        note="Per cent: informed; the interval of the mean contraction lies above nought and the mean is a tenth at "
        "least. Dash: asked, and told nothing. Blank: not asked.",
        plot=plot,
        table=Table(
            ("parameter", "case", "series", "state", "contraction", "95 %", "bits"),
            tuple(
                (row.name, case.name, series, state_of(cell), f"{cell.contraction:.2f}", _interval(cell),
                 f"{cell.bits:.2f}")
                for row, cells in zip(cases.asked, grid, strict=True)
                for cell, (case, series) in zip(cells, cases.columns, strict=True)
                if cell is not None
            ),
        ),
    )  # fmt: skip


def _filled(cell: Cell | None) -> float | None:
    if cell is None:
        return None
    return cell.contraction if cell.is_informed else 0.0


def _short(cell: Cell) -> str:
    return f"{cell.contraction:.0%}" if cell.is_informed else _NOTHING


def _interval(cell: Cell) -> str:
    return f"{cell.low:.2f} to {cell.high:.2f}"


def _hover(cell: Cell | None, case: Case, series: str) -> str:
    told = "not asked" if cell is None else f"{state_of(cell)}: {cell.contraction:.2f} ({_interval(cell)})"
    return f"{told}<br>{case.name}: {case.series.get(series, series)}"
