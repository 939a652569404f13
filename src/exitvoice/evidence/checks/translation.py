"""A word with several readings, of which one was printed."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import show


def _look(reading: Reading) -> Iterator[Finding]:
    for name, statement in reading.ledger.statements.items():
        term = statement.term
        if term is None:
            continue
        others = [word for word in term.candidates if word != term.read_as]
        if others:
            figure = reading.figures.get(name)
            number = f" of {show(figure.number)}" if figure else ""
            says = (
                f"{name}: the figure{number} hangs on '{term.original}' ({term.language}), read as '{term.read_as}'; "
                f"it may as well mean {' or '.join(repr(word) for word in others)}"
            )
            yield Finding(CHECK.id, (name,), says, "misleading")


CHECK = Check(
    id="translation",
    title="A word with several readings",
    rule="A figure hangs on a term whose candidates hold a reading other than the one chosen.",
    teaches="Look for the figure that the other reading would give, and see which one the rest of the series fits.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: students-1912, subject: s, property: students, value: 90, unit: persons, period: 1912, kind: stock,
     term: {original: Schueler, language: German, read_as: students, candidates: [students, pupils]},
     sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: students-1912, subject: s, property: students, value: 90, unit: persons, period: 1912, kind: stock,
     term: {original: Studenten, language: German, read_as: students, candidates: [students]},
     sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
