"""Claims as rows that open: what the ledger says of each, and, where worlds were asked, what these say."""

from collections.abc import Sequence
from dataclasses import dataclass

from exitvoice.report.figures.base import Panel
from exitvoice.report.rows import ClaimCard

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ClaimRow:
    """One claim: a line to read, and what stands behind it when it is opened.

    Attributes
    ----------
    id, text, kind, origins, verdict : str
    asked : str
        What was asked of the worlds, if something was.
    weight : str
        Who says it, the share of worlds, what it hinges on.
    facts : tuple of (str, str)
    panels : tuple of Panel
    """

    id: str
    text: str
    kind: str
    origins: str
    verdict: str
    weight: str
    facts: Facts
    asked: str = ""
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True)
class ClaimsChapter:
    """The claims of a page: a few words before them, and the rows."""

    intro: str
    rows: tuple[ClaimRow, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The figures of all rows."""
        return tuple(panel for row in self.rows for panel in row.panels)


def untested_chapter(cards: Sequence[ClaimCard]) -> ClaimsChapter:
    """Return the claims as the ledger has them, without a word of any world."""
    if not cards:
        return ClaimsChapter("This world is invented: it rests on no claim of the evidence.", ())
    single = sum(len(card.origins) == 1 for card in cards)
    intro = (
        f"{len(cards)} claims of the evidence, each with its kind and the number of independent origins: outlets that "
        f"repeat one report count once. {single} of them have one origin only. Open a claim to see who says it, what "
        "speaks for and against it."
    )
    return ClaimsChapter(intro, tuple(_untested(card) for card in cards))


def _untested(card: ClaimCard) -> ClaimRow:
    why = f"{card.verdict}: {card.why}" if card.why else card.verdict
    doubting = (
        f"{len(card.doubting)} {'doubts' if len(card.doubting) == 1 else 'doubt'}" if card.doubting else ""
    )
    return ClaimRow(
        id=card.id,
        text=card.text,
        kind=card.kind,
        origins=origins(card),
        verdict=card.verdict,
        weight="; ".join(part for part in (card.speakers, doubting) if part),
        facts=(*ledger_facts(card), ("Verdict", why)),
    )


def origins(card: ClaimCard) -> str:
    """Return how many independent origins a claim has, in a few words."""
    count, more = len(card.origins), len(card.confirming)
    words = [f"{count} {'origin' if count == 1 else 'origins'}"]
    words += ["partisan"] if card.is_partisan_only else []
    words += [f"{more} more {'confirms' if more == 1 else 'confirm'}"] if more else []
    return ", ".join(words)


def ledger_facts(card: ClaimCard) -> Facts:
    """Return what the ledger says of a claim: who, from where, what for and what against it."""
    outlets = f"{card.outlets} {'outlet' if card.outlets == 1 else 'outlets'}"
    count = f"{len(card.origins)} independent {'origin' if len(card.origins) == 1 else 'origins'}"
    where = f" ({card.outlet}, {card.date})" if card.outlet else ""
    pairs = [
        ("Who says it", f"{card.speakers}{where}"),
        ("Mechanism asserted", card.mechanism),
        ("Where it comes from", f"{outlets}, {count}: {'; '.join(card.origins)}"),
        ("Leans on", ", ".join(card.depends_on)),
        ("How its wording drifted", card.drift),
        *(("For it", remark) for remark in card.corroboration),
        *(("Against it", remark) for remark in card.doubt),
    ]
    return tuple((name, text) for name, text in pairs if text)
