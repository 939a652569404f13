"""A bank: many independent draws of the priors with what each gave, from which any number of inferences are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.simulator import Simulated
from exitvoice.ensemble import Factor, RunKey
from exitvoice.ensemble.work import Task

BANK_STREAM = 0
PREDICTIVE_STREAM = 1


@dataclass(frozen=True, eq=False)
class Bank:
    """Draws of the unknowns, (draws, factors), with what each gave; those that failed are left out."""

    values: Floats
    vectors: Floats
    truths: Floats
    costs: Floats = field(default_factory=lambda: np.zeros(0))

    def without(self, row: int) -> Bank:
        """Return the bank without one draw."""
        keep = np.arange(len(self.values)) != row
        return self.at(keep)

    def at(self, rows: Any) -> Bank:
        """Return some draws of it."""
        costs = self.costs[rows] if self.costs.size else self.costs
        return Bank(self.values[rows], self.vectors[rows], self.truths[rows], costs)


def prior_draws(factors: tuple[Factor, ...], count: int, *, seed: int) -> Floats:
    """Return independent draws of uniform priors, (count, factors); the first of more are those of fewer."""
    low = np.array([factor.low for factor in factors])
    high = np.array([factor.high for factor in factors])
    unit = np.random.Generator(np.random.PCG64([seed, 7])).random((count, len(factors)))
    return np.asarray(np.clip(low + unit * (high - low), low, high))


def fill_bank(factors: tuple[Factor, ...], simulations: Simulations, count: int, *, seed: int) -> Bank:
    """Simulate draws of the priors."""
    return simulate_at(prior_draws(factors, count, seed=seed), simulations, stream=BANK_STREAM)


def simulate_at(values: Floats, simulations: Simulations, *, stream: int) -> Bank:
    """Simulate some draws, (count, factors), and keep their order; `stream` sets their chance apart from others'."""

    def tasks() -> Iterator[Task]:
        for number, row in enumerate(values):
            yield Task(RunKey(stream, number, 0), tuple(float(value) for value in row))

    with closing(simulations.in_order(tasks())) as made:
        done = [(task.values, outcome) for task, outcome in made if isinstance(outcome, Simulated)]
    return Bank(
        values=np.array([row for row, _ in done]).reshape(len(done), values.shape[1]),
        vectors=np.array([outcome.vector for _, outcome in done]),
        truths=np.array([outcome.truths for _, outcome in done]),
        costs=np.array([outcome.cost for _, outcome in done]),
    )
