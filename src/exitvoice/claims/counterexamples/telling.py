"""A counter-example in words, for a terminal and for a page alike."""

from __future__ import annotations

from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.claims.schema import Condition


def asked(part: Condition) -> str:
    """Say in words what a condition asks of its outcome."""
    sign = "-" if part.direction == "falls" else ""
    limit = f"{part.threshold:.0%}" if part.measure == "relative" else f"{part.threshold:g}"
    words = {
        "rises": f"above {limit}",
        "falls": f"below {sign}{limit}",
        "unmoved": f"within {limit} of none",
        "above": f"above {limit}",
        "below": f"below {limit}",
    }
    measure = {"difference": "change of: ", "relative": "relative change of: ", "level": ""}[part.measure]
    return f"{part.name}: {measure}{OUTCOMES[part.outcome].title.lower()}, {words[part.direction]}"


def measured(value: float | None) -> str:
    """Write what was measured."""
    return "cannot be measured" if value is None else f"{value:.4g}"
