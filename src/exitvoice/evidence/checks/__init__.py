"""Checks of a ledger, one small file each: a rule, an example, an innocent twin, and a message that teaches."""

from collections.abc import Sequence
from datetime import date

from exitvoice.evidence.checks import (
    cause_date,
    cited_as,
    composition,
    conflicts,
    definitions,
    denominators,
    doubled,
    drift,
    echo,
    forecasts,
    gross_net,
    parts_exceed,
    rival_causes,
    single_voice,
    still_index,
    stock_flow,
    stocks_summed,
    text_practice,
    totals,
    translation,
    unfalsifiable,
    units,
    windows,
)
from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.checks.forecasts import brier
from exitvoice.evidence.ledger import Ledger

CHECKS: tuple[Check, ...] = (
    echo.CHECK,
    single_voice.CHECK,
    drift.CHECK,
    definitions.CHECK,
    conflicts.CHECK,
    doubled.CHECK,
    windows.CHECK,
    gross_net.CHECK,
    stock_flow.CHECK,
    stocks_summed.CHECK,
    parts_exceed.CHECK,
    totals.CHECK,
    composition.CHECK,
    units.CHECK,
    denominators.CHECK,
    cited_as.CHECK,
    translation.CHECK,
    text_practice.CHECK,
    cause_date.CHECK,
    rival_causes.CHECK,
    still_index.CHECK,
    unfalsifiable.CHECK,
    forecasts.CHECK,
)


def run_checks(ledger: Ledger, *, today: date, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """Return everything the checks find in a ledger, in the order of the checks.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> found = run_checks(load_ledger(), today=date(2026, 1, 1))
    >>> any(one.check == "unfalsifiable" and one.records == ("C25",) for one in found)
    True
    """
    reading = Reading(ledger, today)
    return tuple(finding for check in checks for finding in check.look(reading))


__all__ = ["CHECKS", "Check", "Finding", "Reading", "brier", "run_checks"]
