"""A total that is not the sum of what it is said to be the sum of."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import rounding, show

_ROUNDING = 0.005


def _look(reading: Reading) -> Iterator[Finding]:
    for name, total in reading.figures.items():
        parts = [reading.figures[part] for part in total.statement.sum_of if part in reading.figures]
        if not parts or len(parts) != len(total.statement.sum_of):
            continue
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        slack = max(
            _ROUNDING * max(abs(total.number), 1.0),
            rounding(total.number) + sum(rounding(part.number) for part in parts),
        )
        if {part.unit for part in parts} == {total.unit} and not (
            low - slack <= total.high and total.low <= high + slack
        ):
            says = (
                f"{name} is {show(total.number)}, but the {len(parts)} figures it is said to sum come to "
                f"{show(sum(part.number for part in parts))}"
            )
            yield Finding(CHECK.id, (name, *(part.id for part in parts)), says, "wrong")


CHECK = Check(
    id="total-is-not-its-parts",
    title="A total that is not its parts",
    rule="A figure differs from the sum of the figures in `sum_of`, in the same unit, by more than half a per cent and "
    "more than rounding allows.",
    teaches="Either a part is missing, or one was revised after the sum was made. Say which total you use.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: north, subject: s, property: left, value: 50, unit: persons, period: 1912, place: north, kind: flow,
     sources: [office], quality: seen, note: n}
  - {id: south, subject: s, property: left, value: 60, unit: persons, period: 1912, place: south, kind: flow,
     sources: [office], quality: seen, note: n}
  - {id: both, subject: s, property: left, value: 130, unit: persons, period: 1912, kind: flow,
     sum_of: [north, south], sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: north, subject: s, property: left, value: 50.4, unit: thousand persons, period: 1912, place: north,
     kind: flow, sources: [office], quality: seen, note: n}
  - {id: south, subject: s, property: left, value: 60400, unit: persons, period: 1912, place: south, kind: flow,
     sources: [office], quality: seen, note: n}
  - {id: both, subject: s, property: left, value: 111, unit: thousand persons, period: 1912, kind: flow,
     sum_of: [north, south], sources: [office], quality: seen, note: n}
""",
    look=_look,
)
