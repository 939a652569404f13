"""Who says so: sources, statements and claims, and how many independent origins they have."""

from exitvoice.evidence.ledger import Ledger, load_ledger
from exitvoice.evidence.origins import find_relay_cycle, independent_origins, relays_of
from exitvoice.evidence.schema import Claim, Definition, Forecast, Remark, Source, Statement, Term, Trap
from exitvoice.evidence.summary import ClaimRow, StatementRow, claim_rows, statement_rows
from exitvoice.evidence.support import Support, support_faults

__all__ = [
    "Claim",
    "ClaimRow",
    "Definition",
    "Forecast",
    "Ledger",
    "Remark",
    "Source",
    "Statement",
    "StatementRow",
    "Support",
    "Term",
    "Trap",
    "claim_rows",
    "find_relay_cycle",
    "independent_origins",
    "load_ledger",
    "relays_of",
    "statement_rows",
    "support_faults",
]
