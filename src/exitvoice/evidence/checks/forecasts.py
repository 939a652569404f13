"""Predictions whose day has come: scored, or waiting to be."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.periods import parse_period
from exitvoice.evidence.schema import Forecast

_GUESS = 0.25  # the Brier score of saying one half to everything


def brier(forecast: Forecast) -> float | None:
    """Return the Brier score, 0 (sure and right) to 1 (sure and wrong), or None where it cannot be scored.

    Source: G. W. Brier, Monthly Weather Review 78 (1950) 1-3. Without a probability the prediction was said as sure.

    Examples
    --------
    >>> brier(Forecast(probability=0.8, came_true=False))
    0.64...
    """
    if forecast.came_true is None:
        return None
    said = 1.0 if forecast.probability is None else forecast.probability
    return (said - float(forecast.came_true)) ** 2


def _look(reading: Reading) -> Iterator[Finding]:
    for name, record in reading.records.items():
        forecast = record.forecast
        deadline = parse_period(forecast.deadline) if forecast and forecast.deadline else None
        if forecast is None or deadline is None or deadline.end >= reading.today:
            continue
        score = brier(forecast)
        if score is None:
            says = f"{name} was due by {deadline.end} and nobody has said whether it came true"
            yield Finding(CHECK.id, (name,), says, "weak")
        elif score > _GUESS:
            said = "as certain" if forecast.probability is None else f"with {forecast.probability:.0%}"
            came = "came" if forecast.came_true else "did not come"
            says = f"{name}, said {said}, {came} by {deadline.end}: Brier score {score:.2f}, worse than a coin's 0.25"
            yield Finding(CHECK.id, (name,), says, "weak")


CHECK = Check(
    id="forecasts",
    title="Predictions past their date",
    rule="A prediction's deadline has passed, and it is unscored or scored worse than a coin.",
    teaches="Keep score. Who is right may have been lucky once; a long record with probabilities is worth something.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: commentary}
statements:
  - {id: storm, subject: s, property: a storm will come, unit: event, period: 1912, kind: prediction,
     forecast: {outcome: wind above 100 km an hour, deadline: 1912-12-31, probability: 0.9, came_true: false},
     sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: commentary}
statements:
  - {id: storm, subject: s, property: a storm will come, unit: event, period: 1912, kind: prediction,
     forecast: {outcome: wind above 100 km an hour, deadline: 1912-12-31, probability: 0.9, came_true: true},
     sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
