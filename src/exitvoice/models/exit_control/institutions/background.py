"""Everybody else: the population under no rule, as expected values by region.

With them national totals can be compared (people under no rule make nearly all of them).

    exits     = persons * trips * openness(t) * season(t) * dt
    passports = (persons - holders) * (1 - exp(-first * issuing(t) * dt))
    lapsed    = holders * (1 - exp(-lapse * dt)),   holders' = holders - lapsed + passports

Persons whose passport lapsed while issuing was shut become first applicants later, at the ordinary rate:
after the pandemic no banked demand showed (about 85 million passports not issued in three years did not
come back).

Units: persons, crossings out and passports a step; rates a head and year. Sources: trips from about 350
million crossings by mainland residents in 2019, half of them exits, over 1.4 billion; passports from about
30 million a year then; lapse from five to ten years of validity. Season has mean 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray


class BackgroundRules(NamedTuple):
    """Rates a head and year."""

    background_trips: float = 0.125
    background_first_passports: float = 0.025
    document_lapse: float = 0.12


class Background(NamedTuple):
    """Everybody else by region: passport holders, and what one step did (exits and passports issued)."""

    holders: FloatArray
    exits: FloatArray
    passports: FloatArray


def start_background(persons: FloatArray, rules: BackgroundRules) -> Background:
    """Begin at the level that ordinary years settle at, first / (first + lapse a year not renewed)."""
    return Background(persons * settled_holders(rules), np.zeros_like(persons), np.zeros_like(persons))


def settled_holders(rules: BackgroundRules) -> float:
    """Share holding a passport after many ordinary years."""
    total = rules.background_first_passports + rules.document_lapse
    return rules.background_first_passports / total if total > 0.0 else 0.0


def pass_step(
    before: Background,
    persons: FloatArray,
    *,
    openness: FloatArray,
    season: FloatArray,
    issuing: FloatArray,
    rules: BackgroundRules,
    dt: float,
) -> Background:
    """Move everybody else by one step; `persons`, `openness`, `season` and `issuing` by region."""
    exits = persons * rules.background_trips * openness * season * dt
    lapsed = before.holders * -np.expm1(-rules.document_lapse * dt)
    wanting = np.maximum(persons - before.holders, 0.0)
    passports = wanting * -np.expm1(-rules.background_first_passports * issuing * dt)
    return Background(before.holders - lapsed + passports, exits, passports)
