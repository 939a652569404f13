"""The three leaderships a scenario can name, and how one of them learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.leadership.base import (
    Belief,
    Believed,
    Channels,
    Evidence,
    kept_share,
)
from exitvoice.models.exit_control.institutions.leadership.naive import (
    Counts,
    NaiveRules,
    beta_moments,
    count,
    start_counts,
)
from exitvoice.models.exit_control.institutions.leadership.sophisticated import (
    Grid,
    GridRules,
    grid_of,
    looks_of,
    moments,
    next_log_weight,
    weight,
)
from exitvoice.models.exit_control.institutions.smoothing import FloatArray, chosen
from exitvoice.units import WEEKS_PER_YEAR

Leadership = Literal["naive", "sophisticated", "sophisticated_flat"]


class Leader(NamedTuple):
    """What a leadership reckons with: the parameters of either kind, whichever it is, and the cells of its grid."""

    is_naive: bool
    naive: NaiveRules
    rules: GridRules
    grid: Grid


def naive_leader(rules: NaiveRules | None = None) -> Leader:
    """Leadership that takes displays at face value."""
    return Leader(True, rules or NaiveRules(), GridRules(), grid_of(GridRules(), Channels()))


def grid_leader(rules: GridRules | None = None, channels: Channels | None = None) -> Leader:
    """Leadership that knows that people hide."""
    rules = rules or GridRules()
    return Leader(False, NaiveRules(), rules, grid_of(rules, channels or Channels()))


def leader_of(kind: Leadership, values: Mapping[str, float], channels: Channels | None = None) -> Leader:
    """Leadership of that name, with the parameters in `values`.

    `sophisticated` knows candour within the band of `candour_mean` and `candour_weight`, `sophisticated_flat`
    knows nothing of it, whatever these say.
    """
    if kind == "naive":
        return naive_leader(chosen(NaiveRules, values))
    rules = chosen(GridRules, values)
    if kind == "sophisticated_flat":
        rules = rules._replace(candour_mean=0.5, candour_weight=2.0)
    return grid_leader(rules, channels)


def start_belief(leader: Leader) -> Belief:
    """Belief before any evidence: the prior, in an array of its own."""
    held = np.array([start_counts(leader.naive)]) if leader.is_naive else leader.grid.cells.prior.copy()
    return Belief(held, *believed(held, leader))


def believe(
    belief: Belief, evidence: Evidence, leader: Leader, *, dt: float, strength: float = 1.0
) -> Belief:
    """Take in one step's evidence, of which strength 0 takes in none: belief in, belief out.

    A step of the model does the same in place, compiled (`compiled/belief.py`).
    """
    held = take_in(belief.held, evidence, leader, dt=dt, strength=strength)
    return Belief(held, *believed(held, leader))


def take_in(
    held: FloatArray, evidence: Evidence, leader: Leader, *, dt: float, strength: float = 1.0
) -> FloatArray:
    """What is held after one step's evidence."""
    if leader.is_naive:
        return np.array([count(Counts(*held[0]), evidence, leader.naive, dt=dt, strength=strength)])
    looks, cells, rules = looks_of(evidence, leader.rules), leader.grid.cells, leader.rules
    kept, weeks = kept_share(rules.belief_half_life_years, dt), strength * dt * WEEKS_PER_YEAR
    after = next_log_weight(held, cells, looks, kept=kept, weeks=weeks)
    most: float = after.max()
    return after - most


def believed(held: FloatArray, leader: Leader) -> Believed:
    """Mean and standard deviation that it comes to."""
    if leader.is_naive:
        return beta_moments(Counts(*held[0]))
    return moments(weight(held, held.max()).sum(axis=0), leader.grid.opposed)
