"""Who says so: sources, statements and claims, and how many independent origins they have."""

from exitvoice.evidence.asof import as_known_on, known_since
from exitvoice.evidence.checks import CHECKS, Check, Finding, run_checks
from exitvoice.evidence.ledger import Ledger, load_ledger
from exitvoice.evidence.measure import Caught, Measure, measure
from exitvoice.evidence.origins import find_relay_cycle, independent_origins, relays_of
from exitvoice.evidence.schema import (
    Claim,
    Definition,
    Forecast,
    Remark,
    Review,
    Source,
    Statement,
    Term,
    Trap,
)
from exitvoice.evidence.select import select
from exitvoice.evidence.series import Observation, ObservedSeries, load_series
from exitvoice.evidence.summary import ClaimRow, StatementRow, claim_rows, statement_rows
from exitvoice.evidence.support import Support, support_faults
from exitvoice.evidence.worth import Worth, assess, counted

__all__ = [
    "CHECKS",
    "Caught",
    "Check",
    "Claim",
    "ClaimRow",
    "Definition",
    "Finding",
    "Forecast",
    "Ledger",
    "Measure",
    "Observation",
    "ObservedSeries",
    "Remark",
    "Review",
    "Source",
    "Statement",
    "StatementRow",
    "Support",
    "Term",
    "Trap",
    "Worth",
    "as_known_on",
    "assess",
    "claim_rows",
    "counted",
    "find_relay_cycle",
    "independent_origins",
    "known_since",
    "load_ledger",
    "load_series",
    "measure",
    "relays_of",
    "run_checks",
    "select",
    "statement_rows",
    "support_faults",
]
