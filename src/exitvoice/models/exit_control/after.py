"""After persons have acted: offices' memory, the leadership, control and its loss."""

from exitvoice.engine.tallies import Tallies
from exitvoice.models.exit_control.compiled import host
from exitvoice.models.exit_control.compiled.after import Numbers
from exitvoice.models.exit_control.compiled.persons import report_up
from exitvoice.models.exit_control.institutions.leadership import Evidence, believed, take_in
from exitvoice.models.exit_control.state import Institutions, altered, part_of
from exitvoice.models.exit_control.world import Model, World


def after_step(model: Model, world: World, now: int, tallies: tuple[Tallies, Tallies]) -> Institutions:
    """Offices, memory, leadership, control and loss of control, from what this step did.

    `tallies` are the running ones as the step began, and its events.
    """
    standing, events = tallies
    state = world.institutions
    numbers = host().after_step(
        standing.counts,
        events.counts,
        world.kept,
        part_of(Numbers, state),
        state.shown,
        state.force,
        now,
        model.handles.after,
    )
    return altered(state, **numbers._asdict())


def learn_at_first(model: Model, state: Institutions) -> Institutions:
    """Let the leadership learn from displays and a report, before the clock starts.

    Nobody has informed yet; the report is made of all who are simulated.
    """
    grounds = model.grounds.after
    evidence = Evidence(
        dissent=state.shown.nation_dissent,
        withdrawn=state.shown.nation_withdrawn,
        report=report_up(state.shown, model.steady.persons, grounds.persons.report),
    )
    leader, strength, held = grounds.leader, grounds.control.strength, state.kept.held
    held[:] = take_in(held, evidence, leader, dt=model.dt, strength=strength)
    return altered(state, belief=believed(held, leader))
