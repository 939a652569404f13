"""The human cost: person-years without freedom to leave, by year and by sector."""

import numpy as np
import plotly.graph_objects as go

from exitvoice.report import numbers
from exitvoice.report.figures.base import (
    TOO_FEW,
    Material,
    Panel,
    Table,
    amounts,
    blank,
    count_axis,
    name_row,
    titled,
)
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import is_whole, period_sums
from exitvoice.results.summary import Summary, summarise

COST = "unfree_person_years"
FEW_YEARS = 6


def by_year(material: Material) -> Panel:
    """Bars of person-years a year; years that the clock does not cover whole are pale."""
    cost = period_sums(material.data[COST].sum(["sector", "rank"]), "Y")
    whole = is_whole(material.data["time"], "Y")
    years = [int(year) for year in cost["time"].dt.year.values]
    figure = blank("person-years without freedom to leave, a year", height=300, right=10)
    figure.add_trace(
        go.Bar(
            x=years,
            y=cost.values.astype(np.float32),
            marker={"color": [LIGHT.cost if is_full else LIGHT.rest for is_full in whole]},
            hovertext=amounts(cost),
            hovertemplate="%{x}: %{hovertext}<extra></extra>",
        )
    )
    ticks = (
        {"dtick": 1} if len(years) <= FEW_YEARS else {"nticks": 14}
    )  # else half years would bear a year's name
    figure.update_xaxes(type="linear", tickformat="d", hoverformat="d", tickangle=0, **ticks)
    figure.update_layout(bargap=0.25, hovermode="closest")
    count_axis(figure, float(cost.max()))
    parts = [str(year) for year, is_full in zip(years, whole, strict=True) if not is_full]
    note = (
        f"In another colour: years of which the simulated time covers only a part ({', '.join(parts)})."
        if parts
        else ""
    )
    return Panel(
        key="cost-by-year",
        title="The cost, year by year",
        reading=_peak(years, cost.values, whole),
        note=note,
        plot=figure,
        table=Table(
            ("year", "person-years without freedom to leave"),
            tuple(
                (str(year), numbers.amount(float(value)))
                for year, value in zip(years, cost.values, strict=True)
            ),
        ),
    )


def by_sector(material: Material) -> Panel:
    """Bars of person-years by sector, the largest first, each with its number."""
    summary = summarise(material.data)
    rows = [row for row in summary.by_sector if row.person_years > 0] or list(summary.by_sector[:1])
    names = [titled(material.sector_titles, row.sector) + (TOO_FEW if row.is_too_few else "") for row in rows]
    values = [row.person_years for row in rows]
    figure = blank(
        "person-years without freedom to leave, whole period", height=44 + 40 * len(rows), right=16
    )
    figure.add_trace(
        go.Bar(
            x=values,
            y=list(range(len(rows))),
            orientation="h",
            width=0.36,
            marker={"color": LIGHT.cost},
            customdata=names,
            hovertext=[numbers.amount(value) for value in values],
            hovertemplate="%{customdata}: %{hovertext}<extra></extra>",
        )
    )
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        name_row(figure, index, f"{name}  <b>{numbers.amount(value)}</b>")
    figure.update_xaxes(visible=False, range=[0, max([*values, 1.0]) * 1.02])
    figure.update_yaxes(visible=False, range=[len(rows) - 0.6, -0.75])
    figure.update_layout(hovermode="closest", margin={"l": 4, "b": 6})
    return Panel(
        key="cost-by-sector",
        title="Whom it falls on",
        reading=_largest(names, values, summary),
        note="",
        plot=figure,
        table=Table(
            ("sector", "person-years", "bound in the last year"),
            tuple(
                (name, numbers.amount(row.person_years), numbers.share(row.share_covered_at_end))
                for name, row in zip(names, rows, strict=True)
            ),
        ),
    )


def _peak(years: list[int], values: np.ndarray, whole: np.ndarray) -> str:
    if values.max() <= 0:
        return "In this run nobody was bound."
    if not whole.any():
        return f"{numbers.amount(float(values.sum()))} person-years so far; no year is whole yet."
    chosen = np.where(whole, values, -1.0)
    highest = int(chosen.argmax())
    first = int(np.flatnonzero(whole)[0])
    return (
        f"From {numbers.amount(float(values[first]))} person-years in {years[first]} to a high of "
        f"{numbers.amount(float(values[highest]))} in {years[highest]}."
    )


def _largest(names: list[str], values: list[float], summary: Summary) -> str:
    if summary.person_years <= 0:
        return "In this run nobody was bound."
    part = numbers.share(values[0] / summary.person_years)
    return f"The largest part, {part}, falls on: {names[0]}."
