"""Figures of the atlas: what each series tells of each parameter, all worlds at a glance and each by itself."""

from collections.abc import Iterable, Sequence

import plotly.graph_objects as go

from exitvoice.calibration.atlas.cases import Case, Cases, Parameter
from exitvoice.calibration.atlas.cell import ALL, ALL_AND_MORE, Cell
from exitvoice.report.figures.base import Panel, Table, blank, shorten
from exitvoice.report.palette import LIGHT

NOTHING, ABSENT, FAINT = "–", "·", "<"
COLUMNS = ("parameter", "case", "series", "state", "contraction", "95 %", "bits", "chance")
KEY = (
    "Per cent: share of the parameter's variance that goes, where it is beyond chance and a tenth at least. <: beyond "
    "chance, and less than a tenth. Dash: nothing beyond chance. Dot: it is not in this world. Blank: not asked."
)
Field = tuple[float | None, str, str]
"""What fills a field, what is written in it, and what is said of it."""


def overview(cases: Cases) -> Panel:
    """The most that any one series, existing or not, tells of each parameter in each world."""
    rows = _told(cases, cases.worlds)
    columns = [(case, exists) for case in cases.worlds for exists in (True, False) if _has(case, exists)]
    names = [f"{case.label}{'' if exists else ': would exist'}" for case, exists in columns]
    fields = {
        row.name: [
            _field(cases, row.name, case, _best(cases, row.name, case, exists)) for case, exists in columns
        ]
        for row in rows
    }
    return Panel(
        key="atlas",
        title="The most that one series tells",
        reading=f"{len(rows)} of {len(cases.parameters)} parameters are told something by some series in some world.",
        note=KEY
        + " The first column of a world is of series that exist, the second of those that would have to.",
        plot=_grid(names, rows, fields),
        table=None,
    )


def of_world(cases: Cases, case: Case) -> Panel:
    """What each series of one world tells of each parameter of which any of them tells something."""
    rows = _told(cases, [case])
    names = [("+ " if not case.exists(name) else "") + _title(name) for name in case.columns]
    fields = {row.name: [_field(cases, row.name, case, name) for name in case.columns] for row in rows}
    informed = {cell.unknown for cell in case.cells if cell.is_informed and case.exists(cell.series)}
    reading = f"{len(rows)} of {len({cell.unknown for cell in case.cells})} parameters in this world are told something"
    reading += f", {len(informed)} of them a tenth or more by series that exist."
    return Panel(
        key=f"world-{case.label}",
        title=case.title,
        reading=reading,
        note=f"{KEY} +: would have to exist. {case.truths:,} draws.",
        plot=_grid(names, rows, fields),
        table=_table(cases, ((row, case, name) for row in rows for name in case.columns), all_of_them=False),
    )


def by_case(cases: Cases) -> Panel:
    """Contraction by parameter and by series of each calibration; a dash if in vain, blank if not asked."""
    columns = [(case, name) for case in cases.calibrations for name in case.columns]
    asked = {cell.unknown for case in cases.calibrations for cell in case.cells}
    rows = [item for item in cases.parameters if item.name in asked]
    fields = {row.name: [_field(cases, row.name, *column) for column in columns] for row in rows}
    dark = [row.name for row in rows if not any(value for value, _, _ in fields[row.name])]
    reading = f"Of {len(cases.parameters)} parameters {len(rows)} were asked for; "
    reading += f"{len(rows) - len(dark)} are informed by some series"
    return Panel(
        key="calibrations",
        title="Parameters by case and series",
        reading=f"{reading}, {len(dark)} by none: {', '.join(dark)}." if dark else f"{reading}.",
        note="Per cent: informed; the interval of the mean contraction lies above nought and the mean is a tenth at "
        "least. Dash: asked, and told nothing. Blank: not asked.",
        plot=_grid([f"{case.name}: {_title(name)}" for case, name in columns], rows, fields),
        table=_table(cases, ((row, *column) for row in rows for column in columns), all_of_them=True),
    )


def _told(cases: Cases, among: Sequence[Case]) -> list[Parameter]:
    """Return the parameters of which something is told, by mechanism, in each those first that are told most."""
    best: dict[str, float] = {}
    for case in among:
        for cell in case.cells:
            if cell.is_informed or cell.is_hinted:
                best[cell.unknown] = max(best.get(cell.unknown, 0.0), cell.contraction)
    order = list(dict.fromkeys(item.mechanism for item in cases.parameters))
    rows = [item for item in cases.parameters if item.name in best]
    return sorted(rows, key=lambda item: (order.index(item.mechanism), -best[item.name]))


