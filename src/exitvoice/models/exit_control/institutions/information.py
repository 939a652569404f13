"""What people can see beside one another: departures, the campaign, and what everybody knows that everybody knows.

What they see of each other's expression is persons/perception.py. Common knowledge (a dated incident, a
rumour) is added there on top: it passes the censor, and fades.

Departures are seen as an ANNUAL rate with fading memory: a count a step would change 52-fold with the step
length. The share gone for good from a stratum fades over years and saturates in the network factor N = 1 +
A * S / (S + S0): an exponential of a unit's share explodes, since one leaver in 25 nearly triples it.

Campaign: published spy cases and calls for vigilance. Its credibility falls with censorship (a picture
people know to be painted) and wears out with repetition: credibility = (1 - doubt * q) * exp(-wear *
heard). Whether it lowers or raises opposition is a_S, whose range spans zero.

Units: shares in [0, 1]; rates a year; memory in years. Sources: GDR prototypes for A / S0; Lichter,
Loeffler and Siegloch (2021) for distrust bred by surveillance; form of the campaign assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import Amount, FloatArray, fade, share, toward
from exitvoice.units import WEEKS_PER_YEAR


def common_knowledge(
    known: FloatArray, shock: FloatArray, *, half_life_weeks: float, dt: float
) -> FloatArray:
    """Share commonly known to dissent: at least the present shock, fading once the shock is over.

    known = max(known * 2**(-dt / half-life), shock): a lasting event holds the level, it does not pile up.
    """
    held = np.maximum(fade(known, half_life_years=half_life_weeks / WEEKS_PER_YEAR, dt=dt), shock)
    return np.minimum(np.maximum(held, 0.0), 1.0)


def departures_rate(
    rate: Amount, departures: Amount, persons: Amount, *, memory_years: float, dt: float
) -> Amount:
    """Remembered departures as a share of persons a year (X in confidence and in perceived crisis)."""
    return toward(rate, share(departures, persons) / dt, memory_years=memory_years, dt=dt)


def gone_share(
    gone: Amount, departures: Amount, persons: Amount, *, memory_years: float, dt: float
) -> Amount:
    """Decayed share of a stratum that has gone for good: gone * exp(-dt / memory) + departures / persons."""
    kept = 0.0 if memory_years <= 0.0 else float(np.exp(-dt / memory_years))
    return np.minimum(np.maximum(gone * kept + share(departures, persons), 0.0), 1.0)  # type: ignore[no-any-return]


def network_factor(gone: Amount, *, network_gain: float, network_half: float) -> Amount:
    """Factor on the wish to leave from those gone before, 1 + A * S / (S + S0), at most 1 + A."""
    return 1.0 + network_gain * share(gone, gone + network_half)


class MemoryRules(NamedTuple):
    """How long departures are remembered, and how soon those who overstayed come back."""

    departures_memory_years: float = 0.15
    gone_memory_years: float = 5.0
    stayer_return_rate: float = 0.03  # a year


class CampaignRules(NamedTuple):
    """How a campaign is believed."""

    campaign_doubt: float = 0.5  # credibility lost where everything is censored
    campaign_wear: float = 0.5  # per unit of intensity heard
    campaign_memory_years: float = 1.0


def hear_campaign(
    heard: FloatArray, campaign: FloatArray, *, censorship: float, rules: CampaignRules, dt: float
) -> tuple[FloatArray, FloatArray]:
    """Give what was heard of late (intensity, fading) and the campaign's credibility in [0, 1], by region."""
    doubted = min(max(1.0 - rules.campaign_doubt * censorship, 0.0), 1.0)
    credibility = doubted * np.exp(-rules.campaign_wear * heard)
    return toward(heard, campaign, memory_years=rules.campaign_memory_years, dt=dt), credibility
