"""The records of a ledger: sources, statements, tables of statements, claims, definitions and known traps."""

from exitvoice.evidence.schema.base import Record
from exitvoice.evidence.schema.claim import Claim, Remark
from exitvoice.evidence.schema.file import EvidenceFile, Review, Trap
from exitvoice.evidence.schema.parts import Definition, Forecast, Term
from exitvoice.evidence.schema.source import Source
from exitvoice.evidence.schema.statement import Statement
from exitvoice.evidence.schema.table import Row, Table

__all__ = [
    "Claim",
    "Definition",
    "EvidenceFile",
    "Forecast",
    "Record",
    "Remark",
    "Review",
    "Row",
    "Source",
    "Statement",
    "Table",
    "Term",
    "Trap",
]
