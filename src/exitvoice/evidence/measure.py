"""How good are the checks? Known traps that they find, and what else they say of the rest of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from exitvoice.evidence.checks import Finding
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.schema import Review, Trap


@dataclass(frozen=True)
class Caught:
    """A known trap and the finding that caught it, or None."""

    trap: Trap
    finding: Finding | None


@dataclass(frozen=True)
class Measure:
    """Known traps caught or not, and the findings beyond them by what a reader made of each.

    Attributes
    ----------
    traps : tuple of Caught
    sound : tuple of Finding
        Beyond the known traps, and right: a reader who knows it reads the figure otherwise.
    false_alarms : tuple of Finding
        Beyond the known traps, and about nothing.
    unread : tuple of Finding
        Nobody has judged them yet; they count as false alarms until somebody has.
    """

    traps: tuple[Caught, ...]
    sound: tuple[Finding, ...]
    false_alarms: tuple[Finding, ...]
    unread: tuple[Finding, ...]

    @property
    def caught(self) -> int:
        """How many of the known traps were caught."""
        return sum(one.finding is not None for one in self.traps)

    @property
    def false_share(self) -> float:
        """Share of all findings that are false or unread."""
        of_traps = {id(one.finding) for one in self.traps if one.finding is not None}
        wrong = len(self.false_alarms) + len(self.unread)
        total = len(of_traps) + len(self.sound) + wrong
        return wrong / total if total else 0.0


def measure(ledger: Ledger, findings: Sequence[Finding]) -> Measure:
    """Hold findings against the known traps of a ledger and against what readers made of the others.

    A trap is caught where its check names all of its records. A finding that names the records of a known trap in the
    same check belongs to it; every other one is looked up among the reviews.
    """
    traps = tuple(Caught(trap, _catch(trap, findings)) for trap in ledger.traps.values())
    rest = [one for one in findings if not any(_is_of(one, trap) for trap in ledger.traps.values())]
    judged = [(one, _review(one, ledger.reviews)) for one in rest]
    return Measure(
        traps=traps,
        sound=tuple(one for one, review in judged if review is not None and review.is_sound),
        false_alarms=tuple(one for one, review in judged if review is not None and not review.is_sound),
        unread=tuple(one for one, review in judged if review is None),
    )


def _catch(trap: Trap, findings: Sequence[Finding]) -> Finding | None:
    return next(
        (one for one in findings if one.check == trap.check and set(trap.records) <= set(one.records)), None
    )


def _is_of(finding: Finding, trap: Trap) -> bool:
    return finding.check == trap.check and bool(set(trap.records) & set(finding.records))


def _review(finding: Finding, reviews: Sequence[Review]) -> Review | None:
    return next(
        (one for one in reviews if one.check == finding.check and set(one.records) <= set(finding.records)),
        None,
    )
