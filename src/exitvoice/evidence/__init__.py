"""Who says so: sources, statements and claims, and how many independent origins they have."""

from exitvoice.evidence.asof import as_known_on, known_since
from exitvoice.evidence.checks import CHECKS, Check, Finding, run_checks
from exitvoice.evidence.ledger import Ledger, load_ledger
from exitvoice.evidence.origins import find_relay_cycle, independent_origins, relays_of
from exitvoice.evidence.schema import Claim, Definition, Forecast, Remark, Source, Statement, Term, Trap
from exitvoice.evidence.summary import ClaimRow, StatementRow, claim_rows, statement_rows
from exitvoice.evidence.support import Support, support_faults

__all__ = [
    "CHECKS",
    "Check",
    "Claim",
    "ClaimRow",
    "Definition",
    "Finding",
    "Forecast",
    "Ledger",
    "Remark",
    "Source",
    "Statement",
    "StatementRow",
    "Support",
    "Term",
    "Trap",
    "as_known_on",
    "claim_rows",
    "find_relay_cycle",
    "independent_origins",
    "known_since",
    "load_ledger",
    "relays_of",
    "run_checks",
    "statement_rows",
    "support_faults",
]
