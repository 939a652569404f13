"""Incidents and loss of control, region by region; discipline across all."""

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures import flows
from exitvoice.report.figures.base import Material, Panel, blank, name_row, times, titled
from exitvoice.report.palette import LIGHT
from exitvoice.results.summary import summarise

DISCIPLINE = {
    "investigated": "investigated",
    "sanctioned": "sanctioned",
    "reported": "reported by informants",
}


def panel(material: Material) -> Panel:
    """A row a region: the colour is the highest open dissent of a quarter; marks are incidents and losses."""
    data = material.data
    dissent = data["dissent_share"].resample(time="QS").max().transpose("region", "time")
    names = [titled(material.region_titles, region) for region in data["region"].values]
    figure = blank("highest share in open dissent, each quarter", height=130 + 44 * len(names), right=14)
    figure.add_trace(
        go.Heatmap(
            x=times(dissent), y=list(range(len(names))), z=dissent.values.astype(np.float32), ygap=24,
            zmin=0, zmax=max(float(np.nanmax(dissent.values)), 0.01),
            colorscale=[[at / 6, colour] for at, colour in enumerate(LIGHT.steps)],
            customdata=[[name] * dissent.sizes["time"] for name in names],
            hovertemplate="%{customdata}<br>%{x|%b %Y}: %{z:.2%} in open dissent<extra></extra>",
            colorbar={"orientation": "h", "y": 0, "yanchor": "top", "ypad": 32, "thickness": 9, "len": 0.6, "x": 0,
                      "xanchor": "left", "tickformat": ".1%", "outlinewidth": 0, "nticks": 4,
                      "tickfont": {"color": LIGHT.muted}},
        )
    )  # fmt: skip
    _marks(figure, data["incident"] > 0.05, "incident", "triangle-down", LIGHT.series[1], 0.34)
    _marks(figure, data["loss_of_control"] > 0, "loss of control", "x", LIGHT.alarm, 0.0)
    for row, name in enumerate(names):
        name_row(figure, row, name)
    figure.update_yaxes(visible=False, range=[len(names) - 0.5, -0.8])
    figure.update_layout(hovermode="closest", margin={"l": 4, "b": 96})
    figure.update_layout(showlegend=True, legend={"y": 0, "yanchor": "top"})
    figure.layout.legend.y = -70 / (44 * len(names))
    return Panel(
        key="incidents",
        title="Open dissent, incidents and loss of control, by region",
        reading=_reading(material),
        note="Loss of control: open dissent above what the forces that still obey can hold, for two weeks of model "
        "time running, or a defection of the elite. It is a recorded event, not the end of the run.",
        plot=figure,
    )


def discipline(material: Material) -> Panel:
    """Investigated, sanctioned and reported by informants, a quarter."""
    sanctioned = summarise(material.data).sanctioned
    return Panel(
        key="discipline",
        title="Discipline",
        reading=f"{numbers.people(sanctioned).capitalize()} sanctions in the whole period.",
        note=flows.note_on_marks(material.data, DISCIPLINE),
        plot=flows.lines(material.data, DISCIPLINE, axis_title="persons, sums of each quarter"),
        table=flows.yearly_table(material.data, DISCIPLINE),
    )


def _marks(
    figure: go.Figure, happens: xr.DataArray, name: str, symbol: str, colour: str, above: float
) -> None:
    """Mark the first week of every spell."""
    values = happens.transpose("region", "time").values
    begins = values & ~np.pad(values, ((0, 0), (1, 0)))[:, :-1]
    rows, columns = np.nonzero(begins)
    if not rows.size:
        return
    days = times(happens)[columns]
    figure.add_trace(
        go.Scatter(
            x=days, y=rows - above, mode="markers", name=f"{name} begins",
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"color": LIGHT.paper, "width": 1}},
            hovertemplate=f"{name} begins %{{x|%d %b %Y}}<extra></extra>",
        )
    )  # fmt: skip


def _reading(material: Material) -> str:
    lost = summarise(material.data).regions_that_lost_control
    if not lost:
        return "In this run no region lost control."
    names = ", ".join(titled(material.region_titles, region) for region in lost)
    return f"Control was lost in {len(lost)} of {material.data.sizes['region']} regions: {names}."
