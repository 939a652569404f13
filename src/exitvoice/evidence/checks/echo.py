"""Many outlets, one origin."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading

_ECHOES = 2  # a report and one syndicated copy are ordinary; two copies more than origins begin to look like support


def _look(reading: Reading) -> Iterator[Finding]:
    for name, record in reading.records.items():
        outlets, origins = len(set(record.sources)), reading.origins(record)
        if len(origins) == 1 and outlets - len(origins) >= _ECHOES:
            says = (
                f"{outlets} outlets carry {name}, and all of them lead back to one origin "
                f"({next(iter(origins))}): this is one witness, not {outlets}"
            )
            yield Finding(CHECK.id, (name,), says, "weak")


CHECK = Check(
    id="echo-chain",
    title="An echo counted as a choir",
    rule="A record has at least three sources, and every one of them leads back to the same origin.",
    teaches="Copies of a report add reach, not support. Count origins; look for somebody who knows it otherwise.",
    example="""sources:
  - {id: agency, title: t, publisher: Agency, kind: news}
  - {id: paper, title: t, publisher: Paper, kind: news, relays: [agency]}
  - {id: portal, title: t, publisher: Portal, kind: news, relays: [paper]}
statements:
  - {id: strike, subject: miners, property: on strike, value: 400, unit: persons, period: 1912, kind: stock,
     sources: [agency, paper, portal], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: agency, title: t, publisher: Agency, kind: news}
  - {id: paper, title: t, publisher: Paper, kind: news}
  - {id: portal, title: t, publisher: Portal, kind: news, relays: [paper]}
statements:
  - {id: strike, subject: miners, property: on strike, value: 400, unit: persons, period: 1912, kind: stock,
     sources: [agency, paper, portal], quality: seen, note: n}
""",
    look=_look,
)
