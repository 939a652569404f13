"""The method 'bank': the nearest of many draws of the priors, adjusted; what the gate tests is this very inference.

What it predicts is what the nearest draws gave, before the adjustment: no simulation is made a second time.
"""

from __future__ import annotations

import numpy as np

from exitvoice.calibration.bank import Bank, fill_bank
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.gate.replicate import DRAWS, kept_of, nearest
from exitvoice.calibration.inferred import Inferred
from exitvoice.calibration.options import Options, Watch
from exitvoice.calibration.problem import Problem


def infer(problem: Problem, options: Options, simulations: Simulations, watch: Watch) -> Inferred:
    """Return draws of the posterior from a bank of as many simulations as may be spent."""
    watch.stage = "simulating draws of the priors"
    whole = fill_bank(problem.factors, simulations, options.budget, seed=options.seed)
    fitted = problem.is_fit
    bank = Bank(whole.values, whole.vectors[:, fitted], whole.truths)
    keep = kept_of(len(bank.values))
    observed = problem.observed[fitted]
    values = nearest(problem.ranges, keep)(bank, observed, options.seed)
    kept = np.argsort(np.linalg.norm(bank.vectors - observed, axis=1), kind="stable")[:keep]
    made = {"bank": len(bank.values), "kept": keep}
    return Inferred(values, np.full(DRAWS, 1.0 / DRAWS), made, predicted=whole.at(kept))
