"""Before persons act: incidents, rules, offices and what persons see are laid on the board of signals."""

import numpy as np

from exitvoice.models.exit_control import bounds, constants
from exitvoice.models.exit_control.columns import OFFICES, RANKS
from exitvoice.models.exit_control.institutions import (
    control,
    incidents,
    information,
    offices,
)
from exitvoice.models.exit_control.state import LEAVES, VISITS, Floats, Institutions, altered
from exitvoice.models.exit_control.steady import sum_of_sectors
from exitvoice.models.exit_control.world import Model, World, draw, investigation_rates
from exitvoice.scenario import PolicyTable

INCIDENT_STREAM = 240  # stream of the random function for draws that belong to no person
HELD_LOYAL = 0.05  # floor of the displayed share of loyal persons, so that promotion stays finite
RANK_NUMBERS = np.arange(RANKS, dtype=np.float64)
INSPECTED = tuple(f"inspected_{faction}_{rank}" for faction in (0, 1) for rank in range(RANKS))


def effects_now(
    model: Model, state: Institutions, now: int
) -> tuple[incidents.Effects, incidents.IncidentState]:
    """Effects of incidents in this step: the dated ones of the timeline and those that strike at random."""
    regions, shock = model.people.regions, model.rules.shock
    if shock.rate_per_year <= 0.0:  # with no rate nothing strikes, whatever is drawn
        return incidents.of_step(model.steady.incidents, now), state.incidents
    strength = model.scenario.mechanisms.incidents
    draws = np.array([draw(model, now, INCIDENT_STREAM, region) for region in range(regions)])
    after, struck = incidents.strike(state.incidents, draws, shock, dt=model.dt, strength=strength)
    dated = incidents.of_step(model.steady.dated, now)
    return incidents.combined(dated, after, struck, shock, strength=strength), after


def hand_over(model: Model, world: World, now: int, effects: incidents.Effects) -> Floats:
    """Fill the board for one step, but for what is shown; returns the offices' chance of serving, offices x regions."""
    state = world.institutions
    table = model.book.at(now)
    world.board.set_policy(table, model.people)
    chance, carried = open_offices(model, world, now)
    known, heard, credibility = _news(model, state, now, effects)
    world.institutions = altered(state, carried=carried, known=known, heard=heard)
    loyalty = max(state.shown.loyal, HELD_LOYAL)
    leave_pull = _leave_pull(model, state, now)
    most_leave = bounds.leave_bound(model.values, leave_pull, _most_doubt(model, world), table)
    _tell_regions(model, world, now, effects, credibility, leave_pull)
    _tell_strata(model, world, now, loyalty, (leave_pull, most_leave), table)
    _tell_nation(model, world, now, loyalty, float(most_leave.max()))
    return chance


def _news(
    model: Model, state: Institutions, now: int, effects: incidents.Effects
) -> tuple[Floats, Floats, Floats]:
    """What everybody knows, what was heard of the campaign, and how far it is believed."""
    values = model.values
    known = information.common_knowledge(
        state.known, effects.known_dissent, half_life_weeks=values["known_half_life_weeks"], dt=model.dt
    )
    heard, credibility = information.hear_campaign(
        state.heard,
        model.timeline.series["campaign"][now],
        censorship=values["censorship"],
        rules=model.rules.campaign,
        dt=model.dt,
    )
    return known, heard, credibility


def _leave_pull(model: Model, state: Institutions, now: int) -> Floats:
    """What region and sector multiply a person's wish to leave by, a year, by stratum."""
    values = model.values
    network = information.network_factor(
        state.gone, network_gain=values["network_gain"], network_half=values["network_half"]
    )
    return np.asarray(model.steady.leave_pull[now] * network)


def _tell_regions(
    model: Model, world: World, now: int, effects: incidents.Effects, credibility: Floats, leave_pull: Floats
) -> None:
    state, values, series = world.institutions, model.values, model.timeline.series
    strength = model.scenario.mechanisms.information
    world.board.set_region(
        {
            "hope_visit": state.hoped[VISITS],
            "hope_leave": state.hoped[LEAVES],
            "flight_pull": model.steady.flight_by_region[now],
            "openness_leave": series["openness_leave"][now],
            "detection": series["detection"][now],
            "hardship": effects.hardship,
            "opposition_impulse": effects.opposition_impulse,
            "persuasion": values["opposition_campaign"] * series["campaign"][now] * credibility * strength,
            "known_dissent": state.known,
            "goals_met": series["goals_met"][now],
            "departures_seen": state.departures * strength,
            "issuing_share": _issuing_share(model, state, now, leave_pull),
        }
    )


