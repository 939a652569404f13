"""Before persons act: incidents, rules, offices and what persons see are laid on the board of signals."""

from dataclasses import replace

import numpy as np

from exitvoice.models.exit_control import bounds, constants
from exitvoice.models.exit_control.columns import OFFICES, RANKS
from exitvoice.models.exit_control.institutions import (
    control,
    enforcement,
    incidents,
    information,
    offices,
)
from exitvoice.models.exit_control.state import LEAVES, VISITS, Floats, Institutions
from exitvoice.models.exit_control.world import (
    Model,
    World,
    draw,
    investigation_rates,
    region_sum,
    report_rate,
)
from exitvoice.units import WEEKS_PER_YEAR

INCIDENT_STREAM = 240  # stream of the random function for draws that belong to no person
HELD_LOYAL = 0.05  # floor of the displayed share of loyal persons, so that promotion stays finite


def effects_now(
    model: Model, state: Institutions, now: int
) -> tuple[incidents.Effects, incidents.IncidentState]:
    """Effects of incidents in this step: the dated ones of the timeline and those that strike at random."""
    series = model.timeline.series
    strength = model.scenario.mechanisms.incidents
    away = series["enforcement_away"][now]
    dated = incidents.Effects(
        hardship=series["hardship"][now],
        enforcement_away=away,
        opposition_impulse=series["opposition_impulse"][now],
        known_dissent=series["known_dissent"][now],
        incident=np.maximum(away, np.minimum(1.0, 20.0 * series["opposition_impulse"][now])),
    )
    regions, shock = model.people.regions, model.rules.shock
    draws = np.ones(regions)
    if shock.rate_per_year > 0.0:  # with no rate nothing strikes, whatever is drawn
        draws = np.array([draw(model, now, INCIDENT_STREAM, region) for region in range(regions)])
    after, struck = incidents.strike(state.incidents, draws, shock, dt=model.dt, strength=strength)
    return incidents.combined(dated, after, struck, shock, strength=strength), after


def hand_over(model: Model, world: World, now: int, effects: incidents.Effects) -> Floats:
    """Fill the board for one step; returns the offices' chance of serving, offices x regions."""
    state, board, values = world.institutions, world.board, model.values
    series, switches = model.timeline.series, model.scenario.mechanisms
    board.set_policy(model.book.at(now), model.people)
    served = open_offices(model, world, now)
    known = information.common_knowledge(
        state.known, effects.known_dissent, half_life_weeks=values["known_half_life_weeks"], dt=model.dt
    )
    heard, credibility = information.hear_campaign(
        state.heard,
        series["campaign"][now],
        censorship=values["censorship"],
        rules=model.rules.campaign,
        dt=model.dt,
    )
    world.institutions = replace(world.institutions, known=known, heard=heard)
    deterred = (1.0 - series["detection"][now]) ** values["flight_deterrence"]
    board.set_region(
        {
            "hope_visit": state.hoped[VISITS],
            "hope_leave": state.hoped[LEAVES],
            "flight_pull": series["access"][now] * deterred,
            "openness_leave": series["openness_leave"][now],
            "detection": series["detection"][now],
            "hardship": effects.hardship,
            "opposition_impulse": effects.opposition_impulse,
            "persuasion": values["opposition_campaign"]
            * series["campaign"][now]
            * credibility
            * switches.information,
            "known_dissent": known,
            "goals_met": series["goals_met"][now],
            "departures_seen": state.departures * switches.information,
            "issuing_share": _issuing_share(model, state, now),
        }
    )
    region = np.tile(np.arange(model.people.regions), model.people.sectors)
    network = information.network_factor(
        state.gone, network_gain=values["network_gain"], network_half=values["network_half"]
    )
    trip = values["trip_wish_rate"] * (series["openness_trips"][now] * series["season"][now])[region]
    leave = values["leave_wish_rate"] * series["openness_leave"][now][region]
    loyalty = max(state.shown.loyal, HELD_LOYAL)
    trip_pull, leave_pull = trip * model.strata["travel"], leave * network
    flight_pull = (series["access"][now] * deterred)[region]
    confident = min(model.compiled.lowest(board.tables, "confidence"), 1.0)
    # confidence may fall within the step, at most to its target at 0
    fallen = confident * float(np.exp(-values["confidence_adjustment"] * values["confidence_on"] * model.dt))
    extremes = np.clip((1.0 - np.array([fallen, 1.0])) / (1.0 - values["reference_confidence"]), 0.01, 100.0)
    doubt = float((extremes ** values["leave_confidence_exponent"]).max())
    board.set_stratum(
        {
            "trip_pull": trip_pull,
            "leave_pull": leave_pull,
            "career_bound": bounds.career_bound(values, model.strata, loyalty),
            "journey_bound": bounds.journey_bound(
                values, trip_pull, leave_pull, flight_pull, doubt, model.book.at(now)
            ),
        }
    )
    list_bound, error_bound = bounds.list_bounds(values)
    effect = control.blocked_with_control(0.0, state.felt, model.rules.control)
    is_endogenous = model.scenario.control == "endogenous"
    year = model.timeline.starts.astype("datetime64[Y]")
    inspected = investigation_rates(model, now)
    board.set_nation(
        {
            "nation_withdrawn": state.shown.nation_withdrawn,
            "nation_dissent": state.shown.nation_dissent,
            "displayed_loyalty": loyalty,
            "elite_conflict": state.conflict_level,
            "control_shown": state.felt - values["control_normal"],
            "blocked_control": effect if is_endogenous else 0.0,
            "report_rate": report_rate(values),
            "new_year": float(now > 0 and year[now] != year[now - 1]),
            "document_bound": bounds.document_bound(values),
            "list_bound": list_bound,
            "error_bound": error_bound,
            "discipline_bound": bounds.discipline_bound(values, inspected, report_rate(values)),
            **{f"inspected_{f}_{k}": float(inspected[k, f]) for f in (0, 1) for k in range(RANKS)},
        }
    )
    show(model, world)
    return served


