"""A sophisticated leadership knows that people hide, but not how many.

A joint grid over H (64 equal cells) and s, the candid share of those opposed (32 log-spaced cells from .001
to 1), BOTH persistent: drawing s anew each week would make the posterior falsely sharp (sd .02-.05 at an
error of .2-.4). Each cell counts at its midpoint and with its own width, so log weights L start at L0 = log
Beta(H) + log Beta(s) + log width:

    L <- lam L + (1 - lam) L0 + k log p + (n - k) log(1 - p)
         + the same with p_I for informants - (r - m)^2 / (2 sd_r^2)
    p = f0 + (1 - f0) s H     visible persons; k = n (dissent + withdrawn), need not be a whole number
    p_I = H * chance * sqrt(s)   reported by informants; private candour stands above public
    m = att * H (s + insight (1 - s)) + (1 - att) * wanted   what the top report should read

64 x 32 = 2,048 terms a step whatever the number of persons. n is 20-50 a week and not the head-count,
because the same persons show the same face again; above about 100 the grid is too coarse. Units: shares;
lam = 2**(-dt / half-life), dt in years. Derivation and measured errors:
docs/design-notes/leadership-posterior.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from exitvoice.models.exit_control.institutions.leadership.base import Evidence, kept_share
from exitvoice.models.exit_control.institutions.smoothing import FloatArray
from exitvoice.units import WEEKS_PER_YEAR

LEAST_CANDOUR = 0.001
Logs = tuple[FloatArray, FloatArray]  # log p and log(1 - p)


@dataclass(frozen=True)
class GridRules:
    """What a sophisticated leadership weighs, its priors and its grid."""

    belief_sample: float = 30.0  # effective sample a week
    belief_half_life_years: float = 0.35
    belief_false_alarm: float = 0.02  # f0, visible though not opposed
    belief_report_sd: float = 0.3  # of one week's report
    report_insight: float = 0.5  # part of the hidden that local officials know
    belief_prior_opposed: float = 2.0
    belief_prior_loyal: float = 3.0
    candour_mean: float = 0.3  # prior mean of s
    candour_weight: float = 10.0  # its pseudo-counts; 2 with mean .5 is flat
    opposed_points: int = 64
    candour_points: int = 32


@dataclass(frozen=True)
class GridBelief:
    """Log weights over H (rows) and s (columns); everything that stays the same is kept beside them."""

    log_weights: FloatArray
    log_prior: FloatArray
    opposed: FloatArray
    candour: FloatArray
    rules: GridRules

    @cached_property
    def weights(self) -> FloatArray:
        """Joint probabilities of H and s, summing to one."""
        raw = np.exp(self.log_weights - self.log_weights.max())
        return np.asarray(raw / raw.sum(), dtype=np.float64)

    @cached_property
    def _of_opposed(self) -> FloatArray:
        """Probabilities of H alone."""
        return np.asarray(self.weights.sum(axis=1), dtype=np.float64)

    @cached_property
    def mean(self) -> float:
        """Posterior mean of H."""
        return float((self._of_opposed * self.opposed[:, 0]).sum())

    @cached_property
    def sd(self) -> float:
        """Posterior standard deviation of H."""
        return float(np.sqrt((self._of_opposed * (self.opposed[:, 0] - self.mean) ** 2).sum()))

    def after(self, evidence: Evidence, *, dt: float, strength: float = 1.0) -> GridBelief:
        """Weigh every pair (H, s) by how well it explains this step's evidence."""
        kept = kept_share(self.rules.belief_half_life_years, dt)
        weeks = strength * dt * WEEKS_PER_YEAR
        told = (
            kept * self.log_weights
            + (1.0 - kept) * self.log_prior
            + weeks * weekly_log_likelihood(self, evidence)
        )
        return GridBelief(told - told.max(), self.log_prior, self.opposed, self.candour, self.rules)


def weekly_log_likelihood(belief: GridBelief, evidence: Evidence) -> FloatArray:
    """Log likelihood of one week's evidence at every pair (H, s)."""
    rules = belief.rules
    total = _bernoulli(evidence.dissent + evidence.withdrawn, _visible(rules), rules.belief_sample)
    if evidence.informed is not None:
        chances = _informed(rules, evidence.inform_chance)
        total = total + _bernoulli(evidence.informed, chances, rules.belief_sample)
    if evidence.report is not None:
        expected = evidence.truth_weight * _known(rules) + (1.0 - evidence.truth_weight) * evidence.wanted
        total = total - (evidence.report - expected) ** 2 / (2.0 * rules.belief_report_sd**2)
    return total


# what the grid alone decides is worked out once: logarithms of 2,048 cells cost more than all else in a step


@lru_cache(maxsize=16)
def _cells(rules: GridRules) -> tuple[FloatArray, FloatArray, FloatArray]:
    """H (a column) and s (a row) in the middle of each cell, and the edges of s."""
    opposed = ((np.arange(rules.opposed_points) + 0.5) / rules.opposed_points)[:, np.newaxis]
    edges = np.geomspace(LEAST_CANDOUR, 1.0, rules.candour_points + 1)
    return opposed, ((edges[1:] + edges[:-1]) / 2.0)[np.newaxis, :], edges


@lru_cache(maxsize=16)
def _visible(rules: GridRules) -> Logs:
    opposed, candour, _ = _cells(rules)
    return _logs(rules.belief_false_alarm + (1.0 - rules.belief_false_alarm) * candour * opposed)


@lru_cache(maxsize=16)
def _informed(rules: GridRules, chance: float) -> Logs:
    opposed, candour, _ = _cells(rules)
    return _logs(opposed * chance * np.sqrt(candour))


@lru_cache(maxsize=16)
def _known(rules: GridRules) -> FloatArray:
    opposed, candour, _ = _cells(rules)
    return np.asarray(opposed * (candour + rules.report_insight * (1.0 - candour)))


def grid_belief(rules: GridRules | None = None) -> GridBelief:
    """Start a sophisticated leadership at its prior.

    The prior of s is Beta(m w, (1 - m) w): weight 2 with mean .5 is flat, about 10 is a known band.
    """
    rules = rules or GridRules()
    opposed, candour, edges = _cells(rules)
    candid = rules.candour_mean * rules.candour_weight
    log_prior = (
        _log_beta(opposed, rules.belief_prior_opposed, rules.belief_prior_loyal)
        + _log_beta(candour, candid, rules.candour_weight - candid)
        + np.log(np.diff(edges))
    )
    return GridBelief(log_prior - log_prior.max(), log_prior - log_prior.max(), opposed, candour, rules)


def _log_beta(x: FloatArray, a: float, b: float) -> FloatArray:
    return np.asarray((a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x), dtype=np.float64)


def _logs(chance: FloatArray) -> Logs:
    safe = np.clip(chance, 1e-9, 1.0 - 1e-9)
    return np.log(safe), np.log1p(-safe)


def _bernoulli(seen: float, chances: Logs, sample: float) -> FloatArray:
    yes, no = chances
    k = sample * min(1.0, max(0.0, seen))
    return np.asarray(k * yes + (sample - k) * no, dtype=np.float64)