def _tell_strata(
    model: Model, world: World, now: int, loyalty: float, leaving: tuple[Floats, Floats], table: PolicyTable
) -> None:
    """`leaving`: the pull of leaving, and the most that anybody wishes to."""
    values, steady = model.values, model.steady
    trip_pull, (leave_pull, most_leave) = steady.trip_pull[now], leaving
    world.board.set_stratum(
        {
            "trip_pull": trip_pull,
            "leave_pull": leave_pull,
            "career_bound": bounds.career_bound(values, model.strata, loyalty),
            "journey_bound": bounds.journey_bound(
                values, trip_pull, most_leave, steady.flight_pull[now], table
            ),
        }
    )


def _most_doubt(model: Model, world: World) -> float:
    """Most that doubt in the order can multiply the wish to leave by, in any unit."""
    values = model.values
    confident = min(model.compiled.lowest(world.board.tables, "confidence"), 1.0)
    # confidence may fall within the step, at most to its target at 0
    fallen = confident * float(np.exp(-values["confidence_adjustment"] * values["confidence_on"] * model.dt))
    extremes = (1.0 - np.array([fallen, 1.0])) / (1.0 - values["reference_confidence"])
    limited = np.minimum(np.maximum(extremes, 0.01), 100.0)
    return float((limited ** values["leave_confidence_exponent"]).max())


def _tell_nation(model: Model, world: World, now: int, loyalty: float, most_leave: float) -> None:
    state, values, steady = world.institutions, model.values, model.steady
    is_endogenous = model.scenario.control == "endogenous"
    effect = control.blocked_with_control(0.0, state.felt, model.rules.control)
    inspected = investigation_rates(model, now)
    world.board.set_nation(
        {
            "nation_withdrawn": state.shown.nation_withdrawn,
            "nation_dissent": state.shown.nation_dissent,
            "displayed_loyalty": loyalty,
            "elite_conflict": state.conflict_level,
            "control_shown": state.felt - values["control_normal"],
            "blocked_control": effect if is_endogenous else 0.0,
            "report_rate": steady.report_rate,
            "new_year": float(steady.is_new_year[now]),
            "refill_bound": steady.refill_bound,
            "issue_bound": bounds.issue_bound(values, most_leave),
            "document_bound": steady.document_bound,
            "list_bound": steady.list_bound,
            "delist_bound": steady.delist_bound,
            "error_bound": steady.error_bound,
            "discipline_bound": bounds.discipline_bound(values, inspected, steady.report_rate),
            **dict(zip(INSPECTED, inspected.T.ravel().tolist(), strict=True)),
        }
    )


def open_offices(model: Model, world: World, now: int) -> tuple[Floats, Floats]:
    """Lay out each office's chances; returns that of being served and the capacity carried on, offices x regions."""
    state, desks, regions = world.institutions, model.steady.desks, model.people.regions
    chances, left = offices.serve(
        state.queue[desks.place],
        desks.capacity * model.timeline.series["decisions"][now],
        state.carried[desks.place],
        handling_years=desks.handling_years,
        dt=model.dt,
        strength=model.scenario.mechanisms.offices,
    )
    # an office that several chains name is kept as the longest of them finds it
    chance, carried = np.ones((OFFICES, regions)), state.carried.copy()
    chance[desks.place], carried[desks.place] = chances, left
    served = np.ones((regions, constants.CHAINS, OFFICES), np.float32)
    served[:, desks.chain, desks.place] = chances.T
    world.board.set_served(served)
    level = state.felt if model.scenario.control == "endogenous" else model.values["control_normal"]
    if level != world.board.refused_at:
        _refuse(model, world, level)
    return chance, carried


def _refuse(model: Model, world: World, level: float) -> None:
    """Lay out what offices refuse at a level of control."""
    values, desks = model.values, model.steady.desks
    refused = np.zeros((constants.CHAINS, OFFICES, RANKS))
    opacity = np.zeros((constants.CHAINS, OFFICES))
    refused[desks.chain, desks.place] = 1.0 - offices.grant_probability(
        desks.refusal,
        desks.refusal_by_rank,
        RANK_NUMBERS,
        level,
        normal_control=values["control_normal"],
        refusal_shift=values["office_refusal_shift"],
    )
    opacity[desks.chain, desks.place] = desks.opacity[:, 0]
    world.board.set_refused(refused, opacity, level)


def _issuing_share(model: Model, state: Institutions, now: int, leave_pull: Floats) -> Floats:
    """Share of first documents asked for that the issuing office can make in this step.

    What is asked for is taken at a mean w and a mean opposition of one third, and confidence as it is usually.
    """
    values, people = model.values, model.people
    leave = sum_of_sectors(people, people.simulated * leave_pull) / model.steady.persons
    leave = leave * values["leavers_wish"] * (1.0 + values["leave_opposition_gain"] / 3.0)
    asked = state.without_document * (values["first_document_rate"] / 3.0 + leave) * model.dt
    enough = np.divide(model.steady.issuing[now], asked, out=np.ones_like(asked), where=asked > 0.0)
    return np.asarray(np.minimum(1.0, enough))
