"""Does a value say on whose word it stands? Either statements and claims, or 'assumed' with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from exitvoice.evidence.ledger import Ledger


@dataclass(frozen=True)
class Support:
    """What one value of a scenario or of the priors rests on.

    `path` says where the value stands, such as `rules[3]`; `evidence` holds ids of the ledger; `assumed` is
    the reason where no source gives the value. Both may be given, one must be.
    """

    path: str
    evidence: tuple[str, ...] = ()
    assumed: str | None = None


def support_faults(ledger: Ledger, supports: Iterable[Support]) -> tuple[str, ...]:
    """Return one sentence for every value without support and for every id the ledger does not know.

    An empty answer means that every value names its evidence or says that it is assumed.
    """
    faults: list[str] = []
    for support in supports:
        if not support.evidence and not (support.assumed or "").strip():
            faults.append(f"{support.path}: names neither evidence nor 'assumed'")
        faults.extend(
            f"{support.path}: unknown evidence {evidence_id!r}{_hint(ledger, evidence_id)}"
            for evidence_id in support.evidence
            if evidence_id not in ledger
        )
    return tuple(faults)


def _hint(ledger: Ledger, evidence_id: str) -> str:
    nearest = ledger.nearest(evidence_id)
    return "" if nearest is None else f"; nearest is {nearest!r}"
