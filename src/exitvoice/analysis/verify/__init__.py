"""Make stored results again and compare the bits; and name what they rest on that has changed since."""

from exitvoice.analysis.verify.ensemble import SAMPLE, is_ensemble, verify_ensemble
from exitvoice.analysis.verify.run import asked_today, scenario_today, stale_since, verify_run, what_was_run

__all__ = [
    "SAMPLE",
    "is_ensemble",
    "asked_today",
    "scenario_today",
    "stale_since",
    "verify_ensemble",
    "verify_run",
    "what_was_run",
]
