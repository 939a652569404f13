"""A prediction that cannot fail."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading


def _look(reading: Reading) -> Iterator[Finding]:
    for name, record in reading.records.items():
        if record.kind != "prediction":
            continue
        forecast = record.forecast
        lacks = [
            what
            for what, given in (
                ("an outcome that could be seen to fail", forecast is not None and forecast.outcome),
                ("a deadline", forecast is not None and forecast.deadline),
            )
            if not given
        ]
        if lacks:
            says = f"{name} predicts without {' and without '.join(lacks)}: as stated nothing could show it false"
            yield Finding(CHECK.id, (name,), says, "weak")


CHECK = Check(
    id="unfalsifiable",
    title="A prediction that cannot fail",
    rule="A prediction names no outcome that could be seen to fail, or no deadline.",
    teaches="Ask: what would you have to see, and by when, to say you were wrong?",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: commentary}
statements:
  - {id: storm, subject: s, property: a storm will come, unit: event, period: 1912, kind: prediction,
     forecast: {outcome: wind above 100 km an hour}, sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: commentary}
statements:
  - {id: storm, subject: s, property: a storm will come, unit: event, period: 1912, kind: prediction,
     forecast: {outcome: wind above 100 km an hour, deadline: 1912-12-31, probability: 0.7, came_true: true},
     sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
