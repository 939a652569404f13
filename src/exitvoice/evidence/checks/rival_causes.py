"""Several causes in one window."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, series_key
from exitvoice.evidence.periods import Period, parse_period

_FIRST_WINDOW = 366  # days before the figure that count where the series has no earlier figure


def _look(reading: Reading) -> Iterator[Finding]:
    movers = _movers(reading)
    for effect in reading.figures.values():
        if not effect.statement.attributed_to:
            continue
        window = _window(effect, reading.series.get(series_key(effect.statement), [effect]))
        named = [
            name for name, began in movers.get(series_key(effect.statement)[0], ()) if window.overlaps(began)
        ]
        rivals = [name for name in named if name not in effect.statement.attributed_to]
        if rivals or len(effect.statement.attributed_to) > 1:
            causes = tuple(dict.fromkeys((*effect.statement.attributed_to, *rivals)))
            own = (
                "; and the figure is that of the agency judged by it"
                if effect.statement.self_reported
                else ""
            )
            says = (
                f"{effect.id} is laid to {' and '.join(effect.statement.attributed_to)}, but between {window.start} "
                f"and {window.end} {len(causes)} things that may move it changed ({', '.join(causes)}): "
                f"the series cannot tell them apart{own}"
            )
            yield Finding(CHECK.id, (effect.id, *causes), says, "misleading")


def _movers(reading: Reading) -> dict[str, list[tuple[str, Period]]]:
    """For each series, what may move it and the first day of that."""
    found: dict[str, list[tuple[str, Period]]] = {}
    for name, statement in reading.ledger.statements.items():
        period = parse_period(statement.period)
        for series in statement.affects if period else ():
            assert period is not None
            found.setdefault(series, []).append((name, Period(period.start, period.start)))
    return found


def _window(effect: Figure, series: list[Figure]) -> Period:
    """From the earlier figure of the series that the effect is compared with, to the end of the effect."""
    earlier = [one for one in series if one.period.end < effect.period.start]
    if earlier:
        return Period(earlier[-1].period.start, effect.period.end)
    start = effect.period.start.toordinal() - _FIRST_WINDOW
    return Period(type(effect.period.start).fromordinal(max(start, 1)), effect.period.end)


CHECK = Check(
    id="rival-causes",
    title="Several causes at once",
    rule="A figure is attributed to one change, while others that affect its series began in the same window.",
    teaches="Before and after tell nothing where three things changed. Look for a place where only one did.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: lamps, subject: s, property: street lamps, unit: rule, period: 1912-01-01, kind: rule, affects: [theft],
     sources: [office], quality: seen, note: n}
  - {id: guards, subject: s, property: night guards, unit: rule, period: 1912-03-01, kind: rule, affects: [theft],
     sources: [office], quality: seen, note: n}
  - {id: theft-1911, subject: s, property: thefts, value: 90, unit: cases, period: 1911, kind: flow, series: theft,
     sources: [office], quality: seen, note: n}
  - {id: theft-1912, subject: s, property: thefts, value: 40, unit: cases, period: 1912, kind: flow, series: theft,
     attributed_to: [guards], sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: lamps, subject: s, property: street lamps, unit: rule, period: 1907-01-01, kind: rule, affects: [theft],
     sources: [office], quality: seen, note: n}
  - {id: guards, subject: s, property: night guards, unit: rule, period: 1912-03-01, kind: rule, affects: [theft],
     sources: [office], quality: seen, note: n}
  - {id: theft-1911, subject: s, property: thefts, value: 90, unit: cases, period: 1911, kind: flow, series: theft,
     sources: [office], quality: seen, note: n}
  - {id: theft-1912, subject: s, property: thefts, value: 40, unit: cases, period: 1912, kind: flow, series: theft,
     attributed_to: [guards], sources: [office], quality: seen, note: n}
""",
    look=_look,
)
