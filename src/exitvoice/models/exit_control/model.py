"""The exit-control model, whole: compiled from a scenario, moved step by step.

Order in a step: last tallies -> incidents -> rules, offices and what persons see (before) -> persons
(shock, week, events, drift) -> rounds of expression -> enforcement -> leadership -> control for the next step
(after).
"""

import numpy as np

from exitvoice.engine.devices import compile_for
from exitvoice.engine.tallies import Running, Tallies
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import constants
from exitvoice.models.exit_control.after import after_step, learn_at_first
from exitvoice.models.exit_control.before import effects_now, hand_over
from exitvoice.models.exit_control.columns import OFFICES, ROUNDS
from exitvoice.models.exit_control.compiled import host, tables
from exitvoice.models.exit_control.compiled.acting import STAGES
from exitvoice.models.exit_control.compiled.persons import top_persons
from exitvoice.models.exit_control.compiled.rounds import shown_shares, tell_round
from exitvoice.models.exit_control.grounds import Sources, grounds_of, handles_of
from exitvoice.models.exit_control.institutions import (
    background,
    control,
    incidents,
    inspection,
    loss_of_control,
    offices,
)
from exitvoice.models.exit_control.institutions.leadership import Believed, start_belief
from exitvoice.models.exit_control.people import settle
from exitvoice.models.exit_control.program import exit_control_program
from exitvoice.models.exit_control.rules import institution_rules
from exitvoice.models.exit_control.signals import blank_board
from exitvoice.models.exit_control.state import Institutions, Remembered, Shown, altered, empty_queue
from exitvoice.models.exit_control.steady import steady_of, sum_of_sectors
from exitvoice.models.exit_control.world import (
    Model,
    StepRecord,
    World,
    draw,
    run_stage,
)
from exitvoice.scenario import Lay, Scenario, build_timeline, compile_policy

SETTLING_STEP = 60_000  # steps of the settling, beyond those of any clock, so that their draws are their own
SETTLING_YEARS = 1.0
ELITE_STREAM = 241  # stream of the random function for draws that belong to no person


def compile_model(scenario: Scenario, *, scale: float, seed: int, device: str = "cpu") -> Model:
    """Compile a scenario to a model of its people at a scale (1 = one simulated person a real one), for a device."""
    timeline = build_timeline(scenario, scenario.grid)
    book = compile_policy(scenario, timeline, lay=Lay(tables().lay_words, tables().lay_timings))
    people = settle(scenario, scale=scale, seed=seed)
    values = constants.parameter_values(scenario, book, timeline.dt)
    strata = constants.stratum_values(scenario, people)
    rules = institution_rules(scenario)
    program = exit_control_program(scenario.theory)
    steady = steady_of(scenario, timeline, people, values=values, strata=strata, shock=rules.shock)
    defections = np.array([draw(seed, now, ELITE_STREAM, 0) for now in range(timeline.steps)])
    made = Sources(scenario, timeline, people, program, values, strata, rules, steady, defections)
    grounds = grounds_of(made)
    return Model(
        scenario=scenario,
        timeline=timeline,
        book=book,
        people=people,
        compiled=compile_for(program, device),
        values=values,
        strata=strata,
        rules=rules,
        steady=steady,
        grounds=grounds,
        handles=handles_of(grounds),
        scale=scale,
        seed=seed,
    )


def blank_world(model: Model) -> World:
    """World in which nobody has been asked anything: everything has its place, and nothing is in it."""
    people, compiled = model.people, model.compiled
    board = blank_board(compiled.program, people, model.values)
    board.set_stratum(model.strata)
    board.set_unit("unit_leaning", constants.unit_leanings(model.scenario, people))
    board.tables = compiled.place(board.tables)
    nobody = Tallies.none(compiled.program.stage("start"), len(people.simulated))
    population = compiled.empty_population(people.units)
    return World(population, board, _start_institutions(model), Running(nobody))


def begin(model: Model, threads: Threads) -> World:
    """Fill the population and start the institutions."""
    world = blank_world(model)
    board, quiet = world.board, _usual_effects(model)
    hand_over(model, world, 0, quiet)
    grounds = model.grounds.round
    tell_round(board.tables.region, world.institutions.shown, world.institutions.force, grounds)
    world.running = Running.of(run_stage(model, world, "start", 0, threads))
    shown = shown_shares(world.running.whole.counts, grounds)
    world.institutions = altered(world.institutions, shown=shown, conflict_level=_fill(model, world))
    _settle_expression(model, world, quiet, threads)
    return world


def _fill(model: Model, world: World) -> float:
    """Fill in who is there and what is remembered of the top; gives the level of conflict there."""
    people, kept = model.people, world.institutions.kept
    kept.without_document[:] = sum_of_sectors(
        people, people.simulated * (1.0 - model.strata["document_share"])
    )
    top = float(model.steady.ranks[len(model.scenario.ranks) - 1])
    kept.top_persons[:] = top_persons(top, model.grounds.after.persons.top.second)
    kept.conflict.investigated_rate[:] = _usual_conflict(model).investigated_rate
    return inspection.elite_conflict(kept.conflict, kept.top_persons, model.rules.inspection)


