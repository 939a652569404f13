"""Twin implementations: the exit half as differential equations (scipy) against the agents of the model.

One town, everybody needs the consent of one office to leave for good; after a year and a half hardship begins.
Applications, the queue, hope, those gone, opposition, departures seen and confidence move one another. What persons
show, discipline, careers and trips are switched off.

Declared level: at quarter ends, every share within 6 standard errors of a count of so many persons, 1 %, and what it
moves in two steps of three days (the equations have no steps; in the model each stage lags by one). False alarm under
1e-8 a number by chance alone. Negative controls: one coefficient changed by a quarter, a half or twofold must be told
apart, at both sizes.
"""

from functools import cache

import numpy as np
import pytest

from exitvoice.scenario import load_priors
from exitvoice.units import DAYS_PER_YEAR
from mean_field_exit import World, solve
from model_worlds import REASON, all_off, only_sector, rule, run, total, world

STEP_DAYS = 3
QUARTERS = np.arange(30, 361, 30)
ERRORS, SIZE, LAG = 6.0, 0.01, 2
OPPOSITION, OPENNESS = 0.4, 1.0
HARD_FROM = 182
CAPACITY, HANDLING = 0.03, 13
GIVEN = {
    "trip_wish_rate": 0.0,
    "leave_wish_rate": 0.05,
    "leaver_ceiling": 0.5,
    "ties_share": 0.0,
    "try_share": 0.0,
    "disobedience": 0.0,
    "flight_rate": 0.0,
    "flight_rate_pending": 0.0,
    "document_lapse": 0.0,
    "opposition_spread_unit": 0.0,
    "opposition_blocked": 0.2,
    "opposition_refused": 0.0,
    "permit_valid_weeks": 26.0,
    "stayer_return_rate": 0.0,
    "confidence_departures": 20.0,
    "network_gain": 2.0,
    "hope_exponent": 1.0,
}
NAMES = ("applications", "left", "pending", "opposition", "confidence")


def values(**changed):
    return {name: prior.default for name, prior in load_priors().items()} | GIVEN | changed


@cache
def agents(persons):
    """Shares of the persons at the start, at the ends of quarters."""
    office = {"name": "unit_office", "title": "office", "decisions_per_week_per_1000": 1000 * CAPACITY / 52.18,
              "handling_weeks": HANDLING, "refusal": 0.0, "opacity": 0.3, "assumed": REASON}  # fmt: skip
    hard = {"interpolation": "step", "assumed": REASON, "points": [
        {"date": "2001-01-01", "value": 0.0}, {"date": "2002-07-01", "value": 0.8}]}  # fmt: skip
    open_ = {
        "interpolation": "step",
        "points": [{"date": "2001-01-01", "value": OPENNESS}],
        "assumed": REASON,
    }
    told = {
        **all_off("document", "journey", "offices", "information", "opposition", "confidence", "incidents"),
        **only_sector(
            persons, document_share=1.0, opposition=OPPOSITION, retired_share=0.0, rank_shares=[1, 0, 0, 0]
        ),
        "clock": {"start": "2001-01-01", "end": "2004-01-01", "step_days": STEP_DAYS},
        "offices": [office],
        "rules": [rule("exit", approval={"chain": ["unit_office"], "opaque": False})],
        "series": {"openness_leave": open_, "hardship": hard},
    }
    data = run(world(told, **GIVEN))
    there = total(data, "persons")
    mean = (data["mean_opposition"] * data["persons"]).sum(["sector", "rank"]).to_numpy() / there
    course = {
        "applications": np.cumsum(total(data, "applications")) / persons,
        "left": np.cumsum(total(data, "left_for_good")) / persons,
        "pending": total(data, "applying") / persons,
        "opposition": mean,
        "confidence": data["mean_confidence"].to_numpy()[:, 0],
    }
    # flows of a step are known at its end, stocks as it begins
    flows = {"applications", "left", "confidence"}
    return {name: course[name][QUARTERS - (name in flows)] for name in NAMES}


@cache
def equations(persons, **changed):
    begins = HARD_FROM * STEP_DAYS / DAYS_PER_YEAR
    place = World(
        OPPOSITION, CAPACITY, HANDLING / 52.18, OPENNESS, persons, hardship_from=begins, hardship=0.8
    )
    ends = np.sort(np.concatenate([QUARTERS - LAG, QUARTERS]))
    course = solve(place, values(**changed), ends * STEP_DAYS / DAYS_PER_YEAR)
    return {name: (found[1::2], np.abs(found[1::2] - found[::2])) for name, found in course.items()}


def apart(one, other, persons):
    """By how many times the declared level the two differ, at worst, by name."""
    worst = {}
    for name in NAMES:
        expected, moved = other[name]
        level = np.clip(expected, 1e-6, 1 - 1e-6)
        declared = ERRORS * np.sqrt(level * (1 - level) / persons) + SIZE * level + moved
        worst[name] = float((np.abs(one[name] - expected) / declared).max())
    return worst


WRONG = {
    "hope counts twice": {"hope_exponent": 2.0},
    "opposition moves wishes a quarter less": {"leave_opposition_gain": 1.5},
    "departures tell half": {"confidence_departures": 10.0},
    "hardship hurts half": {"opposition_hardship": 0.05},
}


def test_a_hundred_thousand_agents_move_as_the_equations_do():
    worst = apart(agents(100_000), equations(100_000), 100_000)
    assert max(worst.values()) < 1.0, worst


@pytest.mark.parametrize("mistake", WRONG)
def test_control_a_wrong_coefficient_is_told_apart(mistake):
    worst = apart(agents(100_000), equations(100_000, **WRONG[mistake]), 100_000)
    assert max(worst.values()) > 1.0, worst


@pytest.mark.long
def test_a_million_agents_move_as_the_equations_do():
    worst = apart(agents(1_000_000), equations(1_000_000), 1_000_000)
    assert max(worst.values()) < 1.0, worst
    for mistake in WRONG.values():
        assert max(apart(agents(1_000_000), equations(1_000_000, **mistake), 1_000_000).values()) > 1.0
