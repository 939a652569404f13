"""What the compiled functions of a step are handed in every step alike, as they want it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.program import Program
from exitvoice.models.exit_control.bounds import BoundRules
from exitvoice.models.exit_control.columns import QUEUES
from exitvoice.models.exit_control.compiled import host
from exitvoice.models.exit_control.compiled.after import AfterGrounds
from exitvoice.models.exit_control.compiled.leadership import (
    ControlGrounds,
    LossGrounds,
    OthersGrounds,
    Outside,
)
from exitvoice.models.exit_control.compiled.offices import OfficeGrounds
from exitvoice.models.exit_control.compiled.persons import (
    FLOWS,
    STOCKS,
    PersonsGrounds,
    ReportGrounds,
    TopGrounds,
)
from exitvoice.models.exit_control.compiled.rounds import SERVING, SHARED, RoundGrounds
from exitvoice.models.exit_control.compiled.told_from import Drivers, FixedRates, TellingGrounds, TellingRules
from exitvoice.models.exit_control.institutions.leadership import Channels, Leader, leader_of
from exitvoice.models.exit_control.institutions.reporting import truth_weight
from exitvoice.models.exit_control.institutions.smoothing import chosen
from exitvoice.models.exit_control.people import People
from exitvoice.models.exit_control.rules import Rules
from exitvoice.models.exit_control.state import Floats
from exitvoice.models.exit_control.steady import Steady
from exitvoice.scenario import Scenario, Timeline


class Grounds(NamedTuple):
    """One set for each compiled function, or a handle of each."""

    offices: OfficeGrounds
    telling: TellingGrounds
    round: RoundGrounds
    after: AfterGrounds


@dataclass(frozen=True)
class Sources:
    """What grounds are taken from; `values` and `strata` as `constants` makes them.

    `defections` are draws by step, which decide whether elites defect.
    """

    scenario: Scenario
    timeline: Timeline
    people: People
    program: Program
    values: dict[str, float]
    strata: dict[str, Floats]
    rules: Rules
    steady: Steady
    defections: Floats


def grounds_of(made: Sources) -> Grounds:
    """Grounds of a scenario's steps."""
    return Grounds(
        offices=_offices(made),
        telling=_telling(made),
        round=_round(made),
        after=_after(made),
    )


def handles_of(grounds: Grounds) -> Grounds:
    """What compiled functions are handed in the place of each."""
    return Grounds(*(host().fixed(each) for each in grounds))


def _offices(made: Sources) -> OfficeGrounds:
    return OfficeGrounds(
        desks=made.steady.desks,
        decisions=_row_after_row(made.timeline.series["decisions"]),
        strength=float(made.scenario.mechanisms.offices),
        normal_control=float(made.values["control_normal"]),
        refusal_shift=float(made.values["office_refusal_shift"]),
        dt=made.timeline.dt,
    )


def _telling(made: Sources) -> TellingGrounds:
    steady, strata, rules, switches = made.steady, made.strata, made.rules, made.scenario.mechanisms
    return TellingGrounds(
        drivers=_drivers(steady, made.timeline),
        simulated=_row_after_row(made.people.simulated),
        promotion_most=_row_after_row(strata["promotion_most"]),
        retirement_base=_row_after_row(strata["retirement_base"]),
        persons=_row_after_row(steady.persons),
        ranks=_row_after_row(np.repeat(steady.ranks[:, np.newaxis], 2, axis=1) / 2.0),
        rules=chosen(TellingRules, made.values),
        bounds=chosen(BoundRules, made.values),
        campaign=rules.campaign,
        control=rules.control,
        inspection=rules.inspection,
        fixed=FixedRates(*(float(getattr(steady, name)) for name in FixedRates._fields)),
        is_endogenous=made.scenario.control == "endogenous",
        information_strength=float(switches.information),
        inspection_strength=float(switches.inspection),
        dt=made.timeline.dt,
    )


def _drivers(steady: Steady, timeline: Timeline) -> Drivers:
    series = timeline.series
    return Drivers(
        trip_pull=_row_after_row(steady.trip_pull),
        leave_pull=_row_after_row(steady.leave_pull),
        flight_pull=_row_after_row(steady.flight_pull),
        flight_by_region=_row_after_row(steady.flight_by_region),
        openness_leave=_row_after_row(series["openness_leave"]),
        detection=_row_after_row(series["detection"]),
        campaign=_row_after_row(series["campaign"]),
        goals_met=_row_after_row(series["goals_met"]),
        issuing=_row_after_row(steady.issuing),
        inspection=_row_after_row(steady.inspection),
        is_new_year=_row_after_row(steady.is_new_year),
    )


def _round(made: Sources) -> RoundGrounds:
    running = made.program.stage("start")
    return RoundGrounds(
        shared=running.places_of(SHARED),
        serving=running.places_of(SERVING),
        weight=_row_after_row(made.people.weight),
        enforcer=_row_after_row(made.strata["enforcer"]),
        regions=made.people.regions,
        rules=made.rules.enforcement,
        monitoring=float(made.values["monitoring"]),
        strength=float(made.scenario.mechanisms.enforcement),
    )


def _after(made: Sources) -> AfterGrounds:
    rules, switches = made.rules, made.scenario.mechanisms
    is_endogenous = made.scenario.control == "endogenous"
    return AfterGrounds(
        persons=_persons(made),
        leader=_leader(made),
        control=ControlGrounds(rules.control, is_endogenous, float(switches.leadership)),
        loss=LossGrounds(rules.loss, float(switches.loss_of_control)),
        outside=_outside(made),
        others=OthersGrounds(_row_after_row(made.steady.others), rules.background),
        dt=made.timeline.dt,
    )


def _persons(made: Sources) -> PersonsGrounds:
    running, events, rules = made.program.stage("start"), made.program.stage("events"), made.rules
    wanted, strength = float(made.values["report_wanted"]), float(made.scenario.mechanisms.reporting)
    top = TopGrounds(
        investigated=events.places["investigated"],
        investigated_faction=events.places["investigated_faction"],
        serving=running.places["is_serving"],
        rank=len(made.scenario.ranks) - 1,
        second=float(made.values["faction_share"]),
        rules=rules.inspection,
    )
    return PersonsGrounds(
        stocks=running.places_of(STOCKS),
        flows=events.places_of(FLOWS),
        queues=events.places_of(QUEUES),
        regions=made.people.regions,
        hope=rules.hope,
        memory=rules.memory,
        top=top,
        report=ReportGrounds(rules.reporting, wanted, strength),
    )


def _leader(made: Sources) -> Leader:
    strength = float(made.scenario.mechanisms.reporting)
    channels = Channels(
        inform_chance=made.steady.inform_chance,
        truth_weight=truth_weight(made.rules.reporting, strength=strength),
        wanted=float(made.values["report_wanted"]),
    )
    return leader_of(made.scenario.leadership, made.values, channels)


def _outside(made: Sources) -> Outside:
    steady, series = made.steady, made.timeline.series
    return Outside(
        tension=_row_after_row(steady.tension),
        scripted=_row_after_row(steady.scripted),
        uniform=made.defections,
        openness=_row_after_row(series["openness_trips"]),
        season=_row_after_row(series["season"]),
        issuing=_row_after_row(series["issuing"]),
    )


def _row_after_row(array: NDArray[Any]) -> NDArray[Any]:
    """Laid out in one way and writable, so that a function is compiled once and not for each way."""
    return np.array(array, order="C")
