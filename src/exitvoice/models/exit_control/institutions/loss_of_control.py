"""Loss of control: a crowd that outgrows the force, or an elite that leaves its leader.

A recorded event, not the end of the run.

Crowd: D_r > max(D_min, cap * E_r) for two consecutive weeks of MODEL TIME (not two steps). The least share
D_min is needed because an incident that drives E to 0 would otherwise fire at D near 0. One event an
episode: the region must fall below the bar before it can be lost again.

Elite: each year with probability logistic(a + b * turnout - c * purge fear), as a hazard within the step,
decided by a uniform that is handed in; after a defection none for a year. Turnout is the public signal that
lets insiders coordinate (Casper and Tyson 2014); the sign of purge fear is not settled, so its range spans
zero.

Units: shares; years. Sources: insiders removed 205 of the 303 leaders who fell by other than constitutional
means (Svolik 2009); 9 October 1989 in Leipzig, about nine demonstrators to one of the forces, for cap; a,
b, c assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exitvoice.models.exit_control.institutions.smoothing import FloatArray
from exitvoice.units import WEEKS_PER_YEAR

CROWD_WEEKS = 2.0

Flags = npt.NDArray[np.bool_]


class LossRules(NamedTuple):
    """When a crowd is out of hand, and what moves an elite."""

    loss_least_dissent: float = 0.03  # D_min
    loss_per_enforcer: float = 5.0  # cap, dissenters an enforcer holds
    elite_base: float = -4.0  # a, logit of a year's chance
    elite_turnout: float = 20.0  # b
    elite_purge_fear: float = 1.0  # c
    elite_pause_years: float = 1.0


class LossState(NamedTuple):
    """Years above the bar and whether lost, by region."""

    years_above: FloatArray
    is_lost: Flags


def start_loss(regions: int) -> LossState:
    """Begin below the bar everywhere."""
    return LossState(np.zeros(regions), np.zeros(regions, dtype=np.bool_))


def watch_crowd(
    state: LossState,
    dissent: FloatArray,
    force: FloatArray,
    *,
    rules: LossRules,
    dt: float,
    strength: float = 1.0,
) -> tuple[LossState, Flags]:
    """Count the time each region stands above the bar; with it the regions that have just been lost.

    `dissent` and `force` are by region and a head; strength below 1 raises the bar, 0 puts it out of reach.
    """
    years = np.zeros_like(state.years_above)
    is_lost = np.zeros_like(state.is_lost)
    fresh = np.zeros_like(state.is_lost)
    for region in range(len(years)):
        bar = max(rules.loss_least_dissent, rules.loss_per_enforcer * force[region])
        if strength * dissent[region] > bar:
            years[region] = state.years_above[region] + dt
        # a thousandth of a week of tolerance: two steps of seven days must count as two weeks
        is_lost[region] = years[region] >= (CROWD_WEEKS - 1e-3) / WEEKS_PER_YEAR
        fresh[region] = is_lost[region] and not state.is_lost[region]
    return LossState(years, is_lost), fresh


def elite_defection_chance(turnout: float, purge_fear: float, rules: LossRules, *, dt: float) -> float:
    """Chance in one step that elites defect, 1 - (1 - p)**dt, p a year = logistic(a + b turnout - c fear)."""
    logit = rules.elite_base + rules.elite_turnout * turnout - rules.elite_purge_fear * purge_fear
    # log(1 - p) = -log(1 + exp(logit)), written so that it neither overflows nor loses small p
    return -float(np.expm1(-np.logaddexp(0.0, logit) * dt))


def watch_elite(
    pause: float,
    turnout: float,
    purge_fear: float,
    uniform: float,
    *,
    rules: LossRules,
    dt: float,
    strength: float = 1.0,
) -> tuple[float, bool]:
    """Let elites stay or defect (True), by the uniform in [0, 1) that is handed in; turnout is the nation's.

    `pause` are the years until they may defect again, 0 where they are free to; so is what comes back.
    """
    chance = strength * elite_defection_chance(turnout, purge_fear, rules, dt=dt)
    defects = pause <= 0.0 and uniform < chance
    return rules.elite_pause_years if defects else max(0.0, pause - dt), defects


def lost_now(fresh: Flags, defects: bool) -> FloatArray:
    """Mark the regions lost in this step with 1; an elite's defection marks them all."""
    marks = np.zeros(len(fresh))
    for region in range(len(fresh)):
        marks[region] = 1.0 if defects or fresh[region] else 0.0
    return marks
