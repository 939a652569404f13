"""Private opposition against shown loyalty: the falsification gap."""

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import (
    TOO_FEW,
    Material,
    Panel,
    Table,
    add_line,
    blank,
    compact,
    label_right,
    name_row,
    times,
    titled,
    top,
)
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means
from exitvoice.results.summary import too_few


def shares(data: xr.Dataset, keep: tuple[str, ...] = ()) -> xr.Dataset:
    """Return monthly shares of the persons: opposed, not loyal in what they show, open dissent, falsifiers."""
    away = [name for name in ("sector", "rank") if name not in keep]
    persons = period_means(data["persons"].sum(away), "M")
    whole = persons.where(persons > 0)
    stocks = {
        name: period_means(data[name].sum(away), "M")
        for name in ("opposed", "withdrawn", "dissent", "falsifiers")
    }
    return xr.Dataset(
        {
            "opposed": stocks["opposed"] / whole,
            "shown": (stocks["withdrawn"] + stocks["dissent"]) / whole,
            "dissent": stocks["dissent"] / whole,
            "falsifiers": stocks["falsifiers"] / whole,
        }
    )


def nation(material: Material) -> Panel:
    """All persons together: the gap between what is thought and what is shown is shaded."""
    monthly = shares(material.data)
    figure = blank("share of all persons (mean of each month)", height=360, right=185)
    _shade(figure, monthly["shown"], monthly["opposed"])
    curves = (
        ("opposed", "opposed in private", LIGHT.series[3]),
        ("shown", "not performing loyalty", LIGHT.series[0]),
        ("dissent", "in open dissent", LIGHT.series[1]),
    )
    for name, title, colour in curves:
        add_line(figure, monthly[name], name=title, colour=colour, hover="%{y:.1%}")
    labels = [(float(monthly[name][-1]), title, colour) for name, title, colour in curves]
    label_right(figure, labels, span=(0.0, top(monthly["opposed"], monthly["shown"], least=0.01)))
    figure.update_yaxes(tickformat=".0%")
    last = {name: numbers.share(float(monthly[name][-12:].mean())) for name in monthly}
    return Panel(
        key="falsification",
        title="The falsification gap",
        reading=f"In the last year {last['opposed']} are opposed in private, {last['shown']} show less than loyalty, "
        f"and {last['falsifiers']} are opposed and perform loyalty all the same.",
        note="Opposed: private opposition above one half. Shaded: the gap between thought and show.",
        plot=figure,
        table=_yearly(monthly),
    )


def by_rank(material: Material) -> Panel:
    """Falsifiers by rank, as a share of those who are of that rank."""
    monthly = shares(material.data, keep=("rank",))["falsifiers"]
    figure = blank("opposed in private and performing loyalty, share of the rank", height=320, right=185)
    few = too_few(material.data, "rank").values
    labels = []
    for index, rank in enumerate(material.data["rank"].values):
        name = titled(material.rank_titles, rank) + (TOO_FEW if few[index] else "")
        colour = LIGHT.series[index]
        add_line(figure, monthly.isel(rank=index), name=name, colour=colour, hover="%{y:.1%}")
        labels.append((_last(monthly.isel(rank=index)), name, colour))
    label_right(figure, labels, span=(0.0, top(monthly, least=0.01)))
    figure.update_yaxes(tickformat=".0%")
    low, high = min(labels), max(labels)
    return Panel(
        key="falsification-by-rank",
        title="False loyalty by rank",
        reading=f"At the end it is most common at: {high[1]} ({numbers.share(high[0])}), least at: {low[1]} "
        f"({numbers.share(low[0])}).",
        note="Means of each month. The numbers give the last 52 weeks, by sector and rank.",
        plot=figure,
        table=_by_sector_and_rank(material),
    )


def by_sector(material: Material) -> Panel:
    """A map of falsifiers: a row a sector, a column a quarter."""
    monthly = shares(material.data, keep=("sector",))["falsifiers"].transpose("sector", "time")
    quarterly = monthly.resample(time="QS").mean()
    order = np.argsort(-np.nan_to_num(quarterly.values[:, -1]))
    few = too_few(material.data, "sector").values
    names = [
        titled(material.sector_titles, material.data["sector"].values[index])
        + (TOO_FEW if few[index] else "")
        for index in order
    ]
    highest = float(np.nanmax(quarterly.values)) if np.isfinite(quarterly.values).any() else 1.0
    figure = blank(
        "opposed in private and performing loyalty, share of the sector (each quarter)",
        height=110 + 36 * len(names),
        right=14,
    )
    figure.add_trace(
        go.Heatmap(
            x=times(quarterly),
            y=list(range(len(names))),
            z=quarterly.values[order].astype(np.float32),
            zmin=0,
            zmax=max(highest, 0.01),
            colorscale=[[at / 6, colour] for at, colour in enumerate(LIGHT.steps)],
            ygap=20,
            customdata=[[name] * quarterly.sizes["time"] for name in names],
            hovertemplate="%{customdata}<br>%{x|%b %Y}: %{z:.1%}<extra></extra>",
            colorbar={"orientation": "h", "y": 0, "yanchor": "top", "ypad": 32, "thickness": 9, "len": 0.6, "x": 0,
                      "xanchor": "left", "tickformat": ".0%", "outlinewidth": 0, "nticks": 5,
                      "tickfont": {"color": LIGHT.muted}},
        )
    )  # fmt: skip
    for row, name in enumerate(names):
        name_row(figure, row, name)
    figure.update_yaxes(visible=False, range=[len(names) - 0.6, -0.8])
    figure.update_layout(hovermode="closest", margin={"l": 4, "b": 76})
    return Panel(
        key="falsification-by-sector",
        title="False loyalty by sector, over time",
        reading=f"At the end it is most common in: {names[0]} ({_percent(quarterly, order[0])}), "
        f"least in: {names[-1]} ({_percent(quarterly, order[-1])}).",
        note="",
        plot=figure,
    )


