"""A measure that does not move when what it measures does."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, show
from exitvoice.evidence.periods import parse_period

_WITHIN = 800  # days: a yearly index has two editions to notice


def _look(reading: Reading) -> Iterator[Finding]:
    rates: dict[str, list[Figure]] = {}
    for (series, _), group in reading.series.items():
        rates.setdefault(series, []).extend(one for one in group if one.statement.kind == "rate")
    for name, statement in reading.ledger.statements.items():
        began = parse_period(statement.period)
        for series in statement.affects if began else ():
            assert began is not None
            pair = _around(rates.get(series, []), began.start.toordinal())
            if pair is not None and abs(pair[1].number - pair[0].number) <= _error(*pair):
                before, after = pair
                says = (
                    f"{name} may move {series}, which reads {show(before.number)} before it and {show(after.number)} "
                    "after: the measure is too coarse or too late to show it, and its silence proves nothing"
                )
                yield Finding(CHECK.id, (name, before.id, after.id), says, "misleading")


def _around(series: list[Figure], day: int) -> tuple[Figure, Figure] | None:
    before = [one for one in series if day - _WITHIN <= one.period.end.toordinal() < day]
    after = [one for one in series if day < one.period.end.toordinal() <= day + _WITHIN]
    if not before or not after:
        return None
    return max(before, key=lambda one: one.period), max(after, key=lambda one: one.period)


def _error(before: Figure, after: Figure) -> float:
    """Half the wider of the two ranges; nothing where none is given, so that only an equal value is 'still'."""
    return max(before.high - before.low, after.high - after.low) / 2.0


CHECK = Check(
    id="still-index",
    title="An index that does not move",
    rule="A rule or event is held to affect an index, which within two editions moves by no more than its own error.",
    teaches="Expert indices are coarse and late. Do not take their calm for the world's.",
    example="""sources:
  - {id: panel, title: t, publisher: Panel, kind: database}
statements:
  - {id: censors, subject: s, property: censorship begins, unit: rule, period: 1912-05-01, kind: rule,
     affects: [press-index], sources: [panel], quality: seen, note: n}
  - {id: press-1911, subject: s, property: press freedom, value: 3, unit: points, period: 1911, kind: rate,
     series: press-index, sources: [panel], quality: seen, note: n}
  - {id: press-1913, subject: s, property: press freedom, value: 3, unit: points, period: 1913, kind: rate,
     series: press-index, sources: [panel], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: panel, title: t, publisher: Panel, kind: database}
statements:
  - {id: censors, subject: s, property: censorship begins, unit: rule, period: 1912-05-01, kind: rule,
     affects: [press-index], sources: [panel], quality: seen, note: n}
  - {id: press-1911, subject: s, property: press freedom, value: 3, unit: points, period: 1911, kind: rate,
     series: press-index, sources: [panel], quality: seen, note: n}
  - {id: press-1913, subject: s, property: press freedom, value: 1, unit: points, period: 1913, kind: rate,
     series: press-index, sources: [panel], quality: seen, note: n}
""",
    look=_look,
)
