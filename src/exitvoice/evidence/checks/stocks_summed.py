"""Stocks of several dates added up as if they were arrivals."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import show


def _look(reading: Reading) -> Iterator[Finding]:
    for name, total in reading.ledger.statements.items():
        stocks = [part for part in total.sum_of if reading.ledger.statements[part].kind == "stock"]
        periods = {reading.ledger.statements[part].period for part in stocks}
        if len(periods) > 1:
            added = sum(reading.figures[part].number for part in stocks if part in reading.figures)
            largest = max(
                (reading.figures[part].number for part in stocks if part in reading.figures), default=0.0
            )
            says = (
                f"{name} adds up {len(stocks)} stocks of {len(periods)} dates to {show(added)}: whoever is there at "
                f"each date is counted each time; at any one date there were at most {show(largest)}"
            )
            yield Finding(CHECK.id, (name,), says, "wrong")


CHECK = Check(
    id="stocks-summed",
    title="Stocks summed as flows",
    rule="A figure is the sum of stocks taken at different dates.",
    teaches="A stock counts who is there; adding two dates counts the same people twice. Use new cases a year instead.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: waiting-1911, subject: s, property: waiting, value: 50, unit: persons, period: 1911-12-31, kind: stock,
     sources: [office], quality: seen, note: n}
  - {id: waiting-1912, subject: s, property: waiting, value: 60, unit: persons, period: 1912-12-31, kind: stock,
     sources: [office], quality: seen, note: n}
  - {id: applied, subject: s, property: applied, value: 110, unit: persons, period: 1911/1912, kind: flow,
     sum_of: [waiting-1911, waiting-1912], sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: north, subject: s, property: waiting, value: 50, unit: persons, period: 1911-12-31, place: north,
     kind: stock, sources: [office], quality: seen, note: n}
  - {id: south, subject: s, property: waiting, value: 60, unit: persons, period: 1911-12-31, place: south,
     kind: stock, sources: [office], quality: seen, note: n}
  - {id: both, subject: s, property: waiting, value: 110, unit: persons, period: 1911-12-31, kind: stock,
     sum_of: [north, south], sources: [office], quality: seen, note: n}
""",
    look=_look,
)
