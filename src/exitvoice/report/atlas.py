"""The atlas as a page: the human cost, what would settle each claim, what each series tells, what none tells."""

from dataclasses import dataclass

from exitvoice import __version__
from exitvoice.calibration.atlas.cases import COLUMNS, Case, Cases
from exitvoice.claims.findings import Judgement
from exitvoice.claims.settling import SETTLED, Settling
from exitvoice.report import atlas_rows as rows
from exitvoice.report import numbers
from exitvoice.report.atlas_rows import what_settles
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures import atlas as figures
from exitvoice.report.figures.base import Table
from exitvoice.report.frame import render_page
from exitvoice.results.tables import csv_text

__all__ = ["counts_in_words", "render_atlas", "what_settles"]


@dataclass(frozen=True)
class AtlasPage:
    """Everything that the template prints; texts are plain and are escaped there."""

    costs: tuple[str, ...]
    tables: dict[str, Table]
    csv: str
    cite: str
    command: str


def render_atlas(
    cases: Cases, settlings: tuple[Settling, ...], judgement: Judgement | None, *, command: str
) -> str:
    """Return the atlas as one HTML page that fetches nothing.

    Parameters
    ----------
    cases : Cases
    settlings : tuple of Settling
        One a testable claim of the board; empty without a board.
    judgement : Judgement or None
        The board.
    command : str
        The command that makes it again.
    """
    page = AtlasPage(
        costs=_costs(cases, judgement),
        tables={
            "claims": rows.claims(settlings, cases),
            "would": rows.would_exist(cases, settlings),
            "silent": rows.silent(cases),
            "unread": rows.unread(cases),
            "worlds": rows.worlds(cases),
            "calibrations": rows.calibrations(cases),
        },
        csv=csv_text(COLUMNS, (row for row in cases.rows() if row[6] in ("informed", "a little"))),
        cite=f"exitvoice {__version__}, identifiability atlas, made by: {command}",
        command=command,
    )
    return render_page(
        "atlas",
        page,
        title="What data can tell",
        subtitle=f"Identifiability atlas: {len(cases.parameters)} parameters, {len(cases.columns)} columns of "
        + ", ".join(dict.fromkeys(case.label for case in cases.cases)),
        chapters=_chapters(cases, settlings),
    )


def counts_in_words(cases: Cases) -> str:
    """Return how many parameters are informed by series that exist, by others, and by none."""
    found = {item.name: cases.informing(item.name) for item in cases.asked}
    exist = sum(any(one.exists for one in several) for several in found.values())
    would = sum(bool(several) and not any(one.exists for one in several) for several in found.values())
    more = f", {would} only by series that would have to exist" if cases.worlds else ""
    return (
        f"{len(cases.parameters)} parameters: {exist} informed by some series that exists{more}, "
        f"{len(found) - exist - would} asked and told too little or nothing, {len(cases.never_asked)} not asked"
    )


def _costs(cases: Cases, judgement: Judgement | None) -> tuple[str, ...]:
    lines = [_cost(case) for case in cases.cases]
    if judgement is not None and judgement.cost:
        last = judgement.cost[-1]
        spread = f"{numbers.amount(last.low)} to {numbers.amount(last.high)} in nine of ten worlds"
        lines.insert(0, f"{judgement.title}: {numbers.amount(last.middle)} in {last.year} ({spread})")
    return tuple(lines)


def _cost(case: Case) -> str:
    if not case.cost:
        return f"{case.title}: not measured"
    low, middle, high = (numbers.amount(value) for value in case.cost)
    return f"{case.title}: {middle} a year ({low} to {high} in nine of ten draws)"


def _chapters(cases: Cases, settlings: tuple[Settling, ...]) -> tuple[Chapter, ...]:
    settled = sum(one.way == SETTLED for one in settlings)
    intro = f"{settled} of {len(settlings)} testable claims are settled by the runs made. {_CLAIMS}"
    found = [Chapter("cost", "The human cost", "The human cost")]
    if settlings:
        found.append(Chapter("claims", "What would settle each claim", "What would settle each claim", intro))
    if cases.worlds:
        title = "Which data would have to exist"
        found += [
            Chapter("would", title, title, _WOULD),
            Chapter("overview", "Every parameter, every world", "Every parameter, every world",
                    f"{counts_in_words(cases)}. {_WORLDS}", (figures.overview(cases),)),
            Chapter("series", "Series by series", "Series by series", _SERIES,
                    tuple(figures.of_world(cases, case) for case in cases.worlds)),
            Chapter("silent", "What no series tells", "What no series tells", _SILENT),
            Chapter("unread", "Series that are not read", "Series that are not read", _UNREAD),
        ]  # fmt: skip
    if cases.calibrations:
        title = "What calibrations could tell"
        found.append(Chapter("told", title, title, _TOLD, (figures.by_case(cases),)))
    if cases.worlds:
        found.append(Chapter("how", "How it was asked", "How it was asked", _HOW))
    return (*found, Chapter("again", "Cite it, make it again", "Cite it, make it again", _AGAIN))


_CLAIMS = (
    "A verdict that is settled needs no data: it is the same in at least four of five plausible worlds, as "
    "right as the model. One that depends is settled by an observation of what it hinges on. A series of "
    "another world tells of an assumption only as far as it is the same in both, and does not count as data "
    "that exist."
)
_WOULD = (
    "Series that nobody keeps or publishes, declared in a file as totals of whole sectors or countries. "
    "Counts below a hundred are not published in any of them, and none says anything of a place of work or a "
    "person."
)
_WORLDS = (
    "In each world everything that has a range was drawn at once, so that a series is credited only with what "
    "it tells although all else is unknown as well. A value is the share of the parameter's variance that the "
    "best series of the world takes away."
)
_SERIES = "A world at a time: those parameters first of which some series tells, by mechanism."
_SILENT = (
    "A parameter that is in use and of which nothing is told keeps its whole range in every verdict. One that "
    "is in none of these worlds belongs to a mechanism that is off there, or to people who are not in it."
)
_UNREAD = (
    "No variable of the model stands for what these count, or the run does not hold a whole period of them."
)
_TOLD = (
    "Some unknowns at a time, the others at their defaults: draws of the priors take their turn as the truth, "
    "and each series alone, or all of a case together, says what it can of them. Where a gate is not passed, "
    "a series may tell of an unknown, and still no verdict may rest on the posterior."
)
_HOW = (
    "Each unknown of a draw is foretold from the figures of a series by kernel ridge regression on the other "
    "draws; the share of its variance that goes so is a lower bound of the mean contraction from prior to "
    "posterior, and its interval is that of the mean. A thousand dummies that no rule reads are foretold "
    "alike. Told is what lies beyond them with at most one in twenty false among all that is told in a world "
    "(Benjamini and Hochberg 1995); informed, what also takes a tenth of the variance away. The negative "
    "control deals the draws out anew, so that nothing can be told: in nineteen of twenty worlds no field "
    "should be. What a series would have to tell to be seen at all stands last. Few simulated persons stand "
    "for many, so that a series may tell more in a country than it does here."
)
_AGAIN = "The same command with the same version gives the same numbers, on any number of processors."