def _start_institutions(model: Model) -> Institutions:
    """Institutions that have seen nothing yet."""
    regions, strata = model.people.regions, len(model.people.simulated)
    hope = offices.start_hope(2, regions)
    start_control = control.scripted_control(float(model.steady.scripted[0]))
    belief = start_belief(model.grounds.after.leader)
    kept = Remembered(
        hope=hope,
        hoped=offices.hope_of(hope, model.rules.hope),
        queue=empty_queue(regions),
        without_document=np.zeros(regions),
        departures=np.zeros(regions),
        gone=np.zeros(strata),
        outside=np.zeros(strata),
        conflict=inspection.start_conflict(),
        top_persons=np.ones(2),
        held=belief.held,
        loss=loss_of_control.start_loss(regions),
        lost=np.zeros(regions),
        background=background.start_background(model.steady.others, model.rules.background),
    )
    return Institutions(
        kept=kept,
        carried=np.zeros((OFFICES, regions)),
        heard=np.zeros(regions),
        known=np.zeros(regions),
        belief=Believed(belief.mean, belief.sd),
        unauthorised=0.0,
        reported=0.0,
        conflict_level=0.0,
        crisis=0.0,
        control=start_control,
        felt=start_control,
        elite_pause=0.0,
        force=np.full(regions, model.values["enforcers"]),
        incidents=incidents.start_incidents(regions),
        shown=Shown(np.zeros(regions), np.zeros(regions), 0.0, 0.0, 1.0, 0.0, np.zeros(regions)),
    )


def _usual_effects(model: Model) -> incidents.Effects:
    """Effects of incidents before the clock starts: the usual hardship, and no more."""
    nothing = np.zeros(model.people.regions)
    usual = model.timeline.series["hardship"][0] * model.scenario.mechanisms.incidents
    return incidents.Effects(usual, nothing, nothing, nothing, nothing)


def _usual_conflict(model: Model) -> inspection.ConflictState:
    """Investigations at the top as they are remembered in ordinary years, so that no run begins with a rise."""
    telling = model.grounds.telling
    rates = inspection.investigation_rate(
        float(telling.drivers.inspection[0]),
        telling.ranks,
        telling.inspection,
        strength=telling.inspection_strength,
    )
    rate = rates[len(model.scenario.ranks) - 1]
    usual = rate * (1.0 + model.values["inspection_exposure"] * 0.25)  # mean exposure at the top is about 1/4
    return inspection.ConflictState(usual)


def _settle_expression(model: Model, world: World, quiet: incidents.Effects, threads: Threads) -> None:
    """Let everybody find what to show before the clock starts, and the leadership its belief.

    Everybody starts LOYAL; within a year of revisions the shares are at rest. Nothing else moves.
    """
    for before in range(round(SETTLING_YEARS / model.dt)):
        run_stage(model, world, "settling", SETTLING_STEP + before, threads)
        _speak(model, world, SETTLING_STEP + before, quiet, threads)
        world.institutions = learn_at_first(model, world.institutions)


def _speak(model: Model, world: World, now: int, effects: incidents.Effects, threads: Threads) -> None:
    """Rounds of expression: each is shown to all before the next."""
    shown, force = world.institutions.shown, world.institutions.force
    board, grounds, after_round = world.board.tables.region, model.handles.round, host().after_round
    for round_ in range(ROUNDS):
        run_stage(model, world, "speak", now, threads, round_=round_)
        shown, force = after_round(world.running.whole.counts, effects.enforcement_away, board, grounds)
    world.institutions = altered(world.institutions, shown=shown, force=force)


def act(
    model: Model, world: World, now: int, effects: incidents.Effects, threads: Threads
) -> tuple[Tallies, Tallies]:
    """Let persons act, all stages in compiled code where it can be; gives what `week` and `events` counted."""
    tables, running = world.board.tables, world.running
    laid = model.compiled.lay(STAGES, world.population, tables, running, seed=model.seed, threads=threads)
    if laid is None:
        return act_by_stage(model, world, now, effects, threads)
    with laid.at_work(threads) as crew:
        did = host().act(
            laid.handle(host().fixed), now, crew, effects.enforcement_away, tables.region, model.handles.round
        )
    running.moved()
    world.institutions = altered(world.institutions, shown=did.shown, force=did.force)
    week, events = (model.compiled.program.stage(name) for name in ("week", "events"))
    return (
        Tallies(did.week_counts, did.week_totals, week),
        Tallies(did.events_counts, did.events_totals, events),
    )


def act_by_stage(
    model: Model, world: World, now: int, effects: incidents.Effects, threads: Threads
) -> tuple[Tallies, Tallies]:
    """The same with each stage called from here, where somebody looks on or a device works."""
    week = run_stage(model, world, "week", now, threads)
    events = run_stage(model, world, "events", now, threads)
    run_stage(model, world, "drift", now, threads)
    _speak(model, world, now, effects, threads)
    return week, events


def step(model: Model, world: World, now: int, threads: Threads) -> StepRecord:
    """Move the world by one step."""
    effects, struck = effects_now(model, world.institutions, now)
    if struck is not world.institutions.incidents:
        world.institutions = altered(world.institutions, incidents=struck)
    served = hand_over(model, world, now, effects)
    if any(effects.opposition_impulse.tolist()):  # with none, nobody would be moved
        run_stage(model, world, "shock", now, threads)
    standing = world.running.now()
    week, events = act(model, world, now, effects, threads)
    world.institutions = state = after_step(model, world, now, (standing, events))
    felt = model.compiled.sums(model.people.units, world.board.tables, "confidence", "unit_persons")
    return StepRecord(
        standing=standing,
        week=week,
        events=events,
        display=world.running.now(),
        felt=felt,
        institutions=state,
        incident=effects.incident,
        lost=state.kept.lost,
        reported=state.reported,
        served=served,
    )
