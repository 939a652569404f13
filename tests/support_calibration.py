"""The cheap model as a calibration's question."""

from dataclasses import replace

import numpy as np

from exitvoice.calibration import load_targets, problem_of
from exitvoice.calibration.cheap import FACTORS, counts
from exitvoice.calibration.summaries import Entry
from exitvoice.scenario import load_scenario

TRUTH = np.array([0.0026, 1.2, 18.0])


def cheap_observed(seed=3):
    return counts(TRUTH, np.random.default_rng(seed))[0]


def cheap_problem(seed=3):
    observed = cheap_observed(seed)
    problem = problem_of(load_targets("gdr-1989"), load_scenario("gdr-1989"))
    entries = tuple(Entry(0, "value", True) for _ in observed)
    return replace(problem, factors=FACTORS, entries=entries, observed=observed)
