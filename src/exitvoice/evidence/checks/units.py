"""Units that do not fit the sort of number, the way of counting, or the series."""

import re
from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure
from exitvoice.evidence.schema import Statement

_PER_TIME = re.compile(r"\b(?:a|per) (?:year|month|week|day|quarter)\b")
_COUNTED = {
    "persons": r"\b(?:crossings|cases)\b",
    "crossings": r"\b(?:persons|cases)\b",
    "cases": r"\bpersons\b",
}


def _look(reading: Reading) -> Iterator[Finding]:
    for name, statement in reading.ledger.statements.items():
        for fault in _faults(statement, reading.figures.get(name)):
            yield Finding(CHECK.id, (name,), f"{name}: {fault}", "wrong")
    for (series, _), group in reading.series.items():
        counted = {one.statement.counting for one in group if one.statement.counting}
        if len(counted) > 1 and group[0].statement.series:
            says = f"the series {series} mixes {' and '.join(sorted(counted))}: they are not one series"
            yield Finding(CHECK.id, tuple(one.id for one in group), says, "wrong")


def _faults(statement: Statement, figure: Figure | None) -> Iterator[str]:
    unit = statement.unit.lower()
    if statement.kind == "stock" and _PER_TIME.search(unit):
        yield f"a stock is counted at a moment, yet its unit is '{statement.unit}'"
    if statement.counting and re.search(_COUNTED[statement.counting], unit):
        yield f"it counts {statement.counting}, yet its unit is '{statement.unit}'"
    if figure is None:
        return
    if unit == "share" and not (figure.low >= 0.0 and figure.high <= 1.0):
        yield f"a share of {figure.high:g} is more than the whole, or less than nothing"
    if unit in {"per cent", "percent"} and statement.denominator and figure.high > 100.0:
        yield f"{figure.high:g} per cent of {statement.denominator} is more than all of it"


CHECK = Check(
    id="units",
    title="Units that do not fit",
    rule="A stock in units a year, a count in the unit of another way of counting, a share outside 0 to 1, or a series "
    "that mixes persons, crossings and cases.",
    teaches="A number without the right unit is a rumour. Persons who cross twice are two crossings and one person.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: crossed, subject: s, property: crossed, value: 50, unit: persons, period: 1912, kind: flow,
     counting: crossings, sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: crossed, subject: s, property: crossed, value: 50, unit: million crossings a year, period: 1912, kind: flow,
     counting: crossings, sources: [office], quality: seen, note: n}
""",
    look=_look,
)
