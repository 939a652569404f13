"""The ledger as rows: claims with their origins, and evidence ids as words a reader can follow."""

from collections.abc import Iterable

from exitvoice.evidence import Claim, Ledger, Remark, Source, claim_rows
from exitvoice.report.rows import ClaimCard

NOT_TESTED = "not tested yet"
NOT_TESTABLE = "not testable here"
_WHY_NOT_YET = "the claims board puts it to the test over many worlds; this is one run"
_MARKS = {"relayed": "relayed", "recalled": "recalled, to be checked", "derived": "derived by arithmetic"}


def claim_cards(ledger: Ledger) -> tuple[ClaimCard, ...]:
    """Return a card for every claim of the ledger, in its order."""
    return tuple(
        ClaimCard(
            id=row.claim.id,
            text=row.claim.text,
            speakers=", ".join(row.claim.speakers),
            outlet=row.claim.outlet,
            date=row.claim.date,
            kind=row.claim.kind.replace("_", " "),
            mechanism=row.claim.mechanism or "",
            depends_on=row.claim.depends_on,
            outlets=row.outlets,
            origins=_names(ledger, row.origins),
            confirming=_names(ledger, row.corroborating),
            doubting=_names(ledger, row.doubting),
            is_partisan_only=row.is_partisan_only,
            corroboration=tuple(_remark(ledger, remark) for remark in row.claim.corroboration),
            doubt=tuple(_remark(ledger, remark) for remark in row.claim.doubt),
            drift=row.claim.drift or "",
            verdict=_verdict(row.claim),
            why=row.claim.why_not_testable or _WHY_NOT_YET,
        )
        for row in claim_rows(ledger)
    )


def cite(ledger: Ledger, evidence_ids: Iterable[str]) -> tuple[str, ...]:
    """Say in words what each id of the ledger is: who published it and when, and how we know it."""
    return tuple(_cite_one(ledger, evidence_id) for evidence_id in evidence_ids)


def name_source(source: Source) -> str:
    """Return publisher and date of a source."""
    return f"{source.publisher}, {source.date}" if source.date else source.publisher


def _cite_one(ledger: Ledger, evidence_id: str) -> str:
    if evidence_id not in ledger:
        return evidence_id
    found = ledger.resolve(evidence_id)
    names = [name_source(ledger.sources[source]) for source in found.sources]
    who = " and ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    if isinstance(found, Claim):
        return f"claim {found.id} ({who})"
    mark = _MARKS.get(found.quality, "")
    return "; ".join(part for part in (who, mark) if part) + f" [{found.id}]"


def _names(ledger: Ledger, source_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(name_source(ledger.sources[source]) for source in sorted(source_ids))


def _remark(ledger: Ledger, remark: Remark) -> str:
    names = ", ".join(name_source(ledger.sources[source]) for source in remark.sources)
    return f"{remark.text} ({names})" if names else remark.text


def _verdict(claim: Claim) -> str:
    return NOT_TESTED if claim.testable else NOT_TESTABLE
