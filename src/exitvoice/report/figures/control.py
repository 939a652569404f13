"""Control and the crisis that the leadership perceives."""

from exitvoice.report import numbers
from exitvoice.report.figures.base import Material, Panel, Table, add_line, blank, label_right, top
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means

CURVES = (
    ("control", "control", LIGHT.series[0], "solid"),
    ("perceived_crisis", "perceived crisis", LIGHT.series[3], "solid"),
    ("elite_conflict", "conflict among the elite", LIGHT.series[1], "dot"),
)
SOURCES = {
    "scripted": "Control follows the dated series of the scenario; it does not answer to the crisis.",
    "endogenous": "Control answers to the perceived crisis inside the model.",
}


def panel(material: Material) -> Panel:
    """Control, perceived crisis and elite conflict, each between 0 and 1."""
    monthly = {name: period_means(material.data[name], "M") for name, *_ in CURVES}
    figure = blank("index from 0 to 1 (mean of each month)", height=320, right=185)
    for name, title, colour, dash in CURVES:
        add_line(figure, monthly[name], name=title, colour=colour, dash=dash, hover="%{y:.2f}")
    labels = [(float(monthly[name][-1]), title, colour) for name, title, colour, _ in CURVES]
    label_right(figure, labels, span=(0.0, top(*monthly.values(), least=0.1)))
    yearly = {name: curve.groupby("time.year").mean() for name, curve in monthly.items()}
    years = yearly["control"]["year"].values
    start, end = float(yearly["control"][0]), float(yearly["control"][-1])
    return Panel(
        key="control",
        title="How tight, and how alarmed",
        reading=f"Control goes from {start:.2f} in {years[0]} to {end:.2f} in {years[-1]}; "
        f"perceived crisis from {float(yearly['perceived_crisis'][0]):.2f} to "
        f"{float(yearly['perceived_crisis'][-1]):.2f}.",
        note=SOURCES.get(str(material.data.attrs.get("control", "")), ""),
        plot=figure,
        table=Table(
            ("year", *(title for _, title, *_ in CURVES)),
            tuple(
                (str(year), *(numbers.value(round(float(yearly[name][at]), 2)) for name, *_ in CURVES))
                for at, year in enumerate(years)
            ),
        ),
    )
