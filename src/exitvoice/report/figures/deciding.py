"""Figures of what decides a claim: each assumption alone, and with the others it acts together with."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from exitvoice.analysis.sensitivity import Index
from exitvoice.claims import Finding
from exitvoice.report import numbers
from exitvoice.report.figures.base import Panel, Table, blank, name_row, titled
from exitvoice.report.palette import LIGHT

ROW = 46
_BELOW = 0.3  # of a row's height, by which the second dot of a row stands below the first
_MOST = 6


def hinges(finding: Finding, titles: Mapping[str, str]) -> Panel:
    """First-order indices of the assumptions told from chance, with intervals."""
    found = finding.hinges
    figure = _rows(f"share of the variance of {finding.hinges_of}", [index.factor for index in found], titles)
    _add_dots(figure, found, colour=LIGHT.series[0], name="alone", shift=0.0)
    figure.add_vline(x=finding.noise, line={"color": LIGHT.alarm, "width": 1.5, "dash": "dash"})
    return Panel(
        key=f"hinges-{finding.claim}",
        title="What it hinges on",
        reading=f"Asked of {finding.hinges_of}: {', '.join(index.factor for index in found)}.",
        note="Dot: first-order index, what the assumption decides alone; bar: its interval. Left of the dashed line an "
        "index is not told from chance, and is left out.",
        plot=figure,
        table=Table(
            ("assumption", "index", "from", "to"),
            tuple((i.factor, f"{i.value:.2f}", f"{i.low:.2f}", f"{i.high:.2f}") for i in found),
        ),
    )


def interplay(finding: Finding, titles: Mapping[str, str]) -> Panel:
    """What assumptions decide alone and with interactions, from a surrogate; only where it was not refused."""
    found = finding.interplay
    assert found is not None
    told = {index.factor for index in found.told_from_none}
    pairs = [
        (alone, total)
        for alone, total in zip(found.alone, found.with_others, strict=True)
        if total.factor in told or (not told and total.value > 0.0)
    ][:_MOST]
    of_what = finding.interplay_of
    figure = _rows(
        f"share of the variance of {of_what}",
        [total.factor for _, total in pairs],
        titles,
        row_height=ROW + 14,
    )
    _add_dots(figure, [alone for alone, _ in pairs], colour=LIGHT.series[0], name="alone", shift=0.0)
    _add_dots(
        figure, [total for _, total in pairs], colour=LIGHT.series[1], name="with interactions", shift=_BELOW
    )
    return Panel(
        key=f"interplay-{finding.claim}",
        title="Alone, and with interactions",
        reading=f"Asked of {of_what}: {_in_words(found.pairs, told)} The surrogate behind it explains "
        f"{numbers.share(found.fit)} of the variance in worlds that it had not seen.",
        note="Upper dot: what the assumption decides alone; lower dot: what it decides in all, with every pair that it "
        "takes part in; bars: intervals. An assumption is left out if the lower bar holds zero.",
        plot=figure,
        table=Table(
            ("assumption", "alone", "from", "to", "with interactions", "from", "to"),
            tuple(
                (
                    total.factor,
                    *(f"{end:.2f}" for one in (alone, total) for end in (one.value, one.low, one.high)),
                )
                for alone, total in pairs
            ),
        ),
    )


def refusal(finding: Finding) -> str:
    """Return why nothing is said of interactions; empty where something is."""
    found = finding.interplay
    if not finding.is_tested or (found is not None and not found.is_refused):
        return ""
    if found is None:
        return "Not asked: too few worlds, or they all give the same."
    explained = numbers.share(found.fit) if found.fit > 0.0 else "nothing"
    return (
        f"Not said: fitted to {found.points} worlds, a surrogate explains {explained} of the variance in worlds that "
        "it had not seen, and at least half is asked for."
    )


def _in_words(pairs: Sequence[tuple[str, str]], told: set[str]) -> str:
    both = [f"{one} with {other}" for one, other in pairs if {one, other} <= told]
    return f"{'; '.join(both[:2])} act together." if both else "no two assumptions are told to act together."


def _rows(
    axis: str, factors: Sequence[str], titles: Mapping[str, str], *, row_height: int = ROW
) -> go.Figure:
    figure = blank(axis, height=60 + row_height * len(factors), right=16)
    for row, factor in enumerate(factors):
        name_row(figure, row, titled(titles, factor))
    figure.update_xaxes(type="linear", range=[0, 1], hoverformat=None, showgrid=True)
    figure.update_yaxes(visible=False, range=[len(factors) - 0.5, -0.8])
    figure.update_layout(hovermode="closest", margin={"l": 8, "b": 34})
    return figure


def _add_dots(figure: go.Figure, found: Sequence[Index], *, colour: str, name: str, shift: float) -> None:
    """Add a dot a row with its interval, `shift` below the middle of the row."""
    for row, index in enumerate(found):
        figure.add_shape(
            type="line", x0=index.low, x1=index.high, y0=row + shift, y1=row + shift,
            line={"color": LIGHT.line, "width": 5}, layer="below",
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[index.value for index in found],
            y=[row + shift for row in range(len(found))],
            mode="markers",
            marker={"color": colour, "size": 11},
            cliponaxis=False,
            hovertemplate=f"{name}: %{{x:.2f}}<extra></extra>",
        )
    )
