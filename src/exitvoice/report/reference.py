"""A published model on one page: what it costs, what was obtained beside what was published, its curves."""

from collections.abc import Sequence
from dataclasses import dataclass

from exitvoice.models.reference.base import (
    MET,
    MISSED,
    NOT_COMPARABLE,
    QUALITIES,
    Cost,
    Finding,
    Outcome,
    ReferenceModel,
    Setting,
    Target,
    Value,
)
from exitvoice.report import numbers
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures import reference as figures
from exitvoice.report.figures.base import Table
from exitvoice.report.frame import render_page
from exitvoice.report.hover import Tips


@dataclass(frozen=True)
class ReferencePage:
    """Everything that the template prints; texts are plain and are escaped there, `Markup` is not."""

    cost: Cost
    total: str
    claim: str
    source: str
    findings: Table
    tips: Tips
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    command: str


def render_reference(
    model: ReferenceModel, setting: Setting, outcome: Outcome, *, findings: Sequence[Finding], command: str
) -> str:
    """Return a run of a published model as one HTML page that fetches nothing.

    Parameters
    ----------
    model, setting, outcome
        What was run, how, and what it gave.
    findings : sequence of Finding
        What `judge` said of it.
    command : str
        The command that makes it again.
    """
    chapters = _chapters(outcome, findings)
    page = ReferencePage(
        cost=outcome.cost,
        total="" if outcome.cost.figure is None else numbers.amount(outcome.cost.figure),
        claim=model.claim,
        source=model.source,
        findings=findings_table(findings),
        tips=target_tips(model, findings),
        facts=_facts(model, setting),
        notes=model.notes,
        command=command,
    )
    return render_page("reference", page, title=model.title, subtitle=model.source, chapters=chapters)


def findings_table(findings: Sequence[Finding]) -> Table:
    """Return findings as a table of words: target, published, accepted, obtained, verdict, where it stands."""
    return Table(
        ("target", "published", "accepted", "obtained", "verdict", "where it stands"),
        tuple(
            (
                found.target.what,
                found.target.published,
                accepted(found.target),
                shown(found.obtained),
                f"{found.verdict}: {found.reason}" if found.reason else found.verdict,
                f"{found.target.source} ({found.target.quality})",
            )
            for found in comparable_first(findings)
        ),
        is_in_words=True,
    )


def target_tips(model: ReferenceModel, findings: Sequence[Finding]) -> Tips:
    """Return what to show for each place of a paper: which paper it is, and how we know what stands there."""
    qualities: dict[str, dict[str, None]] = {}
    for found in findings:
        qualities.setdefault(found.target.source, {})[found.target.quality] = None
    return Tips({
        source: f"{model.source}. " + "; ".join(f"{quality}: {QUALITIES[quality]}" for quality in known) + "."
        for source, known in qualities.items()
    })  # fmt: skip


def comparable_first(findings: Sequence[Finding]) -> list[Finding]:
    """Order findings: what could be compared first, otherwise as they stand."""
    return sorted(findings, key=lambda found: found.verdict == NOT_COMPARABLE)


def accepted(target: Target) -> str:
    """Say which values meet a target.

    Examples
    --------
    >>> accepted(Target("a", "", "", 0.5, float("inf"), "", "seen"))
    '0.5 or more'
    """
    low, high = target.low, target.high
    if low == high:
        return f"exactly {low:.6g}"
    if high == float("inf"):
        return f"{low:.4g} or more"
    if low == float("-inf"):
        return f"{high:.4g} or less"
    return f"{low:.6g} to {high:.6g}"


def shown(value: float | None) -> str:
    """Write an obtained value; a dash where there is none."""
    return "-" if value is None else f"{value:,.5g}"


def tally(findings: Sequence[Finding]) -> str:
    """Say how many are met, missed, and not comparable.

    Examples
    --------
    >>> tally([])
    '0 met, 0 missed, 0 not comparable'
    """
    verdicts = [found.verdict for found in findings]
    return ", ".join(f"{verdicts.count(kind)} {kind}" for kind in (MET, MISSED, NOT_COMPARABLE))


def _chapters(outcome: Outcome, findings: Sequence[Finding]) -> tuple[Chapter, ...]:
    panels = (*map(figures.picture, outcome.pictures), *map(figures.chart, outcome.charts))
    return (
        Chapter("cost", "The human cost", "The human cost"),
        Chapter("findings", "Obtained beside published", "Met and missed", f"{tally(findings)}. {_JUDGED}"),
        Chapter("curves", "What the model does", "What it does", "", panels),
        Chapter("model", "The model and its setting", "Model and setting"),
        Chapter("again", "How to make this again", "Make it again"),
    )


_JUDGED = (
    "What is accepted was fixed before anything was run. A run with another setting than a target needs cannot be "
    "compared with it. What is missed stays here."
)


def _facts(model: ReferenceModel, setting: Setting) -> tuple[tuple[str, str], ...]:
    values = (
        (option.name, f"{_said(setting.values[option.name])} ({option.help})") for option in model.options
    )
    return (("seed", str(setting.seed)), *values)


def _said(value: Value) -> str:
    return value if isinstance(value, str) else numbers.value(float(value))
