"""The total moves, and the part everybody talks of does not."""

from collections.abc import Iterator
from dataclasses import dataclass

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, series_key

_MOVES = 0.1  # the total changed by at least a tenth
_FASTER, _SLOWER = 1.5, 0.25  # a part that grows half as fast again, or a quarter as fast or the other way


@dataclass(frozen=True)
class Step:
    """A total at two periods and the parts that moved otherwise."""

    before: Figure
    after: Figure
    growth: float
    unlike: tuple[tuple[Figure, Figure], ...]


def _look(reading: Reading) -> Iterator[Finding]:
    parts: dict[str, dict[tuple[str, str], Figure]] = {}
    for one in reading.figures.values():
        if one.statement.part_of in reading.figures and one.id not in reading.replaced:
            parts.setdefault(str(one.statement.part_of), {})[series_key(one.statement)] = one
    for group in reading.series.values():
        totals = [one for one in group if one.id in parts]
        steps = [
            step
            for before, after in zip(totals, totals[1:], strict=False)
            if before.number > 0.0 and before.unit == after.unit
            for step in _compare(before, after, parts)
        ]
        if steps:
            yield _finding(steps)


def _compare(
    before: Figure, after: Figure, parts: dict[str, dict[tuple[str, str], Figure]]
) -> Iterator[Step]:
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
        yield Step(before, after, growth, tuple(unlike))


def _finding(steps: list[Step]) -> Finding:
    """One finding a series: the step in which the total moved most, and the records of all of them."""
    most = max(steps, key=lambda step: abs(step.growth))
    told = ", ".join(
        f"{new.statement.subject} {new.number / old.number - 1.0:+.0%}" for old, new in most.unlike
    )
    others = f" (so do {len(steps) - 1} other steps of the series)" if len(steps) > 1 else ""
    says = (
        f"{most.after.id} moved by {most.growth:+.0%} from {most.before.statement.period} to "
        f"{most.after.statement.period}, but its parts did not move alike: {told}{others}; "
        "say which part a reading of it is about"
    )
    records = [
        name
        for step in steps
        for name in (step.before.id, step.after.id, *(one.id for pair in step.unlike for one in pair))
    ]
    return Finding(CHECK.id, tuple(dict.fromkeys(records)), says, "misleading")


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
