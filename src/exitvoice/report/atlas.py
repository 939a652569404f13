"""The atlas as a page: the human cost, what would settle each claim, what each series tells, what nobody asked."""

from dataclasses import dataclass

from exitvoice.calibration.cases import Case, Cases, Informing
from exitvoice.claims.findings import Judgement
from exitvoice.claims.settling import SETTLED, Deciding, Settling
from exitvoice.report import numbers
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures import atlas as figures
from exitvoice.report.figures.base import Table
from exitvoice.report.frame import render_page


@dataclass(frozen=True)
class AtlasPage:
    """Everything that the template prints; texts are plain and are escaped there."""

    costs: tuple[str, ...]
    claims: Table
    never: Table
    cases: Table
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
        claims=_claims(settlings, cases),
        never=_never(cases),
        cases=_cases(cases),
        command=command,
    )
    return render_page(
        "atlas",
        page,
        title="What data can tell",
        subtitle=f"{len(cases.parameters)} parameters, {len(cases.columns)} columns of "
        + ", ".join(case.name for case in cases.cases),
        chapters=_chapters(cases, settlings),
    )


def what_settles(settling: Settling, cases: Cases) -> str:
    """Return in a sentence or two what would settle a claim."""
    said: str = settling.way
    if settling.way == "more runs":
        said = f"about {settling.runs:,} more runs, if the share stays what it is"
        if settling.unobserved:
            said += f"; if it then still depends, {_unseen(settling)} would have to be observed"
    elif settling.way == "data that exist":
        said = f"data that exist: {_series(settling.decides, cases)}"
    elif settling.way == "data beyond these cases":
        said = f"data beyond these cases: {_unseen(settling)} would have to be observed"
    if settling.is_hidden:
        said += ". It is of a level that nobody sees"
    return f"{said[0].upper()}{said[1:]}."


def _unseen(settling: Settling) -> str:
    said = [one.title + ("" if one.is_asked else " (no case asked for it)") for one in settling.unobserved]
    return " and ".join(said) or "what is put in"


def _series(decides: tuple[Deciding, ...], cases: Cases) -> str:
    return "; ".join(dict.fromkeys(_informing(found, cases) for one in decides for found in one.here[:1]))


def _informing(found: Informing, cases: Cases) -> str:
    case = next(case for case in cases.cases if case.name == found.case)
    series = case.series.get(found.cell.series, found.cell.series)
    doubt = ", whose gate is not passed" if case.reasons else ""
    return f"{series} ({case.name}{doubt}: {found.cell.contraction:.0%})"


def _told(one: Deciding, cases: Cases) -> str:
    if one.here or one.elsewhere:
        here = "; ".join(_informing(found, cases) for found in one.here)
        there = "; ".join(_informing(found, cases) for found in one.elsewhere[:2])
        said = [here] if here else []
        said += [f"only as far as it is the same in another world: {there}"] if there else []
        return f"{one.name}: {', '.join(said)}"
    return f"{one.name}: {'asked, told nothing' if one.is_asked else 'no case asked'}"


def _claims(settlings: tuple[Settling, ...], cases: Cases) -> Table:
    return Table(
        ("claim", "verdict", "what decides it, and the series that tell of it", "what would settle it"),
        tuple(
            (
                one.claim,
                one.verdict,
                ". ".join(_told(deciding, cases) for deciding in one.decides)
                or "no single assumption told from chance",
                what_settles(one, cases),
            )
            for one in sorted(settlings, key=lambda one: one.way == SETTLED)
        ),
        is_in_words=True,
    )


def _never(cases: Cases) -> Table:
    by_mechanism: dict[str, list[str]] = {}
    for item in cases.never_asked:
        by_mechanism.setdefault(item.mechanism, []).append(item.name)
    return Table(
        ("mechanism", "parameters"),
        tuple((name.replace("_", " "), ", ".join(found)) for name, found in by_mechanism.items()),
        is_in_words=True,
    )


def _cases(cases: Cases) -> Table:
    return Table(
        ("case", "world", "series", "truths", "gate"),
        tuple(
            (
                case.name,
                case.world,
                "; ".join(f"{name}: {title}" for name, title in case.series.items()),
                f"{case.truths:,}",
                f"not passed: {'; '.join(case.reasons)}" if case.reasons else "passed",
            )
            for case in cases.cases
        ),
        is_in_words=True,
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
    claims = (Chapter("claims", "What would settle each claim", "What would settle each claim", intro),)
    never = f"{len(cases.never_asked)} parameters that no case asked for"
    return (
        Chapter("cost", "The human cost", "The human cost"),
        *(claims if settlings else ()),
        Chapter(
            "told", "What each series can tell", "What each series can tell", _TOLD, (figures.by_case(cases),)
        ),
        Chapter("never", never, "What nobody asked", _NEVER),
        Chapter("cases", "The cases", "The cases", _CASES),
        Chapter("again", "How to make this again", "Make it again"),
    )


_CLAIMS = (
    "A verdict that is settled needs no data: it is the same in at least four of five plausible worlds, as right as "
    "the model. One that depends is settled by an observation of what it hinges on. A series of another world tells of "
    "an assumption only as far as it is the same in both, and does not count as data that exist."
)
_TOLD = (
    "Before anybody looks at the data: draws of the priors take their turn as the truth, and each series alone, or all "
    "of a case together, says what it can of them, read by this design at this scale. A value is the mean share by "
    "which the prior's variance shrinks."
)
_NEVER = (
    "Nothing is known of whether a series would tell of these: no case has them among its unknowns. They keep their "
    "priors in every verdict."
)
_CASES = "Where a gate is not passed, a series may tell of an unknown, and still no verdict may rest on the posterior."
