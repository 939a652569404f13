"""The rules as bars in time: when each was announced, in force and lifted, and how widely it was applied."""

from datetime import date

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from exitvoice.report import numbers
from exitvoice.report.figures.base import Material, Panel, Table, blank, row_name, shorten
from exitvoice.report.palette import LIGHT
from exitvoice.report.rows import RuleRow
from exitvoice.results.periods import period_means, step_edges

CLASSES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0001)
_ROW = 44
HOVER = 46
"""Characters of a line of the box beside a bar: so many fit a telephone."""
Stretch = tuple[np.datetime64, np.datetime64, int, float]


def panel(material: Material) -> Panel:
    """One row a rule; the deeper the colour, the larger the share of those it names that it really binds."""
    rules = material.rules
    figure = blank(
        "each bar: one rule, deeper where more of those it names are bound",
        height=110 + int(_ROW * (len(rules) + 0.3)),
        right=14,
    )
    figure.add_traces(_bars(material))
    _name_rows(figure, material)
    _announcements(figure, material)
    edges = _span(material)
    figure.update_xaxes(
        range=[str(edges[0]), str(edges[1])], type="date", side="bottom", hoverformat="%d %b %Y"
    )
    figure.update_yaxes(visible=False, range=[len(rules) - 0.55, -0.85])
    figure.update_layout(
        barmode="overlay",
        hovermode="closest",
        hoverlabel={"align": "left"},
        showlegend=True,
        margin={"l": 4, "b": 76},
        legend={"traceorder": "normal", "y": 0, "yanchor": "top", "yref": "paper", "itemclick": False},
    )
    figure.layout.legend.y = -30 / (_ROW * max(len(rules), 1))
    return Panel(
        key="rules",
        title="The rules, and how widely they were applied",
        reading=f"{len(rules)} dated rules. Point at a bar to see whom it names, what it asks and on whose word."
        if rules
        else "This world has no rules.",
        note=(
            "Diamond: announced, or rumoured. A rule that began before the simulated time enters at the left edge. "
            "Coverage is the share of the persons a rule names who are really bound by it."
        ),
        plot=figure,
        table=_table(rules),
    )


def _span(material: Material) -> tuple[np.datetime64, np.datetime64]:
    edges = step_edges(material.data["time"])
    return np.datetime64(int(edges[0]), "D"), np.datetime64(int(np.ceil(edges[-1])), "D")


def _bars(material: Material) -> list[go.Bar]:
    if not material.rules:
        return []
    quarterly = period_means(material.data["rule_coverage"], "Q")
    span, found, shown = _span(material), [], set[int]()
    for row, rule in enumerate(material.rules):
        if rule.start is None or rule.id not in quarterly["rule"].values:
            continue
        for stretch in _stretches(quarterly.sel(rule=rule.id), rule, span):
            found.append(_stretch(rule, row, stretch, is_named=stretch[2] not in shown))
            shown.add(stretch[2])
    return found


def _stretches(
    quarterly: xr.DataArray, rule: RuleRow, span: tuple[np.datetime64, np.datetime64]
) -> list[Stretch]:
    """Cut the time in force into stretches of one class of coverage."""
    first, last = span
    begin = max(np.datetime64(rule.start, "D"), first)
    end = min(np.datetime64(rule.until, "D"), last) if rule.until else last
    stretches: list[Stretch] = []
    starts = quarterly["time"].values.astype("datetime64[D]")
    for at, day in enumerate(starts):
        next_day = starts[at + 1] if at + 1 < starts.size else last
        left, right = max(day, begin), min(next_day, end)
        if left >= right:
            continue
        level = float(np.nan_to_num(quarterly.values[at]))
        grade = int(np.searchsorted(CLASSES, level, side="right") - 1)
        if stretches and stretches[-1][2] == grade and stretches[-1][1] == left:
            stretches[-1] = (stretches[-1][0], right, grade, max(stretches[-1][3], level))
        else:
            stretches.append((left, right, grade, level))
    return stretches


