"""The exit-control model, whole: compiled from a scenario, moved step by step.

Order in a step: last tallies -> incidents -> rules, offices and what persons see (before) -> persons
(shock, week, events, drift) -> rounds of expression -> enforcement -> leadership -> control for the next step
(after).
"""

from dataclasses import replace

import numpy as np

from exitvoice.engine.compile import Running, Tallies
from exitvoice.engine.devices import compile_for
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import constants
from exitvoice.models.exit_control.after import after_round, after_step, learn
from exitvoice.models.exit_control.before import effects_now, hand_over, show
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
from exitvoice.models.exit_control.institutions.smoothing import chosen
from exitvoice.models.exit_control.people import settle
from exitvoice.models.exit_control.program import exit_control_program
from exitvoice.models.exit_control.signals import blank_board
from exitvoice.models.exit_control.state import Institutions, Shown, empty_queue
from exitvoice.models.exit_control.world import (
    Model,
    Rules,
    StepRecord,
    World,
    investigation_rates,
    mean_confidence,
    others,
    rank_persons,
    region_sum,
    run_stage,
    shown_shares,
    top_persons,
)
from exitvoice.scenario import Scenario, build_timeline, compile_policy

SETTLING_STEP = 60_000  # steps of the settling, beyond those of any clock, so that their draws are their own
SETTLING_YEARS = 1.0


def compile_model(scenario: Scenario, *, scale: float, seed: int, device: str = "cpu") -> Model:
    """Compile a scenario to a model of its people at a scale (1 = one simulated person a real one), for a device."""
    timeline = build_timeline(scenario, scenario.grid)
    book = compile_policy(scenario, timeline)
    people = settle(scenario, scale=scale, seed=seed)
    return Model(
        scenario=scenario,
        timeline=timeline,
        book=book,
        people=people,
        compiled=compile_for(exit_control_program(scenario.theory), device),
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
        background=background.start_background(others(model, persons), model.rules.background),
        shown=Shown(np.zeros(regions), np.zeros(regions), 0.0, 0.0, 1.0, 0.0, np.zeros(regions)),
        without_document=np.zeros(regions),
        top_persons=np.ones(2),
    )
    board.tables = model.compiled.place(board.tables)
    start = next(stage for stage in model.compiled.program.stages if stage.name == "start")
    nobody = Tallies(np.zeros((len(people.simulated), 0, RANKS), np.int64), np.zeros(0, np.int64), start)
    population = model.compiled.empty_population(people.units)
    world = World(population, board, institutions, Running(nobody))
    nothing = np.zeros(regions)
    usual = model.timeline.series["hardship"][0] * model.scenario.mechanisms.incidents
    quiet = incidents.Effects(usual, nothing, nothing, nothing, nothing)
    hand_over(model, world, 0, quiet)
    world.running = Running.of(run_stage(model, world, "start", 0, threads))
    tops = top_persons(model, float(rank_persons(model)[len(model.scenario.ranks) - 1]))
    conflict = _usual_conflict(model)
    world.institutions = replace(
        world.institutions,
        shown=shown_shares(model, world.running.whole),
        without_document=region_sum(model, people.simulated * (1.0 - model.strata["document_share"])),
        top_persons=tops,
        conflict=conflict,
        conflict_level=inspection.elite_conflict(conflict, tops, model.rules.inspection),
    )
    _settle_expression(model, world, quiet, threads)
    return world


def _usual_conflict(model: Model) -> inspection.ConflictState:
    """Investigations at the top as they are remembered in ordinary years, so that no run begins with a rise."""
    rate = investigation_rates(model, 0)[len(model.scenario.ranks) - 1]
    usual = rate * (1.0 + model.values["inspection_exposure"] * 0.25)  # mean exposure at the top is about 1/4
    return inspection.ConflictState(usual)


def _settle_expression(model: Model, world: World, quiet: incidents.Effects, threads: Threads) -> None:
    """Let everybody find what to show before the clock starts, and the leadership its belief.

    Everybody starts LOYAL; within a year of revisions the shares are at rest. Nothing else moves.
    """
    for before in range(round(SETTLING_YEARS / model.dt)):
        run_stage(model, world, "week", SETTLING_STEP + before, threads)
        for round_ in range(ROUNDS):
            run_stage(model, world, "speak", SETTLING_STEP + before, threads, round_=round_)
            world.institutions = after_round(model, world.institutions, world.running.whole, quiet)
            show(model, world)
        persons = region_sum(model, model.people.simulated)
        belief, _ = learn(model, world.institutions, None, persons)
        world.institutions = replace(world.institutions, belief=belief)


def step(model: Model, world: World, now: int, threads: Threads) -> StepRecord:
    """Move the world by one step."""
    effects, struck = effects_now(model, world.institutions, now)
    world.institutions = replace(world.institutions, incidents=struck)
    served = hand_over(model, world, now, effects)
    if effects.opposition_impulse.any():  # with none, nobody would be moved
        run_stage(model, world, "shock", now, threads)
    standing = world.running.now()
    week = run_stage(model, world, "week", now, threads)
    events = run_stage(model, world, "events", now, threads)
    run_stage(model, world, "drift", now, threads)
    for round_ in range(ROUNDS):
        run_stage(model, world, "speak", now, threads, round_=round_)
        world.institutions = after_round(model, world.institutions, world.running.whole, effects)
        show(model, world)
    world.institutions, reported, lost = after_step(model, world, now, (standing, events), effects)
    confidence = mean_confidence(model, world)
    return StepRecord(
        standing=standing,
        week=week,
        events=events,
        display=world.running.now(),
        confidence=confidence,
        institutions=world.institutions,
        incident=effects.incident,
        lost=lost,
        reported=reported,
        served=served,
    )
