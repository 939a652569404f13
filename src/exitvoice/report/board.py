"""The claims board: a row a claim with what many worlds say of it, as a page and as a chapter of a run's report."""

from dataclasses import dataclass

from exitvoice.claims import Finding, Judgement
from exitvoice.claims.verdicts import DEPENDS
from exitvoice.evidence import Ledger, select
from exitvoice.report import numbers
from exitvoice.report.chapters import Chapter
from exitvoice.report.claim_rows import ClaimRow, ClaimsChapter, ledger_facts, origins
from exitvoice.report.figures import board as figures
from exitvoice.report.figures import deciding
from exitvoice.report.figures.base import Panel
from exitvoice.report.frame import render_page
from exitvoice.report.from_ledger import claim_cards
from exitvoice.report.hover import Tips, tips_for
from exitvoice.report.rows import ClaimCard

_STABLE = 0.5  # a limit of a box that fewer resamples find again is not shown as one


@dataclass(frozen=True)
class BoardPage:
    """What the template prints itself; texts are plain and are escaped there."""

    total: str
    meaning: str
    notices: tuple[str, ...]
    claims: ClaimsChapter
    command: str
    tips: Tips


def render_board(judgement: Judgement, ledger: Ledger) -> str:
    """Return the claims board as one HTML page that fetches nothing.

    Parameters
    ----------
    judgement : Judgement
        What `exitvoice.claims.judge_claims` gave.
    ledger : Ledger
        Who says what.
    """
    rows = board_rows(judgement, ledger)
    claims = ClaimsChapter(_board_words(judgement), rows)
    last = judgement.cost[-1] if judgement.cost else None
    page = BoardPage(
        total=numbers.amount(last.middle) if last else "not asked",
        meaning=_meaning(judgement),
        notices=_notices(judgement),
        claims=claims,
        command=judgement.command,
        tips=tips_for(select(ledger, ledger.claims)),
    )
    return render_page(
        "board",
        page,
        title=f"The claims, put to the test: {judgement.title}",
        subtitle=f"{judgement.runs:,} runs, {judgement.points} points of plausible assumptions, scale "
        f"{judgement.scale:g}, seed {judgement.seed}",
        chapters=_chapters(judgement, claims.intro),
        further=claims.panels,
    )


def board_chapter(judgement: Judgement, ledger: Ledger, *, is_of_this_world: bool) -> ClaimsChapter:
    """Return the claims board as the claims chapter of a run's report.

    Parameters
    ----------
    judgement : Judgement
    ledger : Ledger
    is_of_this_world : bool
        Whether the board is of the very scenario that was run.
    """
    words = [
        "The rest of this page is one world; the verdicts of this chapter come from many: "
        f"{judgement.runs:,} runs at {judgement.points} points of plausible assumptions, made with "
        f"'{judgement.command}'."
    ]
    if not is_of_this_world:
        words.append(
            "They are of the scenario as it stood when the board was made, not of the one that was run here."
        )
    paragraphs = [" ".join([*words, *_notices(judgement)]), _board_words(judgement)]
    if any(finding.by_theta for finding in judgement.findings):
        paragraphs.append(_THETA)
    return ClaimsChapter("\n\n".join(paragraphs), board_rows(judgement, ledger))


def board_rows(judgement: Judgement, ledger: Ledger) -> tuple[ClaimRow, ...]:
    """Return one row a claim: those that were tested first, in the ledger's order."""
    cards = {card.id: card for card in claim_cards(ledger)}
    ordered = sorted(judgement.findings, key=lambda finding: not finding.is_tested)
    return tuple(_row(cards[finding.claim], finding, judgement) for finding in ordered)


def _row(card: ClaimCard, finding: Finding, judgement: Judgement) -> ClaimRow:
    is_told = finding.hinges or finding.acting_together
    hinges = finding.hinges_on if is_told or finding.verdict == DEPENDS else ""
    weight = [card.speakers, _share(finding), f"Hinges on: {hinges}" if hinges else ""]
    return ClaimRow(
        id=card.id,
        text=card.text,
        kind=card.kind,
        origins=origins(card),
        verdict=finding.verdict,
        weight=". ".join(part for part in weight if part),
        facts=(*ledger_facts(card), *_facts(finding)),
        asked=_asked(finding),
        panels=_panels(finding, judgement) if finding.is_tested else (),
    )


def _panels(finding: Finding, judgement: Judgement) -> tuple[Panel, ...]:
    found = [figures.verdicts(finding)]
    if finding.by_theta:
        found.insert(0, figures.theta(finding, key=f"theta-{finding.claim}"))
    found += [figures.effects(finding, part) for part in finding.parts if part.share.worlds]
    if finding.hinges:
        found.append(deciding.hinges(finding, judgement.titles))
    if finding.interplay is not None and not finding.interplay.is_refused:
        found.append(deciding.interplay(finding, judgement.titles))
    return tuple(found)


def _asked(finding: Finding) -> str:
    if not finding.is_tested:
        return ""
    return f"{'What follows from it' if _is_indirect(finding) else 'Asked'}: {finding.question}"


def _share(finding: Finding) -> str:
    share = finding.share
    if share is None:
        return ""
    if not share.worlds:
        return "could be measured in no world"
    interval = f"{numbers.share(share.low)} to {numbers.share(share.high)}"
    return f"{numbers.share(share.value)} of {share.worlds} worlds ({interval})"


