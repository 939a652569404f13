"""A naive leadership takes displays at face value: Beta counts with forgetting.

    A <- lam A + (1 - lam) A0 + n v + n_r r
    B <- lam B + (1 - lam) B0 + n (1 - v) + n_r (1 - r),   v = dissent + omega * withdrawn

n pairs of eyes a week see the displays, n_r more read the top report r. lam = 2**(-dt / half-life), dt in
years. It cannot err upward by much and errs downward by all that is hidden: its error grows with fear.
Source: form assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.leadership.base import Believed, Evidence, kept_share
from exitvoice.units import WEEKS_PER_YEAR


class NaiveRules(NamedTuple):
    """What a naive leadership counts."""

    belief_sample: float = 30.0  # pairs of eyes a week
    belief_half_life_years: float = 0.35
    belief_withdrawn_weight: float = 0.5  # omega
    belief_report_sample: float = 5.0  # readers of the top report a week
    naive_prior_opposed: float = 1.0  # A0
    naive_prior_loyal: float = 5.0  # B0


class Counts(NamedTuple):
    """Pseudo-counts of a Beta distribution."""

    opposed: float
    loyal: float


def start_counts(rules: NaiveRules) -> Counts:
    """Start a naive leadership at its prior."""
    return Counts(rules.naive_prior_opposed, rules.naive_prior_loyal)


def count(
    before: Counts, evidence: Evidence, rules: NaiveRules, *, dt: float, strength: float = 1.0
) -> Counts:
    """Count this step's displays and reports at face value; strength 0 takes in none."""
    kept = kept_share(rules.belief_half_life_years, dt)
    weeks = strength * dt * WEEKS_PER_YEAR
    shown = min(1.0, evidence.dissent + rules.belief_withdrawn_weight * evidence.withdrawn)
    eyes = rules.belief_sample * weeks
    reads = 0.0 if np.isnan(evidence.report) else rules.belief_report_sample * weeks
    told = 0.0 if np.isnan(evidence.report) else evidence.report
    opposed = kept * before.opposed + (1.0 - kept) * rules.naive_prior_opposed + eyes * shown + reads * told
    loyal = kept * before.loyal + (1.0 - kept) * rules.naive_prior_loyal
    return Counts(opposed, loyal + eyes * (1.0 - shown) + reads * (1.0 - told))


def beta_moments(counts: Counts) -> Believed:
    """Mean and standard deviation of the Beta distribution."""
    everybody = counts.opposed + counts.loyal
    mean = counts.opposed / everybody
    return Believed(mean, float(np.sqrt(mean * (1.0 - mean) / (everybody + 1.0))))
