"""The effect came before its cause."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.periods import Period, parse_period
from exitvoice.evidence.schema import Claim, Statement


def _look(reading: Reading) -> Iterator[Finding]:
    for name, effect in reading.records.items():
        when = _when(effect)
        for cause_id in effect.attributed_to:
            began = _when(reading.records[cause_id])
            if when is not None and began is not None and when.end < began.start:
                says = (
                    f"{name} ends on {when.end} and is laid to {cause_id}, which begins on {began.start}: "
                    "what came before cannot have been caused by it, at most by its announcement"
                )
                yield Finding(CHECK.id, (name, cause_id), says, "wrong")


def _when(record: Statement | Claim) -> Period | None:
    return parse_period(record.period if isinstance(record, Statement) else record.date)


CHECK = Check(
    id="cause-after-effect",
    title="A date that precedes its cause",
    rule="A record is attributed to something that began after the record's own period had ended.",
    teaches="If it rose before the rule, look for what else changed, or for people who saw the rule coming.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: tax, subject: s, property: tax lowered, unit: rule, period: 1913-01-01, kind: rule,
     sources: [office], quality: seen, note: n}
  - {id: trade-1912, subject: s, property: trade, value: 90, unit: ships, period: 1912, kind: flow,
     attributed_to: [tax], sources: [office], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
statements:
  - {id: tax, subject: s, property: tax lowered, unit: rule, period: 1912-01-01, kind: rule,
     sources: [office], quality: seen, note: n}
  - {id: trade-1912, subject: s, property: trade, value: 90, unit: ships, period: 1912, kind: flow,
     attributed_to: [tax], sources: [office], quality: seen, note: n}
""",
    look=_look,
)
