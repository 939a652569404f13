"""Discipline inspection: how many are investigated, of which rank and faction, and conflict at the top.

Rate a year for a person of rank j and faction f (0 or 1), before the person's own exposure:

    rate = base * step**j * inspection(t) * (1 - tilt if f = 0 else 1 + tilt)

and scaled down where all together would exceed the inspectors' capacity. Elite conflict is read off the top
rank: x, its persons investigated as a share a year (fading memory), and its tilt T = |x1 - x0| / (x1 + x0);
conflict = (1 - exp(-x / x_ref)) * (1 + T) / 2, so an even-handed drive counts half of a purge of one side.

Units: rates a year; conflict in [0, 1]. Sources: base .009 a year from 889,000 punished in 2024 among about
100 million members; the rising share of high ranks from the published mix of 2023; capacity, tilt and x_ref
assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray, share, total, toward


class InspectionRules(NamedTuple):
    """How many are inspected, and how a struggle at the top is read off that."""

    inspection_rate: float = 0.009  # base, a year
    inspection_rank_step: float = 1.5  # factor a rank
    inspection_tilt: float = 0.0  # toward faction 1, -1 to 1
    inspection_capacity: float = 0.05  # most investigations a serving person and year
    conflict_rate: float = 0.05  # x_ref, a year
    conflict_memory_years: float = 1.0


def investigation_rate(
    inspection: float, persons: FloatArray, rules: InspectionRules, *, strength: float = 1.0
) -> FloatArray:
    """Rate a year of being investigated, ranks x factions.

    Parameters
    ----------
    inspection : float
        Relative intensity of this step's inspection (1 = ordinary).
    persons : array (ranks, 2)
        Serving persons by rank and faction; capacity is a share of all of them a year.
    """
    wanted = np.empty_like(persons)
    for rank in range(len(persons)):
        steeper = rules.inspection_rank_step ** float(rank)
        even = strength * rules.inspection_rate * steeper * max(0.0, inspection)
        wanted[rank, 0] = even * (1.0 - rules.inspection_tilt)
        wanted[rank, 1] = even * (1.0 + rules.inspection_tilt)
    expected = total((wanted * persons).ravel())
    possible = rules.inspection_capacity * total(persons.ravel())
    scale = possible / expected if expected > possible else 1.0
    return wanted * scale


class ConflictState(NamedTuple):
    """Remembered share a year of the top rank under investigation, by faction (2,)."""

    investigated_rate: FloatArray


def start_conflict() -> ConflictState:
    """Begin with nobody at the top under investigation."""
    return ConflictState(np.zeros(2))


def watch_top(
    state: ConflictState, investigated: FloatArray, persons: FloatArray, *, rules: InspectionRules, dt: float
) -> ConflictState:
    """Take in one step's investigations in the top rank, both arrays by faction (2,)."""
    rates = np.empty_like(state.investigated_rate)
    for faction in range(len(rates)):
        rate = share(investigated[faction], persons[faction]) / dt
        before = state.investigated_rate[faction]
        rates[faction] = toward(before, rate, memory_years=rules.conflict_memory_years, dt=dt)
    return ConflictState(rates)


def tilt_of(state: ConflictState) -> float:
    """How one-sided investigations at the top are, from -1 (only faction 0) to 1 (only faction 1)."""
    low, high = state.investigated_rate[0], state.investigated_rate[1]
    return float((high - low) / (high + low)) if high + low > 0.0 else 0.0


def elite_conflict(state: ConflictState, persons: FloatArray, rules: InspectionRules) -> float:
    """Elite conflict in [0, 1] from the top rank's persons by faction (2,)."""
    everybody = total(persons)
    rate = total(state.investigated_rate * persons) / everybody if everybody > 0.0 else 0.0
    reference = max(rules.conflict_rate, 1e-9)
    open_struggle = -float(np.expm1(-rate / reference))
    return open_struggle * (1.0 + abs(tilt_of(state))) / 2.0