def _facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    pairs = (
        (
            "What is tested",
            "what follows from it; the claim itself is for sources" if _is_indirect(finding) else "",
        ),
        ("Why this verdict", finding.reason),
        ("What was put in", finding.by_construction),
        ("What stays open", finding.left_open),
        ("Screened first", _screened(finding)),
        ("With interactions", deciding.refusal(finding)),
        ("Where it holds", _box(finding)),
        ("The least that turns it", _counterexample(finding)),
        ("To see that", finding.counterexample.replay if finding.counterexample else ""),
        ("Chance alone", _chance(finding)),
        ("Not counted", _uncounted(finding)),
    )
    return tuple((name, text) for name, text in pairs if text)


def _screened(finding: Finding) -> str:
    if not finding.screened:
        return "Nothing: the budget was too small for a screen." if finding.is_tested else ""
    kept = [f"{_mechanism(one.mechanism)} ({one.size:.0%})" for one in finding.screened if one.is_kept]
    left = [_mechanism(one.mechanism) for one in finding.screened if not one.is_kept]
    count = finding.screened[0].points
    moved = (
        f"Moved as a whole, at {count} {'point' if count == 1 else 'points'}, these mechanisms carry the effect past "
        f"so many of the worlds: {', '.join(kept) if kept else 'none'}."
    )
    return f"{moved} Left out of what decides: {', '.join(left)}." if left else moved


def _mechanism(name: str) -> str:
    return name.replace("_", " ")


def _is_indirect(finding: Finding) -> bool:
    return finding.is_tested and finding.tests == "consequence"


def _box(finding: Finding) -> str:
    box = finding.box
    if box is None:
        return ""
    stable = [limit for limit in box.limits if limit.stability >= _STABLE]
    if not stable:
        return "No box of assumptions comes back when the worlds are resampled."
    words = [
        f"{limit.factor} {_between(limit.low, limit.high)} (comes back in {limit.stability:.0%} of resamples)"
        for limit in stable
    ]
    return (
        f"{'; '.join(words)}. In the whole box density {box.density:.0%} (without it {box.base:.0%}), coverage "
        f"{box.coverage:.0%}, {box.points} worlds, overlap of resampled boxes {box.stability:.0%}."
    )


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"up to {high:.3g}"
    return f"from {low:.3g} on" if high is None else f"from {low:.3g} to {high:.3g}"


def _counterexample(finding: Finding) -> str:
    example = finding.counterexample
    if example is None:
        return "None was found among the worlds that were run." if finding.is_tested else ""
    state = "holds" if example.holds_at_defaults else "does not hold"
    moves = ", ".join(f"{move.name} from {move.default:.3g} to {move.value:.3g}" for move in example.moves)
    least = (
        "None of these can be put back alone: each was tried."
        if example.is_minimal
        else "Whether fewer would do was not tried to the end."
    )
    return f"At the defaults it {state}; the other way round with {moves}. Confirmed by a run. {least}"


def _chance(finding: Finding) -> str:
    if finding.chance is None:
        return ""
    return f"changes the answer in {numbers.share(finding.chance)} of the points that were run twice"


def _uncounted(finding: Finding) -> str:
    if not finding.unmeasured:
        return ""
    return (
        f"{finding.unmeasured} worlds in which there was too little to measure, or what is given was not so"
    )


def _meaning(judgement: Judgement) -> str:
    if not judgement.cost:
        return "No claim that was asked needs the world as it stands, so its cost was not measured."
    last = judgement.cost[-1]
    return (
        f"in {last.year}, in the middle one of the plausible worlds; nine of ten lie between "
        f"{numbers.amount(last.low)} and {numbers.amount(last.high)}. Whatever the claims below are worth, this is "
        "what the controls cost people."
    )


def _notices(judgement: Judgement) -> tuple[str, ...]:
    found = [
        "A share of plausible worlds is no probability about any country: it says how much of what we hold possible "
        "agrees with a claim.",
    ]
    if not judgement.is_complete:
        found.append("The runs were stopped before the budget was spent: verdicts rest on what was done.")
    if judgement.failed:
        found.append(f"{judgement.failed} runs failed; their worlds do not count.")
    return tuple(found)


def _chapters(judgement: Judgement, words: str) -> tuple[Chapter, ...]:
    cascades = [finding for finding in judgement.findings if finding.by_theta]
    cost = (figures.cost(judgement),) if judgement.cost else ()
    found = [Chapter("cost", "The human cost", "The human cost", "", cost)]
    if cascades:
        panels = tuple(figures.theta(one, key=f"theta-first-{one.claim}") for one in cascades)
        found.append(Chapter("theta", "Before any word on cascades: theta", "Theta first", _THETA, panels))
    found += [
        Chapter("board", "The claims board", "The claims board", words),
        Chapter("again", "How to make this again", "Make it again"),
    ]
    return tuple(found)


def _board_words(judgement: Judgement) -> str:
    tested = sum(finding.is_tested for finding in judgement.findings)
    return _BOARD.format(tested, len(judgement.findings) - tested)


_THETA = (
    "Theta says how steeply the chance of punishment falls once a crowd outgrows the force. Nobody has measured it. "
    "Whether cascades come out rare or common turns on it, and on the theory of expression, before any other "
    "assumption: so every claim about open dissent shows its share by theta first."
)
_BOARD = (
    "{} claims were put to the test, {} were not, with the reason. Verdicts: 'holds' if the whole interval of the "
    "share lies above 80 %, 'fails' if below 20 %, else 'depends on' what decides it; 'the data cannot tell' where the "
    "answer only repeats the prior or there is too little to measure. Every interval holds the chance of the runs; "
    "over all looks together at most one verdict in twenty is wrong by chance. 'Open' says that the interval still "
    "crosses a limit, and how many more runs would likely settle it. Disputed signs have symmetric priors. "
    "Open a claim for its figures."
)
