"""All who came, beside those who stayed."""

from collections.abc import Iterator
from itertools import groupby

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, show


def _look(reading: Reading) -> Iterator[Finding]:
    figures = sorted(
        (one for one in reading.figures.values() if one.statement.series and one.statement.flowing),
        key=lambda one: one.statement.series or "",
    )
    for series, members in groupby(figures, key=lambda one: one.statement.series):
        group = list(members)
        gross = [one for one in group if one.statement.flowing == "gross"]
        net = [one for one in group if one.statement.flowing == "net"]
        pairs = [(one, other) for one in gross for other in net if one.period.overlaps(other.period)]
        if pairs:
            yield _finding(str(series), pairs)


def _finding(series: str, pairs: list[tuple[Figure, Figure]]) -> Finding:
    gross, net = (_told({one.id: one for one in side}) for side in zip(*pairs, strict=True))
    records = tuple(dict.fromkeys(name for one, other in pairs for name in (one.id, other.id)))
    says = (
        f"in {series} everybody who passed is counted by {gross}, and those who stayed by {net}: "
        "the first says nothing about the second"
    )
    return Finding(CHECK.id, records, says, "misleading")


def _told(figures: dict[str, Figure]) -> str:
    return ", ".join(f"{name} ({show(one.number)})" for name, one in figures.items())


CHECK = Check(
    id="gross-net",
    title="Gross against net",
    rule="In one series figures marked gross and figures marked net cover the same days.",
    teaches="Tourists, commuters and those who turn round are in the gross figure. Never compare it with a net one.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: came, subject: s, property: came, value: 400, unit: persons, period: 1912, kind: flow, flowing: gross,
     series: moves, sources: [office], quality: seen, note: n}
  - {id: stayed, subject: s, property: stayed, value: 100, unit: persons, period: 1912, kind: flow, flowing: net,
     series: moves, sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: came, subject: s, property: came, value: 400, unit: persons, period: 1911, kind: flow, flowing: gross,
     series: moves, sources: [office], quality: seen, note: n}
  - {id: stayed, subject: s, property: stayed, value: 100, unit: persons, period: 1912, kind: flow, flowing: net,
     series: moves, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
