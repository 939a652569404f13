"""One figure entered twice."""

from collections.abc import Iterator
from itertools import combinations

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure


def _look(reading: Reading) -> Iterator[Finding]:
    same: dict[tuple[object, ...], list[Figure]] = {}
    for one in reading.figures.values():
        told = one.statement
        if told.kind != "rule" and told.value is not None and one.id not in reading.replaced:
            key = (one.period, one.number, one.unit, told.place, told.kind, told.counting, told.flowing)
            same.setdefault(key, []).append(one)
    for group in same.values():
        for one, other in combinations(group, 2):
            if _is_one_figure(one, other):
                voice = ", ".join(sorted(_shared(one, other))) or "memory"
                says = (
                    f"{one.id} and {other.id} say {one.shown} of the same days, from the same source ({voice}): "
                    "this is one figure, and whoever counts rows counts it twice"
                )
                yield Finding(CHECK.id, (one.id, other.id), says, "misleading")


def _is_one_figure(one: Figure, other: Figure) -> bool:
    a, b = one.statement, other.statement
    is_linked = a.id in (*b.retells, *b.derived_from, *b.sum_of, b.part_of) or b.id in (
        *a.retells, *a.derived_from, *a.sum_of, a.part_of
    )  # fmt: skip
    is_alike = a.subject == b.subject or a.property == b.property
    # without a source only what is named alike: small numbers meet by chance
    is_one_voice = bool(_shared(one, other)) or (a.property == b.property and not (a.sources or b.sources))
    return is_one_voice and is_alike and not is_linked


def _shared(one: Figure, other: Figure) -> set[str]:
    return {*one.statement.sources} & {*other.statement.sources}


CHECK = Check(
    id="doubled",
    title="One figure twice",
    rule="Two statements give one value for one period, place and unit from one source, of one subject or property.",
    teaches="A row entered twice looks like a second witness and is added twice. Keep one, and let others name it.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: emigrants-1912, subject: villagers, property: left for good, value: 412, unit: persons a year, period: 1912,
     kind: flow, sources: [office], quality: seen, note: n}
  - {id: leavers-1912, subject: villagers, property: emigrated, value: 412, unit: persons a year, period: 1912,
     kind: flow, sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: emigrants-1912, subject: villagers, property: left for good, value: 412, unit: persons a year, period: 1912,
     kind: flow, sources: [office], quality: seen, note: n}
  - {id: permits-1912, subject: villagers, property: permits, value: 412, unit: cases a year, period: 1912,
     kind: flow, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
