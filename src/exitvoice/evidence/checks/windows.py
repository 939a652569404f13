"""One figure, two windows."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, show

_LONG = 370  # days: a year inside a longer window is how tables are made, two long windows are two stories


def _look(reading: Reading) -> Iterator[Finding]:
    for (series, _), group in reading.series.items():
        long = [one for one in group if one.period.days > _LONG and one.statement.kind in {"flow", "rate"}]
        pairs = [
            (one, other)
            for index, one in enumerate(long)
            for other in long[index + 1 :]
            if one.unit == other.unit
            and one.period.overlaps(other.period)
            and not _is_running_total(one, other)
        ]
        if pairs:
            records = tuple(dict.fromkeys(figure.id for pair in pairs for figure in pair))
            same = next((pair for pair in pairs if pair[0].number == pair[1].number), pairs[0])
            yield Finding(CHECK.id, records, _says(series, *same), "misleading")


def _is_running_total(one: Figure, other: Figure) -> bool:
    """Whether two counts run from one day on and the longer one is larger: a total that grows, nothing amiss."""
    if one.period == other.period:
        return True
    shorter, longer = sorted((one, other), key=lambda figure: figure.period.days)
    return (
        shorter.period.start == longer.period.start
        and shorter.high < longer.low
        and one.statement.kind == "flow"
    )


def _says(series: str, one: Figure, other: Figure) -> str:
    first, second = show(one.number), show(other.number)
    shape = (
        f"the same {first} is told of {one.statement.period} and of {other.statement.period}: "
        "at most one of them is the pace"
        if first == second
        else f"{first} for {one.statement.period} and {second} for {other.statement.period} overlap"
    )
    return f"{series}: {shape}; cut both to the same days before comparing"


CHECK = Check(
    id="windows",
    title="One figure, two windows",
    rule="Two flows or rates of one series, each over more than a year, cover overlapping but different days, and are "
    "not one running total.",
    teaches="'Eightfold' in four years is not eightfold in six. A figure without its window is no figure.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
  - {id: agency, title: t, publisher: Agency, kind: news}
statements:
  - {id: prices-paper, subject: bread, property: price rose, value: 2, unit: times, period: 1910/1912, kind: rate,
     sources: [paper], quality: seen, note: n}
  - {id: prices-agency, subject: bread, property: price rose, value: 2, unit: times, period: 1910/1914, kind: rate,
     sources: [agency], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
  - {id: agency, title: t, publisher: Agency, kind: news}
statements:
  - {id: prices-paper, subject: bread, property: price rose, value: 2, unit: times, period: 1910/1912, kind: rate,
     sources: [paper], quality: seen, note: n}
  - {id: prices-agency, subject: bread, property: price rose, value: 2, unit: times, period: 1913/1914, kind: rate,
     sources: [agency], quality: seen, note: n}
""",
    look=_look,
)