def _stretch(rule: RuleRow, row: int, stretch: Stretch, *, is_named: bool) -> go.Bar:
    left, right, grade, level = stretch
    return go.Bar(
        base=[str(left)],
        x=[float((right - left) / np.timedelta64(1, "D")) * 86_400_000.0],
        y=[row],
        orientation="h",
        width=0.4,
        name=_class_name(grade),
        legendgroup=str(grade),
        legendrank=grade + 1,
        showlegend=is_named,
        marker={"color": LIGHT.steps[grade + 1], "line": {"width": 0}},
        customdata=[[_hover(rule), numbers.share(level), str(left)[:7], str(right)[:7]]],
        hovertemplate="%{customdata[0]}<br>bound, of those it names: %{customdata[1]} "
        "(%{customdata[2]} to %{customdata[3]})<extra></extra>",
    )


def _class_name(grade: int) -> str:
    low, high = CLASSES[grade], min(CLASSES[grade + 1], 1.0)
    return f"under {high:.0%}".replace("%", " %") if grade == 0 else f"{low * 100:.0f}-{high * 100:.0f} %"


def _name_rows(figure: go.Figure, material: Material) -> None:
    first, last = _span(material)
    line = {"type": "line", "x0": str(first), "x1": str(last), "line": {"color": LIGHT.grid, "width": 1}}
    rows = range(len(material.rules))
    figure.update_layout(
        annotations=[row_name(row, shorten(material.rules[row].title, 110)) for row in rows],
        shapes=[{**line, "y0": row, "y1": row, "layer": "below"} for row in rows],
    )


def _announcements(figure: go.Figure, material: Material) -> None:
    first, last = _span(material)
    named = [
        (row, rule)
        for row, rule in enumerate(material.rules)
        if rule.announced and first <= np.datetime64(rule.announced, "D") <= last
    ]
    if not named:
        return
    figure.add_trace(
        go.Scatter(
            x=[str(rule.announced) for _, rule in named],
            y=[row for row, _ in named],
            mode="markers",
            name="announced",
            marker={
                "symbol": "diamond",
                "size": 9,
                "color": LIGHT.cost,
                "line": {"color": LIGHT.paper, "width": 1},
            },
            customdata=[_hover(rule) for _, rule in named],
            hovertemplate="%{customdata}<extra></extra>",
            legendrank=99,
        )
    )


def _hover(rule: RuleRow) -> str:
    parts = [
        f"<b>{_wrap(rule.title)}</b>",
        f"{_days(rule)}",
        _wrap(f"Whom: {rule.who}"),
        _wrap(f"What: {rule.what}"),
    ]
    parts += [_wrap(f"Source: {source}") for source in rule.sources[:4]]
    if len(rule.sources) > 4:
        parts.append(f"and {len(rule.sources) - 4} more sources")
    return "<br>".join(part for part in parts if part)


def _days(rule: RuleRow) -> str:
    pieces = []
    if rule.announced:
        pieces.append(f"announced {_day(rule.announced)}")
    pieces.append(f"in force from {_day(rule.start)}" if rule.start else "never put in force")
    if rule.until:
        pieces.append(f"until {_day(rule.until)}")
    return ", ".join(pieces)


def _day(day: date) -> str:
    return day.isoformat()


def _wrap(text: str, width: int = HOVER) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join([*lines, line])


def _table(rules: tuple[RuleRow, ...]) -> Table:
    columns = ("rule", "announced", "in force", "until", "whom", "what", "on whose word")
    rows = tuple(
        (
            rule.title,
            rule.announced.isoformat() if rule.announced else "",
            rule.start.isoformat() if rule.start else "never",
            rule.until.isoformat() if rule.until else "",
            rule.who,
            rule.what,
            "; ".join(rule.sources),
        )
        for rule in rules
    )
    return Table(columns, rows, is_in_words=True)
