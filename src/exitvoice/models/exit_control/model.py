"""The exit-control model, whole: compiled from a scenario, moved step by step.

Order in a step: last tallies -> incidents -> rules, offices and what persons see -> persons (career to
discipline) -> rounds of expression -> enforcement -> leadership -> control for the next step.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population
from exitvoice.engine.compile import CompiledProgram, Tallies, compile_program
from exitvoice.engine.random import philox, uniform
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import bounds, constants
from exitvoice.models.exit_control.columns import OFFICES, RANKS, ROUNDS
from exitvoice.models.exit_control.institutions import (
    background,
    control,
    enforcement,
    incidents,
    information,
    inspection,
    leadership,
    loss_of_control,
    offices,
    reporting,
)
from exitvoice.models.exit_control.institutions.smoothing import chosen, share
from exitvoice.models.exit_control.people import People, empty_population, settle
from exitvoice.models.exit_control.program import exit_control_program
from exitvoice.models.exit_control.signals import SignalBoard, blank_board
from exitvoice.models.exit_control.state import LEAVES, VISITS, Floats, Institutions, Shown, empty_queue
from exitvoice.scenario import PolicyBook, Scenario, Timeline, build_timeline, compile_policy
from exitvoice.units import WEEKS_PER_YEAR

INCIDENT_STREAM = 240  # streams of the random function for draws that belong to no person
ELITE_STREAM = 241
SETTLING_STEP = 60_000  # steps of the settling, beyond those of any clock, so that their draws are their own
SETTLING_YEARS = 1.0
HELD_LOYAL = 0.05  # floor of the displayed share of loyal persons, so that promotion stays finite


@dataclass(frozen=True)
class Rules:
    """Parameters of the institutions, one set an institution."""

    hope: offices.HopeRules
    sight: information.Sight
    campaign: information.CampaignRules
    reporting: reporting.ReportingRules
    control: control.ControlRules
    inspection: inspection.InspectionRules
    enforcement: enforcement.EnforcementRules
    loss: loss_of_control.LossRules
    background: background.BackgroundRules
    shock: incidents.Shock


@dataclass(frozen=True)
class Model:
    """A scenario compiled: tables, parameters and the loops of its persons."""

    scenario: Scenario
    timeline: Timeline
    book: PolicyBook
    people: People
    compiled: CompiledProgram
    values: dict[str, float]
    strata: dict[str, Floats]
    rules: Rules
    chains: tuple[constants.Chain, ...]
    scale: float
    seed: int

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.timeline.steps

    @property
    def dt(self) -> float:
        """Length of a step in years."""
        return self.timeline.dt


@dataclass
class World:
    """A model in motion: the population, the signals it reads, the institutions' state."""

    population: Population
    board: SignalBoard
    institutions: Institutions


@dataclass(frozen=True)
class StepRecord:
    """What one step did: tallies of persons, and the institutions after it."""

    week: Tallies
    events: Tallies
    display: Tallies
    institutions: Institutions
    incident: Floats
    lost: Floats
    reported: float
    served: Floats


def compile_model(scenario: Scenario, *, scale: float, seed: int) -> Model:
    """Compile a scenario to a model of its people at a scale (1 = one simulated person a real one)."""
    timeline = build_timeline(scenario, scenario.grid)
    book = compile_policy(scenario, timeline)
    people = settle(scenario, scale=scale, seed=seed)
    return Model(
        scenario=scenario,
        timeline=timeline,
        book=book,
        people=people,
        compiled=compile_program(exit_control_program(scenario.theory)),
        values=constants.parameter_values(scenario, book, timeline.dt),
        strata=constants.stratum_values(scenario, people),
        rules=_institution_rules(scenario),
        chains=constants.chains_of(scenario),
        scale=scale,
        seed=seed,
    )


def _institution_rules(scenario: Scenario) -> Rules:
    values = scenario.values
    shocks = scenario.shocks
    return Rules(
        hope=chosen(offices.HopeRules, values),
        sight=chosen(information.Sight, values),
        campaign=chosen(information.CampaignRules, values),
        reporting=chosen(reporting.ReportingRules, values),
        control=chosen(control.ControlRules, values),
        inspection=chosen(inspection.InspectionRules, values),
        enforcement=chosen(enforcement.EnforcementRules, values),
        loss=chosen(loss_of_control.LossRules, values),
        background=chosen(background.BackgroundRules, values),
        shock=incidents.Shock(
            rate_per_year=shocks.rate_per_year,
            hardship=shocks.hardship,
            enforcement_away=-shocks.enforcement,
            opposition=shocks.opposition,
            known_dissent=shocks.known_dissent,
            weeks=shocks.weeks,
            half_life_weeks=values["incident_half_life_weeks"],
        ),
    )


