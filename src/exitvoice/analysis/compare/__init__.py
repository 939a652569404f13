"""Twin worlds: two scenarios, one seed, every draw shared; what differs is what the change did."""

from exitvoice.analysis.compare.comparable import check_comparable
from exitvoice.analysis.compare.comparison import WORLDS, Comparison
from exitvoice.analysis.compare.reduced import COST, first_difference
from exitvoice.analysis.compare.twins import Progress, kept_twins, twins

__all__ = [
    "COST",
    "WORLDS",
    "Comparison",
    "Progress",
    "check_comparable",
    "first_difference",
    "kept_twins",
    "twins",
]
