"""Wording that widens, and details that change, along a chain of retelling."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.schema import Claim, Statement

_WIDTH = {"one": 1, "several": 2, "most": 3, "all": 4}


def _look(reading: Reading) -> Iterator[Finding]:
    for name, record in reading.records.items():
        for told in record.retells:
            changes = "; ".join(_changes(reading.records[told], record))
            if changes:
                says = f"{name} retells {told}, and on the way {changes}"
                yield Finding(CHECK.id, (told, name), says, "wrong")


def _changes(before: Statement | Claim, after: Statement | Claim) -> Iterator[str]:
    if before.scope and after.scope and _WIDTH[after.scope] > _WIDTH[before.scope]:
        yield f"'{before.scope}' became '{after.scope}'"
    added = [group for group in after.covers if group not in before.covers]
    if before.covers and added:
        yield f"{', '.join(added)} came in beside {', '.join(before.covers)}"
    if not (isinstance(before, Statement) and isinstance(after, Statement)):
        return
    for field in ("value", "unit", "place", "counting", "kind", "definition"):
        one, other = getattr(before, field), getattr(after, field)
        if one is not None and other is not None and one != other:
            yield f"the {field} went from {one!r} to {other!r}"


CHECK = Check(
    id="drift",
    title="Wording that drifts along the chain",
    rule="A record retells an earlier one with a wider scope, further groups, or another value, unit, place or count.",
    teaches="Each copy sounds as sure as the first. Go back to the first wording and use that.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
  - {id: portal, title: t, publisher: Portal, kind: news, relays: [paper]}
statements:
  - {id: first, subject: a mine, property: closed, unit: event, period: 1912, kind: opinion, scope: one,
     sources: [paper], quality: seen, note: n}
  - {id: second, subject: mines, property: closed, unit: event, period: 1912, kind: opinion, scope: several,
     retells: [first], sources: [portal], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
  - {id: portal, title: t, publisher: Portal, kind: news, relays: [paper]}
statements:
  - {id: first, subject: mines, property: closed, unit: event, period: 1912, kind: opinion, scope: several,
     sources: [paper], quality: seen, note: n}
  - {id: second, subject: a mine, property: closed, unit: event, period: 1912, kind: opinion, scope: one,
     retells: [first], sources: [portal], quality: seen, note: n}
""",
    look=_look,
)
