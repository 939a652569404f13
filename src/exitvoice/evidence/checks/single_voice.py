"""One voice, and nobody names it."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading


def _look(reading: Reading) -> Iterator[Finding]:
    sources = reading.ledger.sources
    for name, record in reading.records.items():
        origins = reading.origins(record)
        if len(origins) == 1 and sources[next(iter(origins))].anonymous:
            says = f"{name} rests on one anonymous voice ({next(iter(origins))}) and on nobody else"
            yield Finding(CHECK.id, (name,), says, "weak")


CHECK = Check(
    id="single-voice",
    title="One anonymous voice",
    rule="All sources of a record lead back to one origin, and that origin is anonymous.",
    teaches="A voice that cannot be asked again can be neither confirmed nor held to it. It is one person's word.",
    example="""sources:
  - {id: insider, title: t, publisher: Paper, kind: news, anonymous: true}
statements:
  - {id: order, subject: clerks, property: told to stay, unit: rule, period: 1912, kind: rule,
     sources: [insider], quality: relayed, note: n}
""",
    innocent="""sources:
  - {id: insider, title: t, publisher: Paper, kind: news, anonymous: true}
  - {id: notice, title: t, publisher: Ministry, kind: official}
statements:
  - {id: order, subject: clerks, property: told to stay, unit: rule, period: 1912, kind: rule,
     sources: [insider, notice], quality: seen, note: n}
""",
    look=_look,
)