def begin(model: Model, threads: Threads) -> World:
    """Fill the population and start the institutions."""
    people, values = model.people, model.values
    regions = people.regions
    board = blank_board(model.compiled.program, people, values)
    board.set_stratum(model.strata)
    board.set_unit("unit_leaning", constants.unit_leanings(model.scenario, people))
    hope = offices.start_hope(2, regions)
    persons = region_sum(model, people.simulated * people.weight)
    start_control = control.scripted_control(float(model.timeline.series["control"][0].mean()))
    institutions = Institutions(
        hope=hope,
        hoped=offices.hope_of(hope, model.rules.hope),
        queue=empty_queue(regions),
        carried=np.zeros((OFFICES, regions)),
        gone=np.zeros(len(people.simulated)),
        outside=np.zeros(len(people.simulated)),
        departures=np.zeros(regions),
        unauthorised=0.0,
        heard=np.zeros(regions),
        known=np.zeros(regions),
        belief=leadership.start_belief(model.scenario.leadership, values),
        control=start_control,
        felt=start_control,
        crisis=0.0,
        conflict=inspection.start_conflict(),
        conflict_level=0.0,
        force=np.full(regions, values["enforcers"]),
        incidents=incidents.start_incidents(regions),
        loss=loss_of_control.start_loss(regions),
        background=background.start_background(_others(model, persons), model.rules.background),
        shown=Shown(np.zeros(regions), np.zeros(regions), 0.0, 0.0, 1.0, 0.0, np.zeros(regions)),
        without_document=np.zeros(regions),
        top_persons=np.ones(2),
    )
    world = World(empty_population(people), board, institutions)
    quiet = incidents.Effects(*(np.zeros(regions) for _ in range(5)))
    _hand_over(model, world, 0, quiet)
    tallies = run_stage(model, world, "start", 0, threads)
    top = float(rank_persons(model)[len(model.scenario.ranks) - 1])
    world.institutions = replace(
        world.institutions,
        shown=_shown(model, tallies),
        without_document=region_sum(model, people.simulated * (1.0 - model.strata["document_share"])),
        top_persons=_top_persons(model, top),
        conflict=_usual_conflict(model),
    )
    _settle_expression(model, world, quiet, threads)
    return world


def _usual_conflict(model: Model) -> inspection.ConflictState:
    """Investigations at the top as they are remembered in ordinary years, so that no run begins with a rise."""
    rate = inspection.investigation_rate(
        float(model.timeline.series["inspection"][0].mean()),
        np.repeat(rank_persons(model)[:, np.newaxis], 2, axis=1) / 2.0,
        model.rules.inspection,
        strength=model.scenario.mechanisms.inspection,
    )[len(model.scenario.ranks) - 1]
    usual = rate * (1.0 + model.values["inspection_exposure"] * 0.25)  # mean exposure at the top is about 1/4
    return inspection.ConflictState(usual)


def _settle_expression(
    model: Model, world: World, quiet: incidents.Effects, threads: Threads
) -> None:
    """Let everybody find what to show before the clock starts, and the leadership its belief.

    Everybody starts LOYAL; within a year of revisions the shares are at rest. Nothing else moves.
    """
    for before in range(round(SETTLING_YEARS / model.dt)):
        run_stage(model, world, "week", SETTLING_STEP + before, threads)
        for round_ in range(ROUNDS):
            display = run_stage(model, world, "speak", SETTLING_STEP + before, threads, round_=round_)
            world.institutions = _after_round(model, world.institutions, display, quiet)
            _show(model, world)
        persons = region_sum(model, model.people.simulated)
        belief, _ = _learn(model, world.institutions, None, persons)
        world.institutions = replace(world.institutions, belief=belief)


