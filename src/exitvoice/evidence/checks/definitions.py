"""One name, two ways of counting."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure


def _look(reading: Reading) -> Iterator[Finding]:
    for (series, place), group in reading.series.items():
        defined = [one for one in group if one.statement.definition]
        if len({one.statement.definition for one in defined}) > 1:
            where = f"{series} ({place})" if place else series
            yield Finding(CHECK.id, tuple(one.id for one in defined), _says(where, defined), "misleading")


def _says(series: str, group: list[Figure]) -> str:
    names = list(dict.fromkeys(one.statement.definition or "" for one in group))
    together = _widest(group)
    start = f"{series} is counted in {len(names)} ways ({', '.join(names)})"
    if together is None:
        return (
            f"{start}, never for the same days: a step between them may be a change of rule, not of the world"
        )
    one, other = together
    return (
        f"{start}: for {one.statement.period} {one.statement.definition} gives {one.shown} and "
        f"{other.statement.definition} gives {other.shown}; compare within one only"
    )


def _widest(group: list[Figure]) -> tuple[Figure, Figure] | None:
    pairs = [
        (one, other)
        for index, one in enumerate(group)
        for other in group[index + 1 :]
        if one.statement.definition != other.statement.definition and one.period.overlaps(other.period)
    ]
    return max(pairs, key=lambda pair: abs(pair[0].number - pair[1].number), default=None)


CHECK = Check(
    id="definition-changes",
    title="A series whose definition changes",
    rule="Figures of one series, at one place, bear different definitions.",
    teaches="A trend across two definitions is made at the desk. Follow each alone, and see whether both rise.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
definitions:
  - {id: arrested, text: arrested by the police}
  - {id: convicted, text: convicted by a court}
statements:
  - {id: thieves-1911, subject: s, property: thieves, value: 90, unit: persons, period: 1911, kind: flow,
     series: thieves, definition: arrested, sources: [office], quality: seen, note: n}
  - {id: thieves-1912, subject: s, property: thieves, value: 40, unit: persons, period: 1912, kind: flow,
     series: thieves, definition: convicted, sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
definitions:
  - {id: arrested, text: arrested by the police}
statements:
  - {id: thieves-1911, subject: s, property: thieves, value: 90, unit: persons, period: 1911, kind: flow,
     series: thieves, definition: arrested, sources: [office], quality: seen, note: n}
  - {id: thieves-1912, subject: s, property: thieves, value: 40, unit: persons, period: 1912, kind: flow,
     series: thieves, definition: arrested, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
