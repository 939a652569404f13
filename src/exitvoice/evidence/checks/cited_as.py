"""Counted is one thing, cited is another."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading


def _look(reading: Reading) -> Iterator[Finding]:
    definitions = reading.ledger.definitions
    for name, statement in reading.ledger.statements.items():
        counted, cited = statement.definition, statement.cited_as
        if cited is not None and cited != counted:
            what = _words(definitions[counted].text) if counted else "something that nobody defines"
            says = f"{name} counts {what}, and is passed on as {_words(definitions[cited].text)}"
            yield Finding(CHECK.id, (name,), says, "misleading")


def _words(text: str) -> str:
    """A sentence as part of another one."""
    return f"'{text.rstrip('.')}'"


CHECK = Check(
    id="cited-as",
    title="A proxy passed on as the thing",
    rule="What a figure counts differs from what it is cited as.",
    teaches="Mentions are not cases and complaints are not crimes; a proxy may rise because people look more closely.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
definitions:
  - {id: complaints, text: complaints about noise}
  - {id: noise, text: noise}
statements:
  - {id: noise-1912, subject: town, property: noise, value: 90, unit: letters, period: 1912, kind: flow,
     definition: complaints, cited_as: noise, sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
definitions:
  - {id: complaints, text: complaints about noise}
statements:
  - {id: noise-1912, subject: town, property: noise, value: 90, unit: letters, period: 1912, kind: flow,
     definition: complaints, cited_as: complaints, sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
