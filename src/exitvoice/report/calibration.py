"""A calibration as a page: the human cost, what the data told, the forecast beside its baselines, and the gate."""

from dataclasses import dataclass

from exitvoice.calibration.outcome import Outcome
from exitvoice.report import numbers
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures import calibration as figures
from exitvoice.report.figures.base import Table
from exitvoice.report.frame import render_page


@dataclass(frozen=True)
class CalibrationPage:
    """Everything that the template prints; texts are plain and are escaped there."""

    total: str
    meaning: str
    about: str
    limits: str
    scores: Table
    outcomes: tuple[str, ...]
    passed: str
    reasons: tuple[str, ...]
    why_not: str
    command: str


def render_calibration(outcome: Outcome) -> str:
    """Return what a calibration came to as one HTML page that fetches nothing."""
    cost = outcome.cost
    page = CalibrationPage(
        total=numbers.amount(cost[1]) if cost else "not measured",
        meaning=f"a year, {numbers.amount(cost[0])} to {numbers.amount(cost[2])} in nine of ten draws."
        if cost
        else "",
        about=outcome.about,
        limits=outcome.limits,
        scores=_scores(outcome),
        outcomes=tuple(_outcomes(outcome)),
        passed=_passed(outcome),
        reasons=outcome.gate.reasons if outcome.gate is not None else (),
        why_not=outcome.why_not,
        command=outcome.command,
    )
    return render_page(
        "calibration",
        page,
        title=outcome.title,
        subtitle=f"{outcome.simulations:,} simulations, method {outcome.method}, seed {outcome.seed}",
        chapters=_chapters(outcome),
    )


def _chapters(outcome: Outcome) -> tuple[Chapter, ...]:
    gate = (
        (Chapter("gate", "The gate", "The gate", _GATE, panels=(figures.ranks(outcome),)),)
        if outcome.gate is not None
        else (Chapter("gate", "The gate", "The gate", _GATE),)
    )
    return (
        Chapter("cost", "The human cost", "The human cost"),
        Chapter(
            "told", "What the data told", "What the data told", outcome.about, panels=(figures.told(outcome),)
        ),
        Chapter(
            "forecast",
            "Counted and predicted",
            "Counted and predicted",
            panels=tuple(figures.course(found) for found in outcome.courses),
        ),
        *gate,
        *(
            (
                Chapter(
                    "atlas",
                    "What each series can tell",
                    "What each series can tell",
                    _ATLAS,
                    panels=(figures.atlas(outcome),),
                ),
            )
            if outcome.atlas
            else ()
        ),
        Chapter("again", "How to make this again", "Make it again"),
    )


_GATE = (
    "Before a verdict rests on a posterior, its design infers truths it was not told: draws of the prior, from what "
    "the simulator gave of them. Ranks of those truths must be uniform, something must have been learnt, truths must "
    "be found again, the posterior must give back what was fitted, and the model must be able to give such data."
)


_ATLAS = (
    "Before anybody looks at the data: draws of the prior take their turn as the truth, and each series alone, or all "
    "together, says what it can of them. A blank cell is an unknown that the series, read by this design at this "
    "scale, tells nothing of: a claim that hinges on it needs data of another kind."
)


def _passed(outcome: Outcome) -> str:
    if outcome.gate is None or not outcome.gate.passed:
        return ""
    told = sum(unknown.is_informed for unknown in outcome.gate.unknowns)
    return (
        f"Passed, on {outcome.gate.replications} truths of its own. Of {len(outcome.gate.unknowns)} unknowns "
        f"{told} {'is' if told == 1 else 'are'} told; a verdict that hinges on another rests on its prior."
    )


def _scores(outcome: Outcome) -> Table:
    return Table(
        ("held out", "forecast", "CRPS (lower is better)", "figures within 90 %", "figures"),
        tuple(
            (score.target, score.forecast, f"{score.crps:.3f}", f"{score.coverage:.0%}", str(score.figures))
            for score in outcome.scores
        ),
        is_in_words=True,
    )


def _outcomes(outcome: Outcome) -> list[str]:
    said = []
    for target in dict.fromkeys(score.target for score in outcome.scores):
        own = {score.forecast: score.crps for score in outcome.scores if score.target == target}
        model = own.pop("model")
        lost = [name for name, value in own.items() if value <= model]
        said.append(
            f"{target}: the forecast loses to {' and '.join(lost)}."
            if lost
            else f"{target}: the forecast beats both."
        )
    return said
