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

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from exitvoice.engine.exponential import exponential
from exitvoice.models.exit_control.institutions.leadership.base import Believed, Channels, Evidence
from exitvoice.models.exit_control.institutions.smoothing import FloatArray

LEAST_CANDOUR = 0.001


class GridRules(NamedTuple):
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


class Cells(NamedTuple):
    """What evidence would mean in a cell, by s (rows) and H (columns), or in one of them.

    Logarithms of chances: `visible` and `informed` on, log p and log p_I; `hidden` and `unnoticed`, log(1 - p) and
    log(1 - p_I). `expected` is m, `prior` L0.
    """

    prior: FloatArray
    visible: FloatArray
    hidden: FloatArray
    informed: FloatArray
    unnoticed: FloatArray
    expected: FloatArray


class Grid(NamedTuple):
    """Cells, worked out once, and their midpoints of H and s: logarithms of 2,048 cells cost more than all else."""

    cells: Cells
    opposed: FloatArray
    candour: FloatArray


class Looks(NamedTuple):
    """One week's evidence as a cell weighs it; what is not there weighs nothing."""

    visible: float  # k
    hidden: float  # n - k
    informed: float
    unnoticed: float
    report: float
    precision: float  # 1 / (2 sd_r^2)


def looks_of(evidence: Evidence, rules: GridRules) -> Looks:
    """Counts of an effective sample, and how much the report weighs."""
    sample, reported = rules.belief_sample, not np.isnan(evidence.report)
    k = sample * min(1.0, max(0.0, evidence.dissent + evidence.withdrawn))
    told, informants = 0.0, 0.0
    if not np.isnan(evidence.informed):
        told, informants = sample * min(1.0, max(0.0, evidence.informed)), sample
    return Looks(
        visible=k,
        hidden=sample - k,
        informed=told,
        unnoticed=informants - told,
        report=evidence.report if reported else 0.0,
        precision=1.0 / (2.0 * rules.belief_report_sd**2) if reported else 0.0,
    )


def next_log_weight(
    before: FloatArray, cell: Cells, looks: Looks, *, kept: float, weeks: float
) -> FloatArray:
    """L of a cell after a step: `kept` (lam) of the old, the prior, and so many weeks of what was seen."""
    missed = looks.report - cell.expected
    likelihood = (
        (looks.visible * cell.visible + looks.hidden * cell.hidden)
        + (looks.informed * cell.informed + looks.unnoticed * cell.unnoticed)
        - looks.precision * (missed * missed)
    )
    return kept * before + (1.0 - kept) * cell.prior + weeks * likelihood


def weight(log_weight: FloatArray, most: float) -> FloatArray:
    """Weight of a cell beside the heaviest one."""
    return exponential(log_weight - most)


def moments(weights: FloatArray, opposed: FloatArray) -> Believed:
    """Mean and standard deviation of H, by the weights of its values."""
    everything = mean = spread = 0.0
    for place in range(len(weights)):
        everything += weights[place]
        mean += weights[place] * opposed[place]
    mean /= everything
    for place in range(len(weights)):
        off = opposed[place] - mean
        spread += weights[place] * off * off
    return Believed(mean, float(np.sqrt(spread / everything)))


def probabilities(log_weights: FloatArray) -> FloatArray:
    """Joint probabilities of s and H, summing to one."""
    raw = weight(log_weights, log_weights.max())
    return np.asarray(raw / raw.sum(), dtype=np.float64)


@lru_cache(maxsize=16)
def grid_of(rules: GridRules, channels: Channels) -> Grid:
    """Work out what depends on parameters alone.

    The prior of s is Beta(m w, (1 - m) w): weight 2 with mean .5 is flat, about 10 is a known band.
    """
    opposed = (np.arange(rules.opposed_points) + 0.5) / rules.opposed_points
    edges = np.geomspace(LEAST_CANDOUR, 1.0, rules.candour_points + 1)
    candour = (edges[1:] + edges[:-1]) / 2.0
    h, s = opposed[np.newaxis, :], candour[:, np.newaxis]
    candid, known = rules.candour_mean * rules.candour_weight, h * (s + rules.report_insight * (1.0 - s))
    prior = (
        _log_beta(h, rules.belief_prior_opposed, rules.belief_prior_loyal)
        + _log_beta(s, candid, rules.candour_weight - candid)
        + np.log(np.diff(edges))[:, np.newaxis]
    )
    cells = Cells(
        prior - prior.max(),
        *_logs(rules.belief_false_alarm + (1.0 - rules.belief_false_alarm) * s * h),
        *_logs(h * channels.inform_chance * np.sqrt(s)),
        channels.truth_weight * known + (1.0 - channels.truth_weight) * channels.wanted,
    )
    return Grid(cells, opposed, candour)


def _log_beta(x: FloatArray, a: float, b: float) -> FloatArray:
    return np.asarray((a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x), dtype=np.float64)


def _logs(chance: FloatArray) -> tuple[FloatArray, FloatArray]:
    safe = np.clip(chance, 1e-9, 1.0 - 1e-9)
    return np.log(safe), np.log1p(-safe)
