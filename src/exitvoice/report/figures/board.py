"""Figures of the claims board: the cost, the share by theory, sign and theta, effects."""

from collections.abc import Sequence

import plotly.graph_objects as go

from exitvoice.claims import Cut, Finding, Judgement, PartFinding
from exitvoice.claims.shares import HIGH, LOW
from exitvoice.report import numbers
from exitvoice.report.figures.base import Panel, Table, blank, count_axis, name_row
from exitvoice.report.palette import LIGHT

_ROW = 46


def cost(judgement: Judgement) -> Panel:
    """Bars of person-years a year, the middle world's, with nine of ten plausible worlds as a whisker."""
    years = judgement.cost
    figure = blank("person-years without freedom to leave, a year", height=300, right=10)
    middle = [year.middle for year in years]
    figure.add_trace(
        go.Bar(
            x=[year.year for year in years],
            y=middle,
            marker={"color": LIGHT.cost},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [year.high - year.middle for year in years],
                "arrayminus": [year.middle - year.low for year in years],
                "color": LIGHT.ink,
                "thickness": 1.2,
                "width": 4,
            },
            hovertext=[numbers.amount(value) for value in middle],
            hovertemplate="%{x}: %{hovertext}<extra></extra>",
        )
    )
    figure.update_xaxes(type="linear", tickformat="d", hoverformat="d", dtick=1)
    figure.update_layout(bargap=0.35, hovermode="closest")
    count_axis(figure, max((year.high for year in years), default=1.0))
    first, last = years[0], years[-1]
    return Panel(
        key="cost-by-year",
        title="The cost over plausible worlds",
        reading=f"From {numbers.amount(first.middle)} person-years in {first.year} to {numbers.amount(last.middle)} in "
        f"{last.year}; in nine of ten plausible worlds between {numbers.amount(last.low)} and "
        f"{numbers.amount(last.high)}.",
        note="Bar: the middle world. Whisker: nine of ten worlds.",
        plot=figure,
        table=Table(
            ("year", "5 %", "middle", "95 %"),
            tuple(
                (str(y.year), numbers.amount(y.low), numbers.amount(y.middle), numbers.amount(y.high))
                for y in years
            ),
        ),
    )


def theta(finding: Finding, *, key: str) -> Panel:
    """How the share of worlds moves with theta, the steepness with which punishment fades as a crowd grows."""
    return _cuts(
        finding,
        finding.by_theta,
        key=key,
        title=f"{finding.claim} by theta",
        reading="Theta says how steeply the chance of punishment falls once a crowd outgrows the force.",
    )


def verdicts(finding: Finding) -> Panel:
    """The share of worlds in all, by theory of expression and by contested sign, against the two limits."""
    share = finding.share
    assert share is not None
    whole = (Cut("all plausible worlds", share, finding.verdict, finding.needs),)
    seen = (Cut("worlds that agree with the data", finding.seen, finding.verdict),) if finding.seen else ()
    return _cuts(
        finding,
        (*whole, *seen, *finding.by_theory, *finding.by_sign),
        key=f"share-{finding.claim}",
        title="In which share of the worlds it holds",
        reading=_in_words(share.value, share.worlds),
    )


def effects(finding: Finding, part: PartFinding) -> Panel:
    """Every world's effect of one part, in order of size, against its threshold of relevance."""
    values = [value for value in part.effects if value is not None]
    figure = blank("share of worlds with a smaller effect", height=250, right=14)
    figure.add_trace(
        go.Scatter(
            x=values,
            y=[(at + 0.5) / len(part.effects) for at in range(len(values))],
            mode="markers",
            marker={"color": LIGHT.series[0], "size": 6, "opacity": 0.75},
            hovertemplate="%{x:.4g}<extra></extra>",
        )
    )
    for limit in _limits(part):
        figure.add_vline(x=limit, line={"color": LIGHT.alarm, "width": 1.5, "dash": "dash"})
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    span = [*values, *_limits(part), 0.0]
    room = (max(span) - min(span)) * 0.05 or 1.0
    figure.update_xaxes(
        type="linear", hoverformat=None, showgrid=True, range=[min(span) - room, max(span) + room]
    )
    figure.update_layout(hovermode="closest")
    beyond = sum(value is None for value in part.effects)
    note = (
        f"{beyond} worlds have an effect without bound (nothing to compare with) and are not drawn."
        if beyond
        else ""
    )
    middle = part.quantiles[2]
    return Panel(
        key=f"effect-{finding.claim}-{part.name}",
        title=f"{part.name.replace('-', ' ').capitalize()}: {part.outcome.lower()}",
        reading=f"{_asked(part)} It is so in {numbers.share(part.share.value)} of {part.share.worlds} worlds"
        + (f"; the middle one has {middle:.3g}." if middle is not None else "."),
        note=f"Dashed: the threshold of relevance. {part.why} {note}".strip(),
        plot=figure,
        table=Table(
            ("5 % of worlds below", "25 %", "half", "75 %", "95 %"),
            (tuple("without bound" if value is None else f"{value:.4g}" for value in part.quantiles),),
        ),
    )


