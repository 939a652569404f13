"""Incidents: dated events from the scenario, and random ones.

A random incident strikes a region with probability 1 - exp(-rate * dt) a step, decided by a uniform that is
handed in (one for all regions makes it nationwide). It is in full force for `weeks`, then fades with a
half-life:

    intensity = 1 while time is left, afterwards intensity * 2**(-dt / half-life)

Hardship adds; forces kept away and impulses to opposition combine as 1 - (1 - a)(1 - b); an impulse comes
once, when it strikes; common knowledge is the larger of the two.

Units: rates a year; effects are shares in [0, 1] (hardship and the impulse may be of either sign). Sources:
Kricheli, Livne and Magaloni (2011) for the part that shocks play; size and length are the scenario's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray, fade
from exitvoice.units import WEEKS_PER_YEAR


class Shock(NamedTuple):
    """What one random incident does, how long, and how often a year."""

    rate_per_year: float = 0.0
    hardship: float = 0.0
    enforcement_away: float = 0.0
    opposition: float = 0.0
    known_dissent: float = 0.0
    weeks: float = 4.0
    half_life_weeks: float = 2.0


class Effects(NamedTuple):
    """What incidents do in one step, each by region; `incident` is the larger intensity, for the record."""

    hardship: FloatArray
    enforcement_away: FloatArray
    opposition_impulse: FloatArray
    known_dissent: FloatArray
    incident: FloatArray


def of_step(effects: Effects, step: int) -> Effects:
    """Effects in one step, of effects laid out as (steps, regions)."""
    return Effects(
        effects.hardship[step],
        effects.enforcement_away[step],
        effects.opposition_impulse[step],
        effects.known_dissent[step],
        effects.incident[step],
    )


class IncidentState(NamedTuple):
    """Years that a random incident still has in full force, and its intensity in [0, 1], by region."""

    years_left: FloatArray
    intensity: FloatArray


def start_incidents(regions: int) -> IncidentState:
    """Begin with no incident anywhere."""
    return IncidentState(np.zeros(regions), np.zeros(regions))


def strike(
    state: IncidentState, uniforms: FloatArray, shock: Shock, *, dt: float, strength: float = 1.0
) -> tuple[IncidentState, FloatArray]:
    """Let time pass and new incidents strike; give the state and 1.0 in the regions struck in this step."""
    struck = uniforms < -np.expm1(-strength * shock.rate_per_year * dt)
    left = np.where(struck, shock.weeks / WEEKS_PER_YEAR, np.maximum(state.years_left - dt, 0.0))
    fading = fade(state.intensity, half_life_years=shock.half_life_weeks / WEEKS_PER_YEAR, dt=dt)
    # a hair of tolerance, so that twelve subtractions of a week do not leave a thirteenth one
    intensity = np.where(struck | (left > 1e-9), 1.0, fading)
    return IncidentState(left, intensity), struck.astype(np.float64)


def combined(
    dated: Effects, state: IncidentState, struck: FloatArray, shock: Shock, *, strength: float = 1.0
) -> Effects:
    """Join the scenario's dated effects with those of random incidents, scaled by `strength`."""
    now = state.intensity
    away_dated = np.minimum(np.maximum(strength * dated.enforcement_away, 0.0), 1.0)
    away_shock = np.minimum(np.maximum(strength * shock.enforcement_away * now, 0.0), 1.0)
    return Effects(
        hardship=strength * (dated.hardship + shock.hardship * now),
        enforcement_away=1.0 - (1.0 - away_dated) * (1.0 - away_shock),
        opposition_impulse=1.0
        - (1.0 - strength * dated.opposition_impulse) * (1.0 - strength * shock.opposition * struck),
        known_dissent=strength * np.maximum(dated.known_dissent, shock.known_dissent * now),
        incident=strength * np.maximum(dated.incident, now),
    )
