"""From data back to assumptions: which values of the parameters agree with what was counted, and who may say so."""

from exitvoice.calibration.load import load_targets, target_names
from exitvoice.calibration.posterior import Posterior
from exitvoice.calibration.posterior_file import read_posterior, write_posterior
from exitvoice.calibration.problem import Problem, problem_of
from exitvoice.calibration.schema import Target, Targets

__all__ = [
    "Posterior",
    "Problem",
    "Target",
    "Targets",
    "load_targets",
    "problem_of",
    "read_posterior",
    "target_names",
    "write_posterior",
]
