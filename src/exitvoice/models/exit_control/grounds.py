"""What the compiled functions of a step are handed in every step alike, as they want it."""

from dataclasses import dataclass

import numpy as np

from exitvoice.engine.program import Program
from exitvoice.models.exit_control.columns import OFFICES
from exitvoice.models.exit_control.compiled.leadership import LeadershipGrounds
from exitvoice.models.exit_control.compiled.persons import FLOWS, STOCKS, PersonsGrounds, ReportGrounds
from exitvoice.models.exit_control.compiled.rounds import SERVING, SHARED, RoundGrounds
from exitvoice.models.exit_control.people import People
from exitvoice.models.exit_control.rules import Rules
from exitvoice.models.exit_control.state import Floats
from exitvoice.models.exit_control.steady import Steady
from exitvoice.scenario import Scenario

QUEUES = tuple(f"queue_{place}" for place in range(OFFICES))


@dataclass(frozen=True)
class Grounds:
    """One set for each compiled function."""

    round: RoundGrounds
    persons: PersonsGrounds
    leadership: LeadershipGrounds


def grounds_of(
    scenario: Scenario,
    people: People,
    program: Program,
    *,
    strata: dict[str, Floats],
    rules: Rules,
    steady: Steady,
    dt: float,
) -> Grounds:
    """Grounds of a scenario's steps of `dt` years."""
    values, switches = scenario.values, scenario.mechanisms
    running, events = program.stage("start"), program.stage("events")
    return Grounds(
        round=RoundGrounds(
            shared=running.places_of(SHARED),
            serving=running.places_of(SERVING),
            weight=np.ascontiguousarray(people.weight),
            enforcer=strata["enforcer"],
            regions=people.regions,
            rules=rules.enforcement,
            monitoring=float(values["monitoring"]),
            strength=float(switches.enforcement),
        ),
        persons=PersonsGrounds(
            stocks=running.places_of(STOCKS),
            flows=events.places_of(FLOWS),
            queues=events.places_of(QUEUES),
            investigated=events.places["investigated"],
            investigated_faction=events.places["investigated_faction"],
            serving=running.places["is_serving"],
            regions=people.regions,
            top_rank=len(scenario.ranks) - 1,
            second=float(values["faction_share"]),
            hope=rules.hope,
            memory=rules.memory,
            inspection=rules.inspection,
            report=ReportGrounds(rules.reporting, float(values["report_wanted"]), float(switches.reporting)),
            dt=dt,
        ),
        leadership=LeadershipGrounds(
            control=rules.control,
            loss=rules.loss,
            background=rules.background,
            is_endogenous=scenario.control == "endogenous",
            leadership_strength=float(switches.leadership),
            loss_strength=float(switches.loss_of_control),
            others=steady.others,
            dt=dt,
        ),
    )