def strata(material: Material) -> Panel:
    """Sector by sector in the last year: what is thought, what is shown, and the distance between them."""
    last = material.data.isel(time=slice(-52, None))[["persons", "opposed", "withdrawn", "dissent"]]
    now = last.mean("time").sum("rank")
    whole = now["persons"].where(now["persons"] > 0)
    thought, shown = now["opposed"] / whole, (now["withdrawn"] + now["dissent"]) / whole
    order = np.argsort(-np.nan_to_num(thought.values))
    few = too_few(material.data, "sector").values
    names = [
        titled(material.sector_titles, material.data["sector"].values[index])
        + (TOO_FEW if few[index] else "")
        for index in order
    ]
    figure = blank(
        "share of the sector, mean of the last 52 weeks", height=98 + int(38 * (len(names) + 0.2)), right=14
    )
    for row, index in enumerate(order):
        figure.add_shape(
            type="line", x0=float(shown[index]), x1=float(thought[index]), y0=row, y1=row, layer="below",
            line={"color": LIGHT.line, "width": 5},
        )  # fmt: skip
        name_row(figure, row, names[row])
    for values, title, colour, symbol in (
        (shown, "show less than loyalty", LIGHT.series[0], "circle"),
        (thought, "opposed in private", LIGHT.series[3], "diamond"),
    ):
        figure.add_trace(
            go.Scatter(
                x=values.values[order].astype(np.float32), y=list(range(len(names))), mode="markers", name=title,
                marker={"color": colour, "size": 11, "symbol": symbol}, customdata=names,
                hovertemplate=f"%{{customdata}}: %{{x:.1%}} {title}<extra></extra>",
            )
        )  # fmt: skip
    figure.update_yaxes(visible=False, range=[len(names) - 0.6, -0.8])
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", hoverformat=None, showgrid=True)
    figure.update_layout(
        hovermode="closest", showlegend=True, margin={"l": 8, "b": 64}, legend={"y": -32 / (38 * len(names))}
    )
    return Panel(
        key="falsification-now",
        title="The gap by sector",
        reading="The longer the line, the less the state can learn from what people show.",
        note="",
        plot=figure,
        table=_strata_table(names, thought.values[order], shown.values[order]),
    )


def _shade(figure: go.Figure, low: xr.DataArray, high: xr.DataArray) -> None:
    for curve, fill in ((low, "none"), (high, "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=times(curve), y=compact(curve), mode="lines", line={"width": 0, "color": LIGHT.band}, fill=fill,
                fillcolor=LIGHT.band, hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip


def _last(curve: xr.DataArray) -> float:
    known = curve.dropna("time")
    return float(known[-1]) if known.size else 0.0


def _percent(quarterly: xr.DataArray, index: int) -> str:
    return numbers.share(float(quarterly.values[index, -1]))


def _yearly(monthly: xr.Dataset) -> Table:
    yearly = monthly.groupby("time.year").mean()
    rows = tuple(
        (
            str(year),
            *(
                numbers.share(float(yearly[name][at]))
                for name in ("opposed", "shown", "dissent", "falsifiers")
            ),
        )
        for at, year in enumerate(yearly["year"].values)
    )
    return Table(
        ("year", "opposed in private", "show less than loyalty", "open dissent", "opposed and loyal in show"),
        rows,
    )


def _strata_table(names: list[str], thought: np.ndarray, shown: np.ndarray) -> Table:
    rows = tuple(
        (name, numbers.share(float(inner)), numbers.share(float(outer)), numbers.share(float(inner - outer)))
        for name, inner, outer in zip(names, thought, shown, strict=True)
    )
    return Table(("sector", "opposed in private", "show less than loyalty", "gap"), rows)


def _by_sector_and_rank(material: Material) -> Table:
    last = material.data.isel(time=slice(-52, None))[["persons", "falsifiers"]].mean("time")
    parts = (last["falsifiers"] / last["persons"].where(last["persons"] > 0)).values
    few = material.data["too_few"].values
    rows = tuple(
        (
            titled(material.sector_titles, sector),
            *(
                numbers.share(float(part)) + (TOO_FEW if is_few else "")
                for part, is_few in zip(parts[at], few[at], strict=True)
            ),
        )
        for at, sector in enumerate(material.data["sector"].values)
    )
    return Table(
        ("sector", *(titled(material.rank_titles, rank) for rank in material.data["rank"].values)), rows
    )