def _has(case: Case, exists: bool) -> bool:
    return any(case.exists(name) == exists for name in case.columns)


def _best(cases: Cases, name: str, case: Case, exists: bool) -> str:
    """Return the single series that tells most of a parameter; the first where none was asked."""
    series = [one for one in case.columns if case.exists(one) == exists and one not in (ALL, ALL_AND_MORE)]
    told = {one: cell for one in series if (cell := cases.cell(name, case, one)) is not None}
    if not told:
        return series[0]
    return max(told, key=lambda one: (told[one].is_informed, told[one].is_hinted, told[one].contraction))


def _field(cases: Cases, name: str, case: Case, series: str) -> Field:
    cell, state = cases.cell(name, case, series), cases.state(name, case, series)
    title = case.series.get(series, series)
    if cell is None:
        return None, ABSENT if state == "not in this world" else "", f"{state}<br>{case.label}"
    said = f"{state}: {cell.contraction:.2f} ({_interval(cell)})<br>{case.label}: {title}"
    if cell.is_informed:
        return cell.contraction, f"{cell.contraction:.0%}", said
    return 0.0, FAINT if cell.is_hinted else NOTHING, said


def _grid(columns: Sequence[str], rows: Sequence[Parameter], fields: dict[str, list[Field]]) -> go.Figure:
    """Return fields in rows under the names of their mechanisms, and in columns."""
    lines: list[tuple[str, list[Field]]] = []
    last = None
    for row in rows:
        if row.mechanism != last:
            head = (row.mechanism or "of a scenario").replace("_", " ")
            lines.append((f"<b>{head}</b>", [(None, "", "")] * len(columns)))
            last = row.mechanism
        lines.append((shorten(row.name.removeprefix("rules."), 34), fields[row.name]))
    plot = blank("share of the prior's variance that goes", height=240 + 21 * len(lines), right=18)
    numbers = list(range(len(lines)))
    plot.add_trace(
        go.Heatmap(
            x=list(range(len(columns))), y=numbers,
            zmin=0.0, zmax=1.0, showscale=False, xgap=2, ygap=2, hoverongaps=False,
            z=[[value for value, _, _ in line] for _, line in lines],
            text=[[short for _, short, _ in line] for _, line in lines],
            customdata=[[f"{name}<br>{said}" for _, _, said in line] for name, line in lines],
            texttemplate="%{text}", textfont={"size": 10.5}, hovertemplate="%{customdata}<extra></extra>",
            colorscale=[[0.0, LIGHT.grid], [0.01, LIGHT.band], [1.0, LIGHT.series[3]]],
        )
    )  # fmt: skip
    plot.update_xaxes(
        tickmode="array", tickvals=list(range(len(columns))), ticktext=[shorten(name, 32) for name in columns],
        hoverformat=None, tickangle=-90, ticks="", showline=False, tickfont={"size": 11}, side="bottom",
    )  # fmt: skip
    plot.update_yaxes(
        tickmode="array", tickvals=numbers, ticktext=[name for name, _ in lines], range=[len(lines) - 0.5, -0.5],
        autorange=False, showgrid=False, tickfont={"size": 11}, ticks="", rangemode="normal",
    )  # fmt: skip
    plot.update_layout(hovermode="closest", margin={"l": 225, "b": 205})
    return plot


def _table(cases: Cases, places: Iterable[tuple[Parameter, Case, str]], *, all_of_them: bool) -> Table:
    found = ((row, case, series, cases.cell(row.name, case, series)) for row, case, series in places)
    return Table(
        COLUMNS,
        tuple(
            (row.name, case.name, series, cases.state(row.name, case, series), f"{cell.contraction:.2f}",
             _interval(cell), f"{cell.bits:.2f}", "" if cell.chance is None else f"{cell.chance:.2g}")
            for row, case, series, cell in found
            if cell is not None and (all_of_them or cell.is_informed or cell.is_hinted)
        ),
    )  # fmt: skip


def _interval(cell: Cell) -> str:
    return f"{cell.low:.2f} to {cell.high:.2f}"


def _title(series: str) -> str:
    return {ALL: "all that exist", ALL_AND_MORE: "all, and all that would"}.get(series, series)
