"""Outcomes in words, the same for the terminal, the page and the README."""

from __future__ import annotations

from exitvoice.analysis.patterns.findings import Number, Outcome, Validation

ROLES = {"required": "", "control": "Control: ", "reported": "Reported: "}


def compared(outcome: Outcome) -> str:
    """Say what is compared, and in which role."""
    return f"{ROLES[outcome.role]}{outcome.title}"


def simulated(outcome: Outcome) -> str:
    """Say what was simulated: the value, its interval, and what the prior makes of it."""
    if outcome.value is None:
        return "no number" if outcome.low is None else "without bound"
    text = f"{figure(outcome.value)} ({figure(outcome.low)} to {figure(outcome.high)})"
    if outcome.is_by_draws:
        text = f"{outcome.counted} draws: {text}"
    elif outcome.prior:
        text += f"; prior {figure(outcome.prior[0])} to {figure(outcome.prior[2])}"
    if outcome.prior_share is not None:
        text += f", {outcome.prior_share:.0%} of draws accepted"
    if outcome.kind in ("share", "share-change", "correlation", "spread"):
        text += f", {outcome.counted} draws"
    return text


def accepted(outcome: Outcome) -> str:
    """Say which values are accepted.

    A tolerance is fixed beforehand; what is only reported has none.
    """
    low, high = outcome.tolerance_low, outcome.tolerance_high
    if low is None and high is None:
        return "no pass mark"
    if high is None:
        return f"{figure(low)} or more"
    return f"{figure(high)} or less" if low is None else f"{figure(low)} to {figure(high)}"


def figure(value: Number) -> str:
    """Write a number to three figures; a dash where there is none.

    Examples
    --------
    >>> figure(0.14159), figure(1234.5), figure(None), figure(-0.0)
    ('0.142', '1,230', '-', '0')
    """
    if value is None:
        return "-"
    rounded = float(f"{value:.3g}") + 0.0
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.3g}"


def cost_in_words(found: Validation) -> str:
    """Say what the controls of the largest world that was run cost people a year."""
    costs = [cost for finding in found.findings for cost in finding.costs]
    if not costs:
        return "not measured: no world was run to its end"
    most = max(costs, key=lambda cost: cost.person_years)
    size = (
        f"{most.person_years / 1e6:,.1f} million" if most.person_years >= 1e6 else f"{most.person_years:,.0f}"
    )
    return f"{size} person-years without freedom to leave, a year ({most.title})"
