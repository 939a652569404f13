"""Parts that are more than their whole."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, rounding, show

_ROUNDING = 0.005


def _look(reading: Reading) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in reading.figures.values():
        total = one.statement.part_of
        if total in reading.figures and one.id not in reading.replaced:
            groups.setdefault((total, one.statement.breakdown or ""), []).append(one)
    for (total, _), parts in groups.items():
        whole = reading.figures[total]
        comparable = [part for part in parts if part.unit == whole.unit]
        added = sum(part.low for part in comparable)
        slack = max(
            _ROUNDING * whole.high, rounding(whole.high) + sum(rounding(part.low) for part in comparable)
        )
        if added > whole.high + slack:
            records = (total, *(part.id for part in comparable))
            says = (
                f"the {len(comparable)} parts of {total} sum to {show(added)}, more than its {show(whole.high)}: "
                "somebody is counted twice, or the total is older than its parts"
            )
            yield Finding(CHECK.id, records, says, "wrong")


CHECK = Check(
    id="parts-exceed-total",
    title="Parts that exceed their total",
    rule="Parts of one breakdown of a total sum to more than the total, even at their lowest and with what rounding "
    "allows.",
    teaches="One of the figures counts other people, other days or some people twice. Ask which before using any.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: all, subject: s, property: held, value: 100, unit: persons, period: 1912, kind: stock,
     sources: [office], quality: seen, note: n}
  - {id: men, subject: men, property: held, value: 80, unit: persons, period: 1912, kind: stock, part_of: all,
     sources: [office], quality: seen, note: n}
  - {id: women, subject: women, property: held, value: 30, unit: persons, period: 1912, kind: stock, part_of: all,
     sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: all, subject: s, property: held, value: 100, unit: persons, period: 1912, kind: stock,
     sources: [office], quality: seen, note: n}
  - {id: men, subject: men, property: held, value: 80, unit: persons, period: 1912, kind: stock, part_of: all,
     breakdown: sex, sources: [office], quality: seen, note: n}
  - {id: young, subject: the young, property: held, value: 30, unit: persons, period: 1912, kind: stock,
     part_of: all, breakdown: age, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
