"""Patterns of history that the model must show: each as data, run, judged by a tolerance fixed beforehand."""

from exitvoice.analysis.patterns.findings import (
    Cost,
    Course,
    Outcome,
    PatternFinding,
    Validation,
    Verdict,
    read_validation,
    write_validation,
)
from exitvoice.analysis.patterns.load import load_patterns
from exitvoice.analysis.patterns.plan import plans_of
from exitvoice.analysis.patterns.run import Options, validate
from exitvoice.analysis.patterns.schema import Pattern

__all__ = [
    "Cost",
    "Course",
    "Options",
    "Outcome",
    "Pattern",
    "PatternFinding",
    "Validation",
    "Verdict",
    "load_patterns",
    "plans_of",
    "read_validation",
    "validate",
    "write_validation",
]
