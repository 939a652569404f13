"""Upper bounds of the chances of a step's events, for the filter of persons.activity.

Each bound takes the largest value that every person-level factor can have (w, h, v, exposure and courage
at most 1, hope at most 1) and adds a margin for 32-bit arithmetic. They decide how much work is saved,
never what happens.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import Amount
from exitvoice.units import WEEKS_PER_YEAR

MARGIN = 1.001


class BoundRules(NamedTuple):
    """Parameters of the bounds that change from step to step; `..._on` are strengths of mechanisms, `dt` years."""

    dt: float
    career_on: float
    document_on: float
    journey_on: float
    discipline_on: float
    confidence_on: float
    promotion_loyalty_weight: float
    death_rate_serving: float
    death_rate_retired: float
    leave_opposition_gain: float
    leave_confidence_exponent: float
    reference_confidence: float
    confidence_adjustment: float
    run_gain: float
    first_document_rate: float
    flight_rate: float
    flight_rate_pending: float
    disobedience: float
    inspection_exposure: float


def chance(rate: Amount, dt: float) -> Amount:
    """At least 1 - exp(-rate dt), at most 1."""
    return np.minimum(1.0, -np.expm1(-rate * dt) * MARGIN + 1e-6)  # type: ignore[no-any-return]


def career_bound(promotion_most: float, retirement_base: float, loyalty: float, rules: BoundRules) -> float:
    """Death, retirement or promotion of a serving person, or death of a retired one."""
    weight = rules.promotion_loyalty_weight
    favour = 1.0 - weight + weight / loyalty
    serving = rules.death_rate_serving + retirement_base + promotion_most * favour
    return chance(rules.career_on * max(serving, rules.death_rate_retired), rules.dt)


def most_doubt(confidence: float, rules: BoundRules) -> float:
    """Most that doubt in the order can multiply the wish to leave by, where confidence is `confidence` at least."""
    # confidence may fall within the step, at most to its target at 0
    fallen = min(confidence, 1.0) * np.exp(-rules.confidence_adjustment * rules.confidence_on * rules.dt)
    least = _doubt(1.0, rules) ** rules.leave_confidence_exponent
    return float(max(_doubt(fallen, rules) ** rules.leave_confidence_exponent, least))


def _doubt(confidence: float, rules: BoundRules) -> float:
    return min(max((1.0 - confidence) / (1.0 - rules.reference_confidence), 0.01), 100.0)


def most_run(highest_run: float, rules: BoundRules) -> float:
    """Most that a rule to come can multiply wishes by; `highest_run` is how near the nearest one is to anybody."""
    return 1.0 + rules.run_gain * highest_run


def leave_bound(leave: float, doubt: float, run: float, rules: BoundRules) -> float:
    """Most that anybody wishes to leave, a year; `leave` is the pull, `doubt` and `run` the most they can do."""
    return leave * (1.0 + rules.leave_opposition_gain) * doubt * run


def issue_bound(leave: float, rules: BoundRules) -> float:
    """A first document; `leave` is the largest bound of the wish to leave."""
    return chance(rules.document_on * (rules.first_document_rate + leave), rules.dt)


def journey_bound(trip: float, leave: float, flight: float, run: float, rules: BoundRules) -> float:
    """A departure, application or flight of somebody at home; `leave` is the bound of that wish."""
    wishes = trip * run + leave
    flees = flight * max(rules.flight_rate, rules.flight_rate_pending)
    return chance(rules.journey_on * (wishes * (1.0 + rules.disobedience) + flees), rules.dt)


def discipline_bound(inspected: float, report_rate: float, rules: BoundRules) -> float:
    """An investigation, at the highest rate, or an informant's report."""
    most = inspected * (1.0 + rules.inspection_exposure) + report_rate
    return chance(rules.discipline_on * most, rules.dt)


def refill_bound(values: Mapping[str, float]) -> float:
    """A recruit for a vacant post."""
    return float(chance(values["career_on"] * values["refill_rate"], values["dt"]))


def document_bound(values: Mapping[str, float]) -> float:
    """Lapse of a document, or an audit of one kept back."""
    return float(
        chance(values["document_on"] * (values["document_lapse"] + values["audit_rate"]), values["dt"])
    )


def list_bounds(values: Mapping[str, float]) -> tuple[float, float, float]:
    """Entry or lapse of a listing by rule; deletion of a sanction or an error; and the draw above which one is made."""
    by_rule = max(
        values["watchlist_on"] * WEEKS_PER_YEAR / values["list_lag_weeks"], values["delist_lapsed_rate"]
    )
    kept = max(values["delist_sanctioned_rate"], values["error_clear_rate"])
    mistake = float(chance(values["watchlist_on"] * values["false_entry_rate"], values["dt"]))
    return float(chance(by_rule, values["dt"])), float(chance(kept, values["dt"])), 1.0 - mistake