def _cuts(finding: Finding, cuts: Sequence[Cut], *, key: str, title: str, reading: str) -> Panel:
    figure = blank("share of worlds in which it holds", height=60 + _ROW * len(cuts), right=16)
    for low, high in ((0.0, LOW), (HIGH, 1.0)):
        figure.add_shape(
            type="rect", x0=low, x1=high, y0=-0.8, y1=len(cuts), fillcolor=LIGHT.raised, line={"width": 0},
            layer="below",
        )  # fmt: skip
    known = [(row, cut) for row, cut in enumerate(cuts) if cut.share.worlds]
    for row, cut in enumerate(cuts):
        figure.add_shape(
            type="line", x0=cut.share.low, x1=cut.share.high, y0=row, y1=row,
            line={"color": LIGHT.line, "width": 5}, layer="below",
        )  # fmt: skip
        name_row(figure, row, f"{cut.label} ({cut.share.worlds} worlds)  <b>{cut.verdict}</b>{_still(cut)}")
    figure.add_trace(
        go.Scatter(
            x=[cut.share.value for _, cut in known],
            y=[row for row, _ in known],
            mode="markers",
            marker={"color": LIGHT.series[3], "size": 11},
            cliponaxis=False,
            hovertemplate="%{x:.0%}<extra></extra>",
        )
    )
    figure.update_xaxes(type="linear", tickformat=".0%", range=[0, 1], hoverformat=None, showgrid=True)
    figure.update_yaxes(visible=False, range=[len(cuts) - 0.5, -0.8])
    figure.update_layout(hovermode="closest", margin={"l": 8, "b": 34})
    return Panel(
        key=key,
        title=title,
        reading=reading,
        note="Dot: share; bar: its interval, chance included. Shaded: where the whole bar must lie for 'fails' (left) "
        "or 'holds' (right). More runs are those that would likely settle it, if the share stays what it is.",
        plot=figure,
        table=Table(
            ("worlds", "number", "share", "interval", "verdict", "to settle it"),
            tuple((c.label, str(c.share.worlds), *_share(c), c.verdict, _settling(c)) for c in cuts),
        ),
    )


def _share(cut: Cut) -> tuple[str, str]:
    if not cut.share.worlds:
        return "not known", ""
    return numbers.share(
        cut.share.value
    ), f"{numbers.share(cut.share.low)} to {numbers.share(cut.share.high)}"


def _still(cut: Cut) -> str:
    return f", {cut.needs.runs:,} more runs" if cut.needs is not None and cut.needs.runs is not None else ""


def _settling(cut: Cut) -> str:
    if cut.needs is None:
        return ""
    return "at a limit" if cut.needs.runs is None else f"{cut.needs.runs:,} more runs"


def _in_words(value: float, worlds: int) -> str:
    if not worlds:
        return "In no world could it be measured."
    return f"It holds in {numbers.share(value)} of {worlds} plausible worlds."


def _limits(part: PartFinding) -> tuple[float, ...]:
    sign = -1.0 if part.direction == "falls" else 1.0
    both = (part.threshold, -part.threshold)
    return both if part.direction == "unmoved" else (sign * part.threshold,)


def _asked(part: PartFinding) -> str:
    size = numbers.share(part.threshold) if part.measure == "relative" else f"{part.threshold:g}"
    words = {
        "rises": f"The intervention must raise it by more than {size}.",
        "falls": f"The intervention must lower it by more than {size}.",
        "unmoved": f"The intervention must move it by less than {size} either way.",
        "above": f"It must lie above {size}.",
        "below": f"It must lie below {size}.",
    }
    return f"{words[part.direction]} Worlds: {part.worlds.replace(' | against | ', ', against: ')}."
