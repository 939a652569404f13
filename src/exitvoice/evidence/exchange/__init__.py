"""Ledgers in other formats: CSV and JSON Lines with a data package descriptor, FollowTheMoney statements."""

from exitvoice.evidence.exchange.reading import is_ledger, read_ledger
from exitvoice.evidence.exchange.writing import write_ledger

__all__ = ["is_ledger", "read_ledger", "write_ledger"]
