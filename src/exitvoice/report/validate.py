"""The patterns as a page: the human cost, one table of all, then each pattern with its figures and its doubts."""

from collections.abc import Mapping
from dataclasses import dataclass

from exitvoice.analysis.patterns import PatternFinding, Validation, Verdict
from exitvoice.analysis.patterns.words import accepted, compared, simulated
from exitvoice.evidence import Ledger, select
from exitvoice.report import numbers
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures import patterns as figures
from exitvoice.report.figures.base import Panel, Table
from exitvoice.report.frame import render_page
from exitvoice.report.from_ledger import cite
from exitvoice.report.hover import Tips, tips_for

VERDICTS: tuple[Verdict, ...] = ("met", "narrow", "missed", "reported", "untested")


@dataclass(frozen=True)
class PatternSection:
    """One pattern: what is compared, what came out, and what fixed the parameters."""

    finding: PatternFinding
    table: Table
    thoughts: tuple[tuple[str, str], ...]
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ValidationPage:
    """Everything that the template prints; texts are plain and are escaped there. `sections` by pattern."""

    total: str
    meaning: str
    costs: Table
    notices: tuple[str, ...]
    overview: Table
    sections: Mapping[str, PatternSection]
    tips: Tips
    command: str


def render_validation(found: Validation, ledger: Ledger) -> str:
    """Return what came of the patterns as one HTML page that fetches nothing.

    Parameters
    ----------
    found : Validation
        What `exitvoice.analysis.patterns.validate` gave.
    ledger : Ledger
        Who says what.
    """
    costs = [cost for finding in found.findings for cost in finding.costs]
    most = max(costs, key=lambda cost: cost.person_years, default=None)
    page = ValidationPage(
        total=numbers.amount(most.person_years) if most else "not measured",
        meaning=f"a year, in the largest world that was run ({most.title}). What each costs stands below."
        if most
        else "",
        costs=Table(
            ("world", "person-years without freedom to leave, a year"),
            tuple((cost.title, numbers.amount(cost.person_years)) for cost in costs),
        ),
        notices=_notices(found),
        overview=_overview(found),
        sections={finding.pattern: _section(finding, ledger) for finding in found.findings},
        tips=_tips(found, ledger),
        command=found.command,
    )
    studies = sum(len(finding.costs) for finding in found.findings)
    return render_page(
        "validate",
        page,
        title="History's patterns: met, narrow, missed",
        subtitle=f"{found.runs:,} runs of {studies} studies, seed {found.seed}",
        chapters=_chapters(found),
    )


def _chapters(found: Validation) -> tuple[Chapter, ...]:
    tally = ", ".join(
        f"{len(found.with_verdict(verdict))} {verdict}" for verdict in VERDICTS if found.with_verdict(verdict)
    )
    return (
        Chapter("cost", "The human cost", "The human cost"),
        Chapter("overview", "All patterns", "All patterns", f"{tally}. {_RULES}"),
        *(
            Chapter(
                finding.pattern,
                finding.title,
                f"{finding.pattern}: {finding.verdict}",
                panels=_panels(finding),
            )
            for finding in found.findings
        ),
        Chapter("again", "How to make this again", "Make it again"),
    )


def _overview(found: Validation) -> Table:
    rows = [
        (
            f"{finding.pattern} {compared(outcome)}",
            outcome.observed,
            simulated(outcome),
            accepted(outcome),
            outcome.verdict,
        )
        for finding in found.findings
        for outcome in finding.outcomes
    ]
    return Table(("compared", "observed", "simulated", "accepted", "verdict"), tuple(rows), is_in_words=True)


def _panels(finding: PatternFinding) -> tuple[Panel, ...]:
    panels: list[Panel] = [figures.course(finding, found) for found in finding.courses]
    for outcome in finding.outcomes:
        if outcome.profile:
            panels.append(figures.profile(finding, outcome))
        if outcome.value is not None:
            panels.append(figures.strip(finding, outcome))
    return tuple(panels)


def _section(finding: PatternFinding, ledger: Ledger) -> PatternSection:
    return PatternSection(
        finding=finding,
        table=Table(
            ("compared", "observed", "who says so", "simulated", "accepted", "verdict"),
            tuple(
                (
                    compared(outcome),
                    outcome.observed,
                    _who(outcome.sources, ledger),
                    simulated(outcome),
                    accepted(outcome),
                    outcome.verdict,
                )
                for outcome in finding.outcomes
            ),
            is_in_words=True,
        ),
        thoughts=tuple((outcome.title, outcome.thought) for outcome in finding.outcomes if outcome.thought),
        fixed=tuple((what, f"{by} ({_who(sources, ledger)})") for what, by, sources in finding.fixed),
    )


def _who(names: tuple[str, ...], ledger: Ledger) -> str:
    return "; ".join(cite(ledger, names)) or "assumed"


def _tips(found: Validation, ledger: Ledger) -> Tips:
    named = [name for finding in found.findings for _, _, sources in finding.fixed for name in sources]
    named += [name for finding in found.findings for one in finding.outcomes for name in one.sources]
    return tips_for(select(ledger, [name for name in named if name in ledger]))


def _notices(found: Validation) -> tuple[str, ...]:
    notices = [
        "A pattern that is met does not make a model true: other models meet it too. A pattern that is missed says "
        "where this one is wrong, or where its worlds are too plain.",
    ]
    if found.is_quick:
        notices.append("Made with few seeds and draws: it shows that everything runs, and judges nothing.")
    if not found.is_complete:
        notices.append("The runs were stopped; patterns whose runs are not whole are 'untested'.")
    if found.failed:
        notices.append(f"{found.failed} runs failed; they do not count.")
    return tuple(notices)


_RULES = (
    "Tolerances were fixed beforehand; the few that changed after a first run stand in the design notes. 'Met': at "
    "the defaults the middle of the seeds and nine of ten seeds are accepted, and so are half of the draws from the "
    "prior or more. 'Narrow': the middle is accepted, but chance reaches outside or most draws lie outside. 'Missed': "
    "the middle is not accepted. 'Reported' has no pass mark. A pattern is as good as its worst required test; a "
    "control that fails spoils it."
)
