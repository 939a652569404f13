"""A summary model so cheap that an inference on it can be tested hundreds of times: no persons, only flows.

A population waits, is served by an office and leaves, month by month; hope follows the chance of being served, and
those gone draw others after them. It is the skeleton of the journey mechanism (README of the model, 7.7) as a
difference equation, with Poisson counts:

    applications_t = N wish H^psi (1 + gain gone / N),   H = 1 - exp(-12 served / queue)
    served_t       = min(queue, capacity_t),   queue += applications - served - queue / patience,   gone += served
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Floats
from exitvoice.calibration.simulator import Simulated, seed_of
from exitvoice.ensemble import Factor
from exitvoice.ensemble.work import Failure, Task

PERSONS = 5_000.0
PATIENCE = 25.0
"""Months until an application is withdrawn, in the mean."""
MONTHS = 24
QUARTERS = MONTHS // 3
SCALE = 0.25
"""Of the distance, in logs: what a quarter's count is held to."""

FACTORS = (
    Factor("parameters.wish", 0.0005, 0.006, "Wishes to leave a head and month"),
    Factor("parameters.exponent", 0.2, 2.0, "Exponent of hope"),
    Factor("parameters.gain", 0.0, 40.0, "Pull of those gone"),
)
CAPACITY = np.where(np.arange(MONTHS) < MONTHS // 2, 3.0, 12.0)
"""Decisions a month; released in the second year."""


def counts(values: Floats, uniforms: np.random.Generator, *, wrong: bool = False) -> Floats:
    """Return applications and the mean queue of each quarter, in logs over `SCALE`.

    Parameters
    ----------
    values : array (draws, 3)
    uniforms : Generator
    wrong : bool
        A simulator that is not the one inferred with: twice the wishes, and hope that does not matter.

    Returns
    -------
    array (draws, 2 * quarters)
    """
    wish, exponent, gain = np.atleast_2d(values).T
    queue, gone = np.full(wish.shape, 15.0), np.zeros_like(wish)
    applications, waiting = [], []
    for capacity in CAPACITY:
        hope = np.ones_like(wish) if wrong else 1.0 - np.exp(-12.0 * capacity / np.maximum(queue, 1.0))
        mean = PERSONS * wish * (2.0 if wrong else 1.0) * hope**exponent * (1.0 + gain * gone / PERSONS)
        applied = uniforms.poisson(np.minimum(mean, PERSONS)).astype(np.float64)
        served = np.minimum(queue, capacity)
        queue = np.maximum(queue + applied - served - queue / PATIENCE, 0.0)
        gone = gone + served
        applications.append(applied)
        waiting.append(queue)
    by_quarter = np.stack(applications).reshape(QUARTERS, 3, -1).sum(axis=1)
    mean_queue = np.stack(waiting).reshape(QUARTERS, 3, -1).mean(axis=1)
    return np.asarray(np.log(np.concatenate([by_quarter, mean_queue]) + 1.0).T / SCALE)


@dataclass(frozen=True)
class CheapWork:
    """Simulates the cheap model, one draw a task."""

    seed: int
    wrong: bool = False
    threads: int = 1

    def bench(self) -> CheapWork:
        """Return a place for it: it needs nothing."""
        return self

    def run(self, task: Task) -> Simulated | Failure:
        """Simulate one draw."""
        generator = np.random.Generator(np.random.Philox(key=seed_of(self.seed, task.key)))
        vector = counts(np.array(task.values), generator, wrong=self.wrong)[0]
        return Simulated(task.key, vector, vector)
