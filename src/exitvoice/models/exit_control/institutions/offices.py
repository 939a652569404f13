"""Offices that decide applications and issue documents.

Serving: a pending application is decided within the step with probability

    p = min(dt / handling, 1, (capacity + carried) / queue)

Decisions fall at the ends of steps, so dt / handling makes the mean wait the handling time for any step, to
which 1 - exp(-dt / handling) would add one. Handling time and capacity limit one another and are never
multiplied (a version that multiplied them served 7 % of its capacity). Capacity that is not used is carried
on, at most four weeks of it.

Hope, by purpose and region, is the chance of being out within a year:

    H = 1 - exp(-G / Q),  G grants a year and Q persons pending, both with fading memory

The share of decisions that were grants does not do: it ignores the queue, and it hardly moved in the GDR in
1984, when permits rose 4.5-fold and new applications 3.9-fold. Small regions are pooled toward the nation.

Units: persons, decisions, years; every probability in [0, 1]. Sources: prototypes of this project fitted to
the GDR's exit applications of 1977-88; the rest is assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray, share, total, toward
from exitvoice.units import WEEKS_PER_YEAR

CARRY_WEEKS = 4.0


def capacity_per_step(persons: FloatArray, per_week_per_1000: FloatArray | float, *, dt: float) -> FloatArray:
    """Decisions an office can take in one step: a head-count, so it scales with the persons it serves."""
    return persons / 1000.0 * per_week_per_1000 * WEEKS_PER_YEAR * dt


def serve(
    queue: FloatArray,
    capacity: FloatArray,
    carried: FloatArray,
    *,
    handling_years: FloatArray | float,
    dt: float,
    strength: float = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """Give the chance that one pending application is decided, and the capacity carried on.

    Parameters
    ----------
    queue : array
        Persons waiting, any shape (offices, regions).
    capacity : array
        Decisions this office can take in this step, same shape.
    carried : array
        Decisions saved up from earlier steps.
    handling_years : float or array
        Mean handling time of one application.
    dt : float
        Length of the step.
    strength : float
        0 switches the offices off: nobody is decided.

    Returns
    -------
    probability, carried : arrays in [0, 1] and of decisions
    """
    available = capacity + carried
    slow, long = np.greater(handling_years, dt), queue > available
    by_handling = np.where(slow, dt / np.where(slow, handling_years, 1.0), 1.0)
    by_capacity = np.where(long, available / np.where(long, queue, 1.0), 1.0)
    idle = available <= 0.0
    probability = strength * np.where(idle, 0.0, np.minimum(by_handling, by_capacity))
    most = capacity / dt * (CARRY_WEEKS / WEEKS_PER_YEAR)
    return probability, np.minimum(np.maximum(available - probability * queue, 0.0), most)


def grant_probability(
    refusal: FloatArray | float,
    refusal_by_rank: FloatArray | float,
    rank: FloatArray | float,
    control: float,
    *,
    normal_control: float = 0.5,
    refusal_shift: float = 0.0,
) -> FloatArray:
    """Chance that one office grants, by rank and by how far control stands above normal.

    refused = refusal + refusal_by_rank * rank, shifted by `refusal_shift` on the logit scale. Control above
    normal closes the rest, x = (c - c0) / (1 - c0), refused + (1 - refused) * x; below normal it eases,
    refused * c / c0. At c = 1 nothing is granted, at c = 0 everything. Form assumed.
    """
    stated = np.minimum(np.maximum(refusal + refusal_by_rank * rank, 0.0), 1.0)
    odds = float(np.exp(refusal_shift))
    refused = stated * odds / (1.0 - stated + stated * odds)
    if control >= normal_control:
        span = 1.0 - normal_control
        excess = (control - normal_control) / span if span > 0.0 else 0.0
        return (1.0 - refused) * (1.0 - excess)
    return 1.0 - refused * control / normal_control


class HopeState(NamedTuple):
    """What applicants remember, by purpose and region: grants a year and persons pending."""

    grants_rate: FloatArray
    pending: FloatArray


class HopeRules(NamedTuple):
    """How hope is formed."""

    hope_memory_years: float = 0.3  # tau_H
    hope_pooling: float = 5.0  # pending persons that the nation's rate counts for
    hope_floor: float = 0.02  # H0
    hope_start: float = 1.0  # grants per pending person and year before any news


def start_hope(purposes: int, regions: int) -> HopeState:
    """Begin with no news at all: nobody granted and nobody pending."""
    return HopeState(np.zeros((purposes, regions)), np.zeros((purposes, regions)))


def hope_of(state: HopeState, rules: HopeRules) -> FloatArray:
    """Chance of being out within a year, purposes x regions, never below the floor.

    The nation's rate G/Q is pooled with `hope_start`, each region's with the nation's, both as `hope_pooling`
    pending persons would: so an empty region hopes what the nation does and never 0/0, while a
    region with a long queue and no grant does lose hope.
    """
    hope = np.empty_like(state.pending)
    for purpose in range(len(hope)):
        grants, pending = state.grants_rate[purpose], state.pending[purpose]
        nation = pooled(total(grants), total(pending), rules.hope_start, rules)
        for region in range(len(pending)):
            rate = pooled(grants[region], pending[region], nation, rules)
            hope[purpose, region] = max(-np.expm1(-rate), rules.hope_floor)
    return hope


def pooled(grants: float, pending: float, rate: float, rules: HopeRules) -> float:
    """Grants a year and pending person, pooled with another such rate."""
    pool = rules.hope_pooling
    return float(share(grants + pool * rate, pending + pool))


def update_hope(
    state: HopeState, grants: FloatArray, pending: FloatArray, *, rules: HopeRules, dt: float
) -> tuple[HopeState, FloatArray]:
    """Take in one step's grants and the persons pending at its end; give the new state and the new hope."""
    memory = rules.hope_memory_years
    after = HopeState(np.empty_like(grants), np.empty_like(pending))
    for purpose in range(len(grants)):
        for region in range(len(grants[purpose])):
            place = purpose, region
            after.grants_rate[place] = toward(
                state.grants_rate[place], grants[place] / dt, memory_years=memory, dt=dt
            )
            after.pending[place] = toward(state.pending[place], pending[place], memory_years=memory, dt=dt)
    return after, hope_of(after, rules)
