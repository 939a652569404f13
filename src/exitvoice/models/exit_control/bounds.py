"""Upper bounds of the chances of a step's events, for the filter of persons.activity.

Each bound takes the largest value that every person-level factor can have (w, h, v, exposure and courage
at most 1, hope at most 1) and adds a margin for 32-bit arithmetic. They decide how much work is saved,
never what happens.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from exitvoice.scenario import PolicyTable
from exitvoice.units import WEEKS_PER_YEAR

Floats = NDArray[np.float64]
MARGIN = 1.001


def chance(rate: Floats | float, dt: float) -> Floats:
    """At least 1 - exp(-rate dt), at most 1."""
    return np.minimum(1.0, -np.expm1(-np.asarray(rate, np.float64) * dt) * MARGIN + 1e-6)


def career_bound(values: Mapping[str, float], strata: Mapping[str, Floats], loyalty: float) -> Floats:
    """Death, retirement or promotion of a serving person, or death of a retired one, by stratum."""
    weight = values["promotion_loyalty_weight"]
    favour = 1.0 - weight + weight / loyalty
    promotion = strata["promotion_most"] * favour
    serving = values["death_rate_serving"] + strata["retirement_base"] + promotion
    return chance(values["career_on"] * np.maximum(serving, values["death_rate_retired"]), values["dt"])


def refill_bound(values: Mapping[str, float]) -> float:
    """A recruit for a vacant post."""
    return float(chance(values["career_on"] * values["refill_rate"], values["dt"]))


def leave_bound(values: Mapping[str, float], leave: Floats, doubt: float, table: PolicyTable) -> Floats:
    """Most that anybody wishes to leave, a year, by stratum; `leave` is the pull."""
    return leave * (1.0 + values["leave_opposition_gain"]) * doubt * _most_run(values, table)


def _most_run(values: Mapping[str, float], table: PolicyTable) -> float:
    return 1.0 + values["run_gain"] * table.highest_run


def issue_bound(values: Mapping[str, float], leave: float) -> float:
    """A first document; `leave` is the largest bound of the wish to leave."""
    return float(chance(values["document_on"] * (values["first_document_rate"] + leave), values["dt"]))


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


def journey_bound(
    values: Mapping[str, float], trip: Floats, leave: Floats, flight: Floats, table: PolicyTable
) -> Floats:
    """A departure, application or flight of somebody at home, by stratum; `leave` is the bound of that wish."""
    wishes = trip * _most_run(values, table) + leave
    flees = flight * max(values["flight_rate"], values["flight_rate_pending"])
    return chance(values["journey_on"] * (wishes * (1.0 + values["disobedience"]) + flees), values["dt"])


def discipline_bound(values: Mapping[str, float], inspected: Floats, report_rate: float) -> float:
    """An investigation or an informant's report."""
    most = float(inspected.max()) * (1.0 + values["inspection_exposure"]) + report_rate
    return float(chance(values["discipline_on"] * most, values["dt"]))
