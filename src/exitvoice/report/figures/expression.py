"""What people show: loyalty performed, the least done, open dissent."""

from exitvoice.report import numbers
from exitvoice.report.figures.base import Material, Panel, add_band, blank, label_right
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means

LAYERS = (
    ("dissent", "open dissent", LIGHT.series[1]),
    ("withdrawn", "doing the least", LIGHT.series[0]),
    ("loyal", "performing loyalty", LIGHT.rest),
)


def panel(material: Material) -> Panel:
    """Shares of all persons by what they show."""
    stocks = {name: period_means(material.data[name].sum(["sector", "rank"]), "M") for name, *_ in LAYERS}
    whole = sum(stocks.values())
    figure = blank("share of all persons (mean of each month)", height=280, right=165)
    base, labels = 0.0, []
    for name, title, colour in LAYERS:
        part = stocks[name] / whole
        add_band(figure, part, name=title, colour=colour, hover="%{y:.1%}")
        labels.append((base + float(part[-1]) / 2, title, colour))
        base += float(part[-1])
    label_right(figure, labels, span=(0.0, 1.0))
    figure.update_yaxes(tickformat=".0%")
    loyal = numbers.share(float((stocks["loyal"] / whole)[-12:].mean()))
    return Panel(
        key="expression",
        title="What people show",
        reading=f"In the last year {loyal} perform loyalty.",
        note="",
        plot=figure,
    )
