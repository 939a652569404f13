"""After persons have acted: offices' memory, the leadership, control and its loss."""

from exitvoice.engine.tallies import Tallies
from exitvoice.models.exit_control.compiled import host
from exitvoice.models.exit_control.compiled.leadership import Circumstances, Led
from exitvoice.models.exit_control.compiled.persons import Remembered, Reported, report_up
from exitvoice.models.exit_control.institutions import control, leadership, reporting
from exitvoice.models.exit_control.state import Floats, Institutions, altered, part_of
from exitvoice.models.exit_control.world import Model, World, draw

ELITE_STREAM = 241  # stream of the random function for draws that belong to no person


def after_step(
    model: Model, world: World, now: int, tallies: tuple[Tallies, Tallies]
) -> tuple[Institutions, float, Floats]:
    """Offices, memory, leadership, control and loss of control, from what this step did.

    Returns
    -------
    Institutions
    float
        The report that came up to the leadership.
    array, shape (regions,)
        1.0 where control was lost in this step.
    """
    standing, events = tallies
    state = world.institutions
    remembered, reported = host().after_persons(
        standing.counts, events.counts, part_of(Remembered, state), state.shown, model.handles.persons
    )
    belief = learn(model, state, reported)
    alarm = control.Alarm(
        belief=belief.mean,
        seen_dissent=state.shown.nation_dissent,
        departures_rate=remembered.unauthorised,
        elite_conflict=remembered.conflict_level,
        external_tension=float(model.steady.tension[now]),
    )
    circumstances = _circumstances(model, now)
    led, lost = host().after_belief(
        alarm, state.shown, state.force, part_of(Led, state), circumstances, model.handles.leadership
    )
    state = altered(state, belief=belief, **remembered._asdict(), **led._asdict())
    return state, reported.top, lost


def _circumstances(model: Model, now: int) -> Circumstances:
    series, steady = model.timeline.series, model.steady
    return Circumstances(
        tension=float(steady.tension[now]),
        scripted=float(steady.scripted[now]),
        uniform=draw(model, now, ELITE_STREAM, 0),
        openness=series["openness_trips"][now],
        season=series["season"][now],
        issuing=series["issuing"][now],
    )


def learn(model: Model, state: Institutions, reported: Reported | None = None) -> leadership.Belief:
    """What the leadership makes of displays, informants' reports and the report that came up to it.

    Before the clock starts nobody has informed: then the report alone is made, of all who are simulated.
    """
    grounds = model.grounds.persons.report
    top = reported.top if reported else report_up(state.shown, model.steady.persons, grounds)
    evidence = leadership.Evidence(
        dissent=state.shown.nation_dissent,
        withdrawn=state.shown.nation_withdrawn,
        informed=reported.informed if reported else None,
        inform_chance=model.steady.inform_chance,
        report=top,
        truth_weight=reporting.truth_weight(grounds.rules, strength=grounds.strength),
        wanted=grounds.wanted,
    )
    strength = model.scenario.mechanisms.leadership
    return leadership.believe(state.belief, evidence, dt=model.dt, strength=strength)
