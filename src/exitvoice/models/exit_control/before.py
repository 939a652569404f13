"""Before persons act: incidents, rules, offices and what persons see are laid on the board of signals."""

import numpy as np

from exitvoice.models.exit_control.compiled import host
from exitvoice.models.exit_control.compiled.told_from import Boards, Extremes, Known
from exitvoice.models.exit_control.institutions import incidents
from exitvoice.models.exit_control.state import Floats, Institutions, altered, part_of
from exitvoice.models.exit_control.world import Model, World, draw

INCIDENT_STREAM = 240  # stream of the random function for draws that belong to no person


def effects_now(
    model: Model, state: Institutions, now: int
) -> tuple[incidents.Effects, incidents.IncidentState]:
    """Effects of incidents in this step: the dated ones of the timeline and those that strike at random."""
    regions, shock = model.people.regions, model.rules.shock
    if shock.rate_per_year <= 0.0:  # with no rate nothing strikes, whatever is drawn
        return incidents.of_step(model.steady.incidents, now), state.incidents
    strength = model.scenario.mechanisms.incidents
    draws = np.array([draw(model.seed, now, INCIDENT_STREAM, region) for region in range(regions)])
    after, struck = incidents.strike(state.incidents, draws, shock, dt=model.dt, strength=strength)
    dated = incidents.of_step(model.steady.dated, now)
    return incidents.combined(dated, after, struck, shock, strength=strength), after


def hand_over(model: Model, world: World, now: int, effects: incidents.Effects) -> Floats:
    """Fill the board for one step, but for what is shown; returns the offices' chance of serving, offices x regions."""
    state, board, tables = world.institutions, world.board, world.board.tables
    policy = model.book.at(now)
    board.set_policy(policy, model.people)
    chance, carried, served = host().open_offices(state.kept.queue, state.carried, now, model.handles.offices)
    board.set_served(served)
    _refuse(model, world)
    known, heard = host().tell(
        Boards(tables.nation, tables.region, tables.stratum),
        part_of(Known, state),
        world.kept,
        effects,
        Extremes(model.compiled.lowest(tables, "confidence"), float(policy.highest_run)),
        now,
        model.handles.telling,
    )
    world.institutions = altered(state, carried=carried, known=known, heard=heard)
    return chance  # type: ignore[no-any-return]


def _refuse(model: Model, world: World) -> None:
    """Lay out what offices refuse at the level of control that is felt, unless it is what it was."""
    grounds = model.grounds.offices
    is_endogenous = model.scenario.control == "endogenous"
    level = world.institutions.felt if is_endogenous else grounds.normal_control
    if level != world.board.refused_at:
        world.board.set_refused(host().refusals(level, model.handles.offices), model.steady.opacity, level)
