"""One file of a ledger, and a trap that is known to lie in it."""

from typing import Annotated, Literal

from pydantic import Field

from exitvoice.evidence.schema.base import KebabId, Record, RecordId, Text
from exitvoice.evidence.schema.claim import Claim
from exitvoice.evidence.schema.parts import Definition
from exitvoice.evidence.schema.source import Source
from exitvoice.evidence.schema.statement import Statement
from exitvoice.evidence.schema.table import Table


class Trap(Record):
    """A trap that is known to lie in the ledger, so that the checks can be measured; no check reads it.

    `check` is the check that should find it and `records` are those that a finding must name to count.
    """

    id: Annotated[str, Field(pattern=r"^T[1-9][0-9]?$")]
    text: Text
    shows: Text
    check: KebabId
    records: tuple[RecordId, ...] = Field(min_length=1)


class Review(Record):
    """What a reader made of a finding that no known trap explains: right, or an alarm about nothing; and why."""

    check: KebabId
    records: tuple[RecordId, ...] = Field(min_length=1)
    is_sound: bool
    why: Text


class EvidenceFile(Record):
    """One file of the ledger; it may hold any kind of record."""

    format: Literal["exitvoice-evidence/1"]
    sources: tuple[Source, ...] = ()
    definitions: tuple[Definition, ...] = ()
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    tables: tuple[Table, ...] = ()
    traps: tuple[Trap, ...] = ()
    reviews: tuple[Review, ...] = ()
