"""Make again what is stale, and nothing else; what is stopped leaves the old result in its place."""

from exitvoice.trace.remake.comparisons import ComparisonAgain, comparison_again
from exitvoice.trace.remake.ensembles import remake_ensemble
from exitvoice.trace.remake.patterns import remake_patterns
from exitvoice.trace.remake.runs import remake_run
from exitvoice.trace.remake.verdicts import Remade, remake_verdicts

__all__ = [
    "ComparisonAgain",
    "Remade",
    "comparison_again",
    "remake_ensemble",
    "remake_patterns",
    "remake_run",
    "remake_verdicts",
]
