"""Replications from a bank: each draw in turn is the truth, what it gave is the data, and the rest is inferred with.

One bank pays for any number of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.adjust import adjusted
from exitvoice.calibration.bank import Bank
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.gate.ranks import Ranks, rank_of

DRAWS = 99
"""Of each posterior, for its ranks."""

LEAST_KEPT = 50
KEPT = 0.1
"""Share of a bank that an inference keeps: assumed; the tolerance is then that of a tenth of the prior."""

Inference = Callable[[Bank, Floats, int], Floats]
"""From a bank, fitted figures and a seed to draws (DRAWS, factors)."""


@dataclass(frozen=True, eq=False)
class Replications:
    """What inferences on known truths came to.

    Attributes
    ----------
    truths : array (replications, factors)
    means, spreads : array (replications, factors)
        Of each posterior.
    ranks : array (replications, factors)
        Of each truth among `DRAWS` draws.
    ranges : array (factors, 2)
        Of the priors.
    """

    truths: Floats
    means: Floats
    spreads: Floats
    ranks: Ranks
    ranges: Floats

    @property
    def contraction(self) -> Floats:
        """1 - variance of each posterior / variance of the prior, (replications, factors)."""
        return np.asarray(1.0 - self.spreads**2 / (np.ptp(self.ranges, axis=1) ** 2 / 12.0))

    @property
    def recovery(self) -> Floats:
        """Share of the variance of truths that the posterior means explain, (factors,); below 0 is worse than none."""
        left = ((self.truths - self.means) ** 2).mean(axis=0)
        return np.asarray(1.0 - left / self.truths.var(axis=0))


def replicate(
    bank: Bank,
    ranges: Floats,
    infer: Inference,
    *,
    count: int,
    seed: int,
    observed: Bank | None = None,
) -> Replications:
    """Infer `count` truths.

    Parameters
    ----------
    bank : Bank
        Its vectors hold the fitted entries alone.
    ranges : array (factors, 2)
    infer : Inference
    count : int
    seed : int
    observed : Bank, optional
        Truths and data to be inferred in place of the bank's own first draws: those of another simulator, to see it
        found out.
    """
    generator = np.random.Generator(np.random.PCG64([seed, 11]))
    asked = bank if observed is None else observed
    if count > len(asked.values):
        raise ValueError(f"{count} replications need as many draws, and there are {len(asked.values)}")
    means, spreads, ranks = [], [], []
    for row in range(count):
        others = bank.without(row) if observed is None else bank
        draws = infer(others, asked.vectors[row], seed * 100_003 + row)
        means.append(draws.mean(axis=0))
        spreads.append(draws.std(axis=0, ddof=1))
        ranks.append(rank_of(asked.values[row], draws, generator))
    return Replications(asked.values[:count], np.array(means), np.array(spreads), np.array(ranks), ranges)


def kept_of(size: int) -> int:
    """Return how many draws of a bank of some size an inference keeps."""
    return max(LEAST_KEPT, round(KEPT * size))


def nearest(ranges: Floats, keep: int) -> Inference:
    """Return the inference from a bank: the `keep` nearest draws, adjusted by regression.

    It is that of the method 'bank'. Sequential Monte Carlo is a quicker way to a posterior of the same kind, that of
    the same distance below a tolerance; for 'abc' it stands in here, as a sequence of generations for every
    replication would cost some hundred times as much.
    """

    def infer(bank: Bank, vector: Floats, seed: int) -> Floats:
        away = np.linalg.norm(bank.vectors - vector, axis=1)
        rows = np.argsort(away, kind="stable")[:keep]
        kernel = 1.0 - (away[rows] / (away[rows].max() * (1.0 + 1e-9) or 1.0)) ** 2
        weights = kernel / kernel.sum()
        moved = adjusted(bank.values[rows], weights, bank.vectors[rows], vector, ranges)
        return _drawn(moved, weights, seed)

    return infer


def of_prior(ranges: Floats) -> Inference:
    """Return the inference that learns nothing: draws of the prior, whatever the data. The gate must refuse it."""

    def infer(bank: Bank, vector: Floats, seed: int) -> Floats:
        unit = np.random.Generator(np.random.PCG64([seed, 5])).random((DRAWS, len(ranges)))
        return np.asarray(ranges[:, 0] + unit * np.ptp(ranges, axis=1))

    return infer


def halved(infer: Inference) -> Inference:
    """Return an inference that is too sure of itself: half the spread around the same mean. The gate must refuse it."""

    def narrow(bank: Bank, vector: Floats, seed: int) -> Floats:
        draws = infer(bank, vector, seed)
        return np.asarray(draws.mean(axis=0) + 0.5 * (draws - draws.mean(axis=0)))

    return narrow


def _drawn(values: Floats, weights: Floats, seed: int) -> Floats:
    generator = np.random.Generator(np.random.PCG64([seed, 3]))
    places = (np.arange(DRAWS) + generator.random()) / DRAWS
    return np.asarray(values[np.minimum(np.searchsorted(np.cumsum(weights), places), len(values) - 1)])