def step(model: Model, world: World, now: int, threads: Threads) -> StepRecord:
    """Move the world by one step."""
    effects, struck = _effects(model, world.institutions, now)
    world.institutions = replace(world.institutions, incidents=struck)
    served = _hand_over(model, world, now, effects)
    week = run_stage(model, world, "week", now, threads)
    events = run_stage(model, world, "events", now, threads)
    run_stage(model, world, "drift", now, threads)
    for round_ in range(ROUNDS):
        display = run_stage(model, world, "speak", now, threads, round_=round_)
        world.institutions = _after_round(model, world.institutions, display, effects)
        _show(model, world)
    world.institutions, reported, lost = _after_step(model, world, now, (week, events), effects)
    return StepRecord(week, events, display, world.institutions, effects.incident, lost, reported, served)


def run_stage(
    model: Model, world: World, name: str, now: int, threads: Threads, *, round_: int = 0
) -> Tallies:
    """Run one stage of the program, by its name, over the world's population."""
    stage = next(item for item in model.compiled.program.stages if item.name == name)
    return model.compiled.run_stage(
        stage, world.population, world.board.tables, seed=model.seed, step=now, round=round_, threads=threads
    )


# -- before persons act ------------------------------------------------------------------------------


def _effects(
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
    regions = model.people.regions
    draws = np.array([_draw(model, now, INCIDENT_STREAM, region) for region in range(regions)])
    shock = model.rules.shock
    after, struck = incidents.strike(state.incidents, draws, shock, dt=model.dt, strength=strength)
    return incidents.combined(dated, after, struck, shock, strength=strength), after


def _hand_over(model: Model, world: World, now: int, effects: incidents.Effects) -> Floats:
    """Fill the board for one step; returns the offices' chance of serving, offices x regions."""
    state, board, values = world.institutions, world.board, model.values
    series, switches = model.timeline.series, model.scenario.mechanisms
    board.set_policy(model.book.at(now), model.people)
    served = _open_offices(model, world, now)
    known = information.common_knowledge(
        state.known, effects.known_dissent, half_life_weeks=values["known_half_life_weeks"], dt=model.dt
    )
    heard, credibility = information.hear_campaign(
        state.heard, series["campaign"][now], censorship=values["censorship"], rules=model.rules.campaign, dt=model.dt
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
            "persuasion": values["opposition_campaign"] * series["campaign"][now] * credibility * switches.information,
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
    unit_confidence = board.get_unit("unit_confidence")
    confident = min(float(unit_confidence.min()), 1.0)
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
    inspected = inspection.investigation_rate(
        float(series["inspection"][now].mean()),
        np.repeat(rank_persons(model)[:, np.newaxis], 2, axis=1) / 2.0,
        model.rules.inspection,
        strength=switches.inspection,
    )
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
    _show(model, world)
    return served


def report_rate(values: dict[str, float]) -> float:
    """Reports a year per unit of opposition: d1 exp(-omega iota m M) (1 - (1 - iota M)^m)."""
    reached = values["informants"] * values["monitoring"]
    silenced = np.exp(-values["self_silencing"] * reached * values["contacts"])
    return float(values["disclosure_rate"] * silenced * (1.0 - (1.0 - reached) ** values["contacts"]))


def rank_persons(model: Model) -> Floats:
    """Simulated serving persons by rank, from the scenario's shares."""
    edges = [np.zeros_like(model.strata["rank_edge_1"]), *(model.strata[f"rank_edge_{k}"] for k in (1, 2, 3))]
    edges.append(np.ones_like(edges[0]))
    serving = model.people.simulated * (1.0 - model.strata["retired_share"])
    return np.array([(serving * (edges[k + 1] - edges[k])).sum() for k in range(RANKS)])


def _open_offices(model: Model, world: World, now: int) -> Floats:
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
                capacity * values["office_capacity_factor"],
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
    return np.minimum(1.0, np.divide(capacity, asked, out=np.ones_like(asked), where=asked > 0.0))


def _show(model: Model, world: World) -> None:
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


# -- after persons have acted --------------------------------------------------------------------------


def _after_round(
    model: Model, state: Institutions, display: Tallies, effects: incidents.Effects
) -> Institutions:
    """Shares shown and enforcers who obey, after a round of expression."""
    enforcers = np.array([s.enforcer for s in model.scenario.sectors for _ in model.scenario.regions])
    names = ("serving_loyal", "serving_withdrawn", "serving")
    loyal, withdrawn, serving = (display.count(name).sum(axis=1) * enforcers for name in names)
    force = enforcement.enforcement(
        region_sum(model, loyal),
        region_sum(model, withdrawn),
        region_sum(model, serving),
        effects.enforcement_away,
        model.rules.enforcement,
    )
    return replace(state, shown=_shown(model, display), force=force)


def _after_step(
    model: Model, world: World, now: int, tallies: tuple[Tallies, Tallies], effects: incidents.Effects
) -> tuple[Institutions, float, Floats]:
    """Offices, memory, leadership, control and loss of control, from what this step did."""
    state, values, switches = world.institutions, model.values, model.scenario.mechanisms
    dt, regions = model.dt, model.people.regions
    week, events = tallies
    flow = {name: week.count(name).sum(axis=1) for name in _STOCKS_READ}
    flow |= {name: events.count(name).sum(axis=1) for name in _FLOWS_READ}
    persons = region_sum(model, flow["person"])
    leave_queue = region_sum(model, flow["queue_leave"])
    queue = np.array([region_sum(model, flow[f"queue_{place}"]) for place in range(OFFICES)])
    grants = region_sum(model, flow["granted"])
    leave_share = share(leave_queue, queue.sum(axis=0))
    hope, hoped = offices.update_hope(
        state.hope,
        np.array([grants * (1.0 - leave_share), grants * leave_share]),
        np.array([queue.sum(axis=0) - leave_queue, leave_queue]),
        rules=model.rules.hope,
        dt=dt,
    )
    gone_now = flow["left"] + flow["overstayed"] + flow["fled"]
    returning = -np.expm1(-values["stayer_return_rate"] * dt)
    seen = gone_now + flow["departed_disobedient"]  # those who slip out for good are among the left
    unauthorised = flow["overstayed"] + flow["fled"] + flow["departed_disobedient"]
    departures = information.departures_rate(
        state.departures,
        region_sum(model, seen),
        persons,
        memory_years=values["departures_memory_years"],
        dt=dt,
    )
    alarm_rate = information.departures_rate(
        np.array([state.unauthorised]),
        np.array([float(unauthorised.sum())]),
        np.array([float(persons.sum())]),
        memory_years=values["departures_memory_years"],
        dt=dt,
    )[0]
    top_rank = len(model.scenario.ranks) - 1
    every, second = (int(events.count(n)[:, top_rank].sum()) for n in ("investigated", "investigated_faction"))
    investigated = np.array([every - second, second], dtype=np.float64)
    conflict = inspection.watch_top(
        state.conflict, investigated, state.top_persons, rules=model.rules.inspection, dt=dt
    )
    conflict_level = inspection.elite_conflict(conflict, state.top_persons, model.rules.inspection)
    belief, reported = _learn(model, state, int(flow["reported"].sum()), persons)
    alarm = control.Alarm(
        belief=belief.mean,
        seen_dissent=state.shown.nation_dissent,
        departures_rate=float(alarm_rate),
        elite_conflict=conflict_level,
        external_tension=float(model.timeline.series["external_tension"][now].mean()),
    )
    crisis = control.perceived_crisis(alarm, model.rules.control)
    level = (
        control.next_control(state.control, crisis, model.rules.control, dt=dt, strength=switches.leadership)
        if model.scenario.control == "endogenous"
        else control.scripted_control(float(model.timeline.series["control"][now].mean()))
    )
    loss, crowds = loss_of_control.watch_crowd(
        state.loss,
        state.shown.dissent,
        state.force,
        date=model.timeline.starts[now],
        rules=model.rules.loss,
        dt=dt,
        strength=switches.loss_of_control,
    )
    loss, elite = loss_of_control.watch_elite(
        loss,
        state.shown.nation_dissent,
        conflict_level,
        _draw(model, now, ELITE_STREAM, 0),
        date=model.timeline.starts[now],
        rules=model.rules.loss,
        dt=dt,
        strength=switches.loss_of_control,
    )
    top = week.count("is_serving")[:, top_rank].sum()
    after = replace(
        state,
        hope=hope,
        hoped=hoped,
        queue=queue,
        gone=information.gone_share(
            state.gone, gone_now.astype(np.float64), flow["person"].astype(np.float64),
            memory_years=values["gone_memory_years"], dt=dt,
        ),
        outside=state.outside * (1.0 - returning) + gone_now,
        departures=departures,
        unauthorised=float(alarm_rate),
        belief=belief,
        control=level,
        felt=control.felt_control(state.felt, level, model.rules.control, dt=dt),
        crisis=crisis,
        conflict=conflict,
        conflict_level=conflict_level,
        loss=loss,
        background=_pass_background(model, state, now),
        without_document=persons - region_sum(model, flow["has_document"] + flow["document_held"]),
        top_persons=_top_persons(model, float(top)),
    )
    return after, reported, loss_of_control.lost_now((*crowds, *elite), regions)


_STOCKS_READ = (
    "person",
    "has_document",
    "document_held",
    "queue_leave",
    *(f"queue_{place}" for place in range(OFFICES)),
)
_FLOWS_READ = ("granted", "left", "overstayed", "fled", "departed_disobedient", "reported")


def _learn(
    model: Model, state: Institutions, reports: int | None, persons: Floats
) -> tuple[leadership.Belief, float]:
    """What the leadership makes of displays, informants' reports and the report that came up to it."""
    values, switches = model.values, model.scenario.mechanisms
    rules = model.rules.reporting
    shown = state.shown.dissent + state.shown.withdrawn
    known = reporting.local_knowledge(shown, state.shown.region_opposed, rules)
    top = reporting.top_report(
        known, persons, rules, wanted=values["report_wanted"], strength=switches.reporting
    )
    evidence = leadership.Evidence(
        dissent=state.shown.nation_dissent,
        withdrawn=state.shown.nation_withdrawn,
        informed=None if reports is None else reports / max(float(persons.sum()), 1.0),
        inform_chance=float(-np.expm1(-report_rate(values) * model.dt)),
        report=top,
        truth_weight=reporting.truth_weight(rules, strength=switches.reporting),
        wanted=values["report_wanted"],
    )
    return leadership.believe(state.belief, evidence, dt=model.dt, strength=switches.leadership), top


def _pass_background(model: Model, state: Institutions, now: int) -> background.Background:
    series = model.timeline.series
    modelled = region_sum(model, model.people.simulated * model.people.weight)
    return background.pass_step(
        state.background,
        _others(model, modelled),
        openness=series["openness_trips"][now],
        season=series["season"][now],
        issuing=series["issuing"][now],
        rules=model.rules.background,
        dt=model.dt,
    )


def _others(model: Model, modelled: Floats) -> Floats:
    """Real persons under no rule, by region."""
    population = np.array([region.population for region in model.scenario.regions])
    return np.maximum(population - modelled, 0.0)


def _shown(model: Model, display: Tallies) -> Shown:
    counts = {n: display.count(n).sum(axis=1) for n in ("loyal", "withdrawn", "dissent", "opposed", "counted")}
    by_region = {name: region_sum(model, values) for name, values in counts.items()}
    weight = model.people.weight
    total = max(float((counts["counted"] * weight).sum()), 1.0)
    nation = {name: float((values * weight).sum()) / total for name, values in counts.items()}
    return Shown(
        withdrawn=share(by_region["withdrawn"], by_region["counted"]),
        dissent=share(by_region["dissent"], by_region["counted"]),
        nation_withdrawn=nation["withdrawn"],
        nation_dissent=nation["dissent"],
        loyal=nation["loyal"],
        opposed=nation["opposed"],
        region_opposed=share(by_region["opposed"], by_region["counted"]),
    )


def _top_persons(model: Model, top: float) -> Floats:
    second = model.values["faction_share"]
    return np.array([top * (1.0 - second), top * second])


def region_sum(model: Model, by_stratum: NDArray[np.generic]) -> Floats:
    """Sum over sectors of values by stratum."""
    table = np.asarray(by_stratum, np.float64).reshape(model.people.sectors, model.people.regions)
    return np.asarray(table.sum(axis=0))


def _draw(model: Model, now: int, stream: int, place: int) -> float:
    words = philox(place, 0xFFFFFFFF, now, stream, model.seed & 0xFFFFFFFF, (model.seed >> 32) & 0xFFFFFFFF)
    return float(uniform(words[0]))
