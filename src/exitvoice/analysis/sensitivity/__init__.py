"""Which assumptions decide a result: Sobol and Morris where the design allows, given-data indices anywhere."""

from exitvoice.analysis.sensitivity.base import Index, Indices, bounds_of
from exitvoice.analysis.sensitivity.given_data import given_data_indices
from exitvoice.analysis.sensitivity.morris import Effect, morris_screen
from exitvoice.analysis.sensitivity.sobol import SobolIndices, sobol_indices
from exitvoice.analysis.sensitivity.total import LEAST_FIT, Interplay, total_indices

__all__ = [
    "LEAST_FIT",
    "Effect",
    "Index",
    "Indices",
    "Interplay",
    "SobolIndices",
    "bounds_of",
    "given_data_indices",
    "morris_screen",
    "sobol_indices",
    "total_indices",
]
