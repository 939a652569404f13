"""What is written and what is done."""

from collections.abc import Iterator
from itertools import combinations

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Key, series_key, show
from exitvoice.evidence.periods import parse_period
from exitvoice.evidence.schema import Statement


def _look(reading: Reading) -> Iterator[Finding]:
    groups: dict[Key, list[Statement]] = {}
    for statement in reading.ledger.statements.values():
        if statement.basis is not None and statement.id not in reading.replaced:
            groups.setdefault(series_key(statement), []).append(statement)
    for (series, _), group in groups.items():
        for one, other in combinations(group, 2):
            if one.basis != other.basis and one.value != other.value and _together(one, other):
                written, done = (one, other) if one.basis == "text" else (other, one)
                says = (
                    f"{series}: the text says {_shown(written)} ({written.id}), "
                    f"the practice {_shown(done)} ({done.id})"
                )
                yield Finding(CHECK.id, (written.id, done.id), says, "misleading")


def _shown(statement: Statement) -> str:
    value = statement.value
    return f"{show(value)} {statement.unit}" if isinstance(value, float) else f"'{value}'"


def _together(one: Statement, other: Statement) -> bool:
    first, second = parse_period(one.period), parse_period(other.period)
    return first is not None and second is not None and first.overlaps(second)


CHECK = Check(
    id="text-and-practice",
    title="Text against practice",
    rule="For the same days a statement of what is written and one of what is done give different answers.",
    teaches="A rule on paper is a statement by its author. Who was stopped, who was let through? Enter both.",
    example="""sources:
  - {id: law, title: t, publisher: Gazette, kind: official}
  - {id: visitor, title: t, publisher: Paper, kind: news}
statements:
  - {id: shops-law, subject: shops, property: open on Sundays, value: "no", unit: answer, period: 1912, kind: rule,
     basis: text, sources: [law], quality: seen, note: n}
  - {id: shops-seen, subject: shops, property: open on Sundays, value: "yes", unit: answer, period: 1912-05,
     kind: rule, basis: practice, sources: [visitor], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: law, title: t, publisher: Gazette, kind: official}
  - {id: visitor, title: t, publisher: Paper, kind: news}
statements:
  - {id: shops-law, subject: shops, property: open on Sundays, value: "no", unit: answer, period: 1912, kind: rule,
     basis: text, sources: [law], quality: seen, note: n}
  - {id: shops-seen, subject: shops, property: open on Sundays, value: "yes", unit: answer, period: 1911,
     kind: rule, basis: practice, sources: [visitor], quality: seen, note: n}
""",
    look=_look,
)
