"""Two values for one thing."""

from collections.abc import Iterator, Sequence
from typing import Any

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, series_key
from exitvoice.evidence.periods import parse_period
from exitvoice.evidence.schema import Statement

_ROUNDING = 0.005


def _look(reading: Reading) -> Iterator[Finding]:
    groups: dict[tuple[Any, ...], list[Statement]] = {}
    for statement in reading.ledger.statements.values():
        if statement.id not in reading.replaced and parse_period(statement.period) is not None:
            groups.setdefault(_same_thing(statement), []).append(statement)
    for group in groups.values():
        if len(group) > 1:
            yield from _numbers([reading.figures[one.id] for one in group if one.id in reading.figures])
            yield from _words([one for one in group if isinstance(one.value, str)])


def _same_thing(statement: Statement) -> tuple[Any, ...]:
    """What must agree for two statements to speak of one thing, beside its value."""
    return (
        *series_key(statement),
        parse_period(statement.period),
        statement.kind,
        statement.counting,
        statement.flowing,
        statement.definition,
        statement.basis,
        statement.part_of,
    )


def _numbers(group: Sequence[Figure]) -> Iterator[Finding]:
    if len({one.unit for one in group}) != 1 or len(group) < 2:
        return
    low, high = min(group, key=lambda one: one.high), max(group, key=lambda one: one.low)
    if high.low - low.high > _ROUNDING * abs(high.low):
        ratio = f", a factor of {high.low / low.high:.2f}" if low.high > 0.0 else ""
        values = " / ".join(one.shown for one in sorted(group, key=lambda one: one.number))
        says = (
            f"{len(group)} figures for {low.statement.period} of {series_key(low.statement)[0]}: {values}{ratio}; "
            "carry them all, as a range"
        )
        yield Finding(CHECK.id, tuple(one.id for one in group), says, "misleading")


def _words(group: Sequence[Statement]) -> Iterator[Finding]:
    values = list(dict.fromkeys(str(one.value) for one in group))
    if len(values) > 1:
        says = f"{' against '.join(repr(value) for value in values)} for {series_key(group[0])[0]}, {group[0].period}"
        yield Finding(CHECK.id, tuple(one.id for one in group), says, "misleading")


CHECK = Check(
    id="conflicting-values",
    title="Conflicting values",
    rule="Statements of one series, place, period and way of counting give values that differ by more than rounding.",
    teaches="Two agencies, two dates of closing the books, a misprint: the spread is the least error either can have.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
  - {id: union, title: t, publisher: Union, kind: ngo}
statements:
  - {id: crowd-police, subject: march, property: crowd, value: 900, unit: persons, period: 1912-05-01, kind: stock,
     sources: [office], quality: seen, note: n}
  - {id: crowd-union, subject: march, property: crowd, value: 3, unit: thousand persons, period: 1912-05-01,
     kind: stock, sources: [union], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
  - {id: union, title: t, publisher: Union, kind: ngo}
statements:
  - {id: crowd-police, subject: march, property: crowd, low: 900, high: 2000, unit: persons, period: 1912-05-01,
     kind: stock, sources: [office], quality: seen, note: n}
  - {id: crowd-union, subject: march, property: crowd, value: 2, unit: thousand persons, period: 1912-05-01,
     kind: stock, sources: [union], quality: seen, note: n}
""",
    look=_look,
)
