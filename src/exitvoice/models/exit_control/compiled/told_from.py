"""What persons are told from: parameters, what the scenario says of every step, and the state of the institutions."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.exit_control.bounds import BoundRules
from exitvoice.models.exit_control.institutions.control import ControlRules
from exitvoice.models.exit_control.institutions.information import CampaignRules
from exitvoice.models.exit_control.institutions.inspection import InspectionRules
from exitvoice.models.exit_control.state import Floats, Shown


class TellingRules(NamedTuple):
    """Parameters of what is told that belong to no institution's set."""

    known_half_life_weeks: float
    censorship: float
    opposition_campaign: float
    network_gain: float
    network_half: float
    leavers_wish: float
    control_normal: float


class Drivers(NamedTuple):
    """What the scenario says of every step: by step and stratum the pulls, by step and region, and by step alone.

    `issuing` are the first documents that can be made in a step.
    """

    trip_pull: Floats
    leave_pull: Floats
    flight_pull: Floats
    flight_by_region: Floats
    openness_leave: Floats
    detection: Floats
    campaign: Floats
    goals_met: Floats
    issuing: Floats
    inspection: Floats
    is_new_year: NDArray[np.bool_]


class FixedRates(NamedTuple):
    """Rates and bounds that depend on parameters alone (`steady.Steady`)."""

    report_rate: float
    refill_bound: float
    document_bound: float
    list_bound: float
    delist_bound: float
    error_bound: float


class TellingGrounds(NamedTuple):
    """What stays the same from step to step.

    Attributes
    ----------
    simulated, promotion_most, retirement_base : arrays, shape (strata,)
        Simulated persons; rates a year.
    persons : array, shape (regions,)
        Simulated persons.
    ranks : array, shape (ranks, 2)
        Simulated serving persons by rank and faction.
    """

    drivers: Drivers
    simulated: Floats
    promotion_most: Floats
    retirement_base: Floats
    persons: Floats
    ranks: Floats
    rules: TellingRules
    bounds: BoundRules
    campaign: CampaignRules
    control: ControlRules
    inspection: InspectionRules
    fixed: FixedRates
    is_endogenous: bool
    information_strength: float
    inspection_strength: float
    dt: float


class Boards(NamedTuple):
    """Rows of the board of signals that are written here."""

    nation: NDArray[Any]
    region: NDArray[Any]
    stratum: NDArray[Any]


class Known(NamedTuple):
    """What persons are told from, as `state.Institutions` has it under the same names."""

    known: Floats
    heard: Floats
    felt: float
    conflict_level: float
    shown: Shown


class Extremes(NamedTuple):
    """Least confidence of any unit, and how near the nearest rule to come is to anybody."""

    confidence: float
    run: float
