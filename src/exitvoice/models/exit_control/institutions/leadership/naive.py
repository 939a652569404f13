"""A naive leadership takes displays at face value: Beta counts with forgetting.

    A <- lam A + (1 - lam) A0 + n v + n_r r
    B <- lam B + (1 - lam) B0 + n (1 - v) + n_r (1 - r),   v = dissent + omega * withdrawn

n pairs of eyes a week see the displays, n_r more read the top report r. lam = 2**(-dt / half-life), dt in
years. It cannot err upward by much and errs downward by all that is hidden: its error grows with fear.
Source: form assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from exitvoice.models.exit_control.institutions.leadership.base import Evidence, kept_share
from exitvoice.units import WEEKS_PER_YEAR


@dataclass(frozen=True)
class NaiveRules:
    """What a naive leadership counts."""

    belief_sample: float = 30.0  # pairs of eyes a week
    belief_half_life_years: float = 0.35
    belief_withdrawn_weight: float = 0.5  # omega
    belief_report_sample: float = 5.0  # readers of the top report a week
    naive_prior_opposed: float = 1.0  # A0
    naive_prior_loyal: float = 5.0  # B0


@dataclass(frozen=True)
class NaiveBelief:
    """Beta(opposed, loyal) pseudo-counts."""

    opposed: float
    loyal: float
    rules: NaiveRules = field(default_factory=NaiveRules)

    @property
    def mean(self) -> float:
        """Mean of the Beta distribution."""
        return self.opposed / (self.opposed + self.loyal)

    @property
    def sd(self) -> float:
        """Standard deviation of the Beta distribution."""
        return math.sqrt(self.mean * (1.0 - self.mean) / (self.opposed + self.loyal + 1.0))

    def after(self, evidence: Evidence, *, dt: float, strength: float = 1.0) -> NaiveBelief:
        """Count this step's displays and reports at face value."""
        rules = self.rules
        kept = kept_share(rules.belief_half_life_years, dt)
        weeks = strength * dt * WEEKS_PER_YEAR
        shown = min(1.0, evidence.dissent + rules.belief_withdrawn_weight * evidence.withdrawn)
        eyes = rules.belief_sample * weeks
        reads = 0.0 if evidence.report is None else rules.belief_report_sample * weeks
        told = evidence.report or 0.0
        opposed = kept * self.opposed + (1.0 - kept) * rules.naive_prior_opposed + eyes * shown + reads * told
        loyal = kept * self.loyal + (1.0 - kept) * rules.naive_prior_loyal
        return NaiveBelief(opposed, loyal + eyes * (1.0 - shown) + reads * (1.0 - told), rules)


def naive_belief(rules: NaiveRules | None = None) -> NaiveBelief:
    """Start a naive leadership at its prior."""
    rules = rules or NaiveRules()
    return NaiveBelief(rules.naive_prior_opposed, rules.naive_prior_loyal, rules)
