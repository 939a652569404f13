"""The total moves, and the part everybody talks of does not."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, series_key

_MOVES = 0.1  # the total changed by at least a tenth
_FASTER, _SLOWER = 1.5, 0.25  # a part that grows half as fast again, or a quarter as fast or the other way


def _look(reading: Reading) -> Iterator[Finding]:
    parts: dict[str, dict[tuple[str, str], Figure]] = {}
    for one in reading.figures.values():
        if one.statement.part_of in reading.figures and one.id not in reading.replaced:
            parts.setdefault(str(one.statement.part_of), {})[series_key(one.statement)] = one
    for group in reading.series.values():
        totals = [one for one in group if one.id in parts]
        for before, after in zip(totals, totals[1:], strict=False):
            if before.number > 0.0 and before.unit == after.unit:
                yield from _compare(before, after, parts)


def _compare(
    before: Figure, after: Figure, parts: dict[str, dict[tuple[str, str], Figure]]
) -> Iterator[Finding]:
    growth = after.number / before.number - 1.0
    if abs(growth) < _MOVES:
        return
    both = [
        (old, parts[after.id][key])
        for key, old in parts[before.id].items()
        if key in parts[after.id] and old.number > 0.0
    ]
    unlike = [
        pair for pair in both if not _SLOWER < (pair[1].number / pair[0].number - 1.0) / growth < _FASTER
    ]
    if unlike:
        told = ", ".join(
            f"{new.statement.subject} {new.number / old.number - 1.0:+.0%}" for old, new in unlike
        )
        says = (
            f"{after.id} moved by {growth:+.0%} from {before.statement.period} to {after.statement.period}, but its "
            f"parts did not move alike: {told}; say which part a reading of it is about"
        )
        records = (before.id, after.id, *(one.id for pair in unlike for one in pair))
        yield Finding(CHECK.id, records, says, "misleading")


CHECK = Check(
    id="composition",
    title="Who moved in the total?",
    rule="A total changes by a tenth or more, and one of its parts changes half as fast again, a quarter as fast, or "
    "the other way.",
    teaches="A surge in a total is a surge in some part of it. Ask which before explaining it by another.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: all-1911, subject: s, property: fined, value: 100, unit: persons, period: 1911, kind: flow, series: fined,
     sources: [office], quality: seen, note: n}
  - {id: all-1912, subject: s, property: fined, value: 200, unit: persons, period: 1912, kind: flow, series: fined,
     sources: [office], quality: seen, note: n}
  - {id: rich-1911, subject: the rich, property: fined, value: 10, unit: persons, period: 1911, kind: flow,
     part_of: all-1911, sources: [office], quality: seen, note: n}
  - {id: rich-1912, subject: the rich, property: fined, value: 10, unit: persons, period: 1912, kind: flow,
     part_of: all-1912, sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: all-1911, subject: s, property: fined, value: 100, unit: persons, period: 1911, kind: flow, series: fined,
     sources: [office], quality: seen, note: n}
  - {id: all-1912, subject: s, property: fined, value: 200, unit: persons, period: 1912, kind: flow, series: fined,
     sources: [office], quality: seen, note: n}
  - {id: rich-1911, subject: the rich, property: fined, value: 10, unit: persons, period: 1911, kind: flow,
     part_of: all-1911, sources: [office], quality: seen, note: n}
  - {id: rich-1912, subject: the rich, property: fined, value: 19, unit: persons, period: 1912, kind: flow,
     part_of: all-1912, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