def open_offices(model: Model, world: World, now: int) -> Floats:
    """Chances of being served and refused at each office; unused capacity is carried on."""
    state, values, switches = world.institutions, model.values, model.scenario.mechanisms
    regions = model.people.regions
    persons = region_sum(model, model.people.simulated)
    level = state.felt if model.scenario.control == "endogenous" else values["control_normal"]
    served = np.ones((regions, constants.CHAINS, OFFICES))
    refused = np.zeros((constants.CHAINS, OFFICES, RANKS))
    opacity = np.zeros((constants.CHAINS, OFFICES))
    chance = np.ones((OFFICES, regions))
    carried = state.carried.copy()
    for length, chain in enumerate(model.chains):
        for place, office in enumerate(chain.offices):
            if office is None:
                continue
            capacity = offices.capacity_per_step(persons, office.decisions_per_week_per_1000, dt=model.dt)
            chance[place], carried[place] = offices.serve(
                state.queue[place],
                capacity * values["office_capacity_factor"] * model.timeline.series["decisions"][now],
                state.carried[place],
                handling_years=office.handling_weeks * values["office_handling_factor"] / WEEKS_PER_YEAR,
                dt=model.dt,
                strength=switches.offices,
            )
            served[:, length, place] = chance[place]
            refused[length, place] = 1.0 - offices.grant_probability(
                office.refusal,
                office.refusal_by_rank,
                np.arange(RANKS, dtype=np.float64),
                level,
                normal_control=values["control_normal"],
                refusal_shift=values["office_refusal_shift"],
            )
            opacity[length, place] = office.opacity
    world.institutions = replace(state, carried=carried)
    world.board.set_offices(served, refused, opacity)
    return chance


def _issuing_share(model: Model, state: Institutions, now: int) -> Floats:
    """Share of first documents asked for that the issuing office can make in this step."""
    values = model.values
    per_week = model.scenario.issuing.documents_per_week_per_1000
    capacity = offices.capacity_per_step(region_sum(model, model.people.simulated), per_week, dt=model.dt)
    capacity = capacity * values["office_capacity_factor"] * model.timeline.series["issuing"][now]
    asked = state.without_document * values["first_document_rate"] * model.dt / 3.0  # mean wish about 1/3
    enough = np.divide(capacity, asked, out=np.ones_like(asked), where=asked > 0.0)
    return np.asarray(np.minimum(1.0, enough))


def show(model: Model, world: World) -> None:
    """Hand the shares shown, and the chance of punishment they lead to, to the persons."""
    state, values = world.institutions, model.values
    rules = model.rules.enforcement
    world.board.set_region(
        {
            "region_withdrawn": state.shown.withdrawn,
            "region_dissent": state.shown.dissent,
            "punishment": enforcement.punishment(
                state.shown.dissent,
                state.force,
                values["monitoring"],
                rules,
                strength=model.scenario.mechanisms.enforcement,
            ),
        }
    )
