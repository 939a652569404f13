"""Rows for people: what is claimed, by how many outlets, and from how many independent origins."""

from collections.abc import Iterable
from dataclasses import dataclass

from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.origins import independent_origins
from exitvoice.evidence.schema import Claim, Remark, Statement


@dataclass(frozen=True)
class ClaimRow:
    """One claim with its counts of outlets and of independent origins.

    `origins` are those that assert the claim; `corroborating` are further origins whose remarks support it
    and `doubting` those whose remarks doubt it. `outlets` counts every asserting source, relays included.
    """

    claim: Claim
    outlets: int
    origins: frozenset[str]
    corroborating: frozenset[str]
    doubting: frozenset[str]
    is_partisan_only: bool


@dataclass(frozen=True)
class StatementRow:
    """One statement with the independent origins behind it."""

    statement: Statement
    origins: frozenset[str]


def claim_rows(ledger: Ledger, claim_ids: Iterable[str] | None = None) -> tuple[ClaimRow, ...]:
    """Return a row for each claim named, or for all in the order of the ledger."""
    chosen = ledger.claims if claim_ids is None else claim_ids
    return tuple(_claim_row(ledger, ledger.claims[claim_id]) for claim_id in chosen)


def statement_rows(ledger: Ledger, statement_ids: Iterable[str] | None = None) -> tuple[StatementRow, ...]:
    """Return a row for each statement named, or for all in the order of the ledger."""
    chosen = ledger.statements if statement_ids is None else statement_ids
    return tuple(
        StatementRow(
            statement=ledger.statements[statement_id],
            origins=statement_origins(ledger, ledger.statements[statement_id]),
        )
        for statement_id in chosen
    )


def statement_origins(ledger: Ledger, statement: Statement) -> frozenset[str]:
    """Return the origins of a statement; a derived one has those of the statements it is derived from."""
    origins = independent_origins(ledger, statement.sources)
    for parent in statement.derived_from:
        origins |= statement_origins(ledger, ledger.statements[parent])
    return origins


def _claim_row(ledger: Ledger, claim: Claim) -> ClaimRow:
    origins = independent_origins(ledger, claim.sources)
    return ClaimRow(
        claim=claim,
        outlets=len(set(claim.sources)),
        origins=origins,
        corroborating=_remark_origins(ledger, claim.corroboration) - origins,
        doubting=_remark_origins(ledger, claim.doubt),
        is_partisan_only=all(ledger.sources[origin].partisan for origin in origins),
    )


def _remark_origins(ledger: Ledger, remarks: Iterable[Remark]) -> frozenset[str]:
    return independent_origins(ledger, (source for remark in remarks for source in remark.sources))
