"""The method 'abc': sequential Monte Carlo, then the regression that takes out what is left of the distance."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from exitvoice.calibration.abc.run import AbcOptions, sequential
from exitvoice.calibration.abc.sampler import Pace
from exitvoice.calibration.adjust import adjusted
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.inferred import Inferred
from exitvoice.calibration.options import Options, Watch
from exitvoice.calibration.problem import Problem


def infer(problem: Problem, options: Options, simulations: Simulations, watch: Watch) -> Inferred:
    """Return the posterior's draws."""

    def look(pace: Pace, tolerance: float) -> None:
        watch.stage = f"generation {pace.generation}" if pace.generation >= 0 else "first look at the priors"
        watch.acceptance = pace.accepted / pace.proposed
        watch.tolerance = tolerance if np.isfinite(tolerance) else None

    fitted = problem.is_fit
    found = sequential(
        problem.factors,
        problem.observed,
        fitted,
        simulations,
        options=AbcOptions(options.population, options.budget, distance=options.distance),
        seed=options.seed,
        watch=look,
    )
    values = adjusted(
        found.values, found.weights, found.vectors[:, fitted], problem.observed[fitted], problem.ranges
    )
    made = {"steps": [asdict(step) for step in found.steps], "nearest": float(found.distances.min())}
    return Inferred(values, found.weights, made)
