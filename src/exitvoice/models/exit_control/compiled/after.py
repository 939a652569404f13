"""After persons have acted: what is remembered of it, what the leadership makes of it, and what it does."""

from typing import NamedTuple

from exitvoice.engine.sums import Counts
from exitvoice.models.exit_control.compiled.belief import learn
from exitvoice.models.exit_control.compiled.leadership import (
    ControlGrounds,
    LossGrounds,
    OthersGrounds,
    Outside,
    control_now,
    lose,
    others_now,
)
from exitvoice.models.exit_control.compiled.persons import (
    PERSON,
    REPORTED,
    PersonsGrounds,
    by_region,
    by_stratum,
    departures_now,
    gone_now,
    hope_now,
    put,
    report_up,
    top_now,
    undocumented,
)
from exitvoice.models.exit_control.institutions.control import Alarm, perceived_crisis
from exitvoice.models.exit_control.institutions.leadership.base import Believed, Evidence
from exitvoice.models.exit_control.institutions.leadership.kinds import Leader
from exitvoice.models.exit_control.institutions.loss_of_control import watch_elite
from exitvoice.models.exit_control.institutions.smoothing import total
from exitvoice.models.exit_control.state import Floats, Remembered, Shown


class AfterGrounds(NamedTuple):
    """What stays the same from step to step, with the length of a step in years."""

    persons: PersonsGrounds
    leader: Leader
    control: ControlGrounds
    loss: LossGrounds
    outside: Outside
    others: OthersGrounds
    dt: float


class Numbers(NamedTuple):
    """Numbers that a step gives, as `state.Institutions` has them under the same names."""

    belief: Believed
    unauthorised: float
    reported: float
    conflict_level: float
    crisis: float
    control: float
    felt: float
    elite_pause: float


def after_step(
    standing: Counts,
    events: Counts,
    kept: Remembered,
    before: Numbers,
    shown: Shown,
    force: Floats,
    now: int,
    grounds: AfterGrounds,
) -> Numbers:
    """Take in one step: stocks as they stood when it began, and what happened in it; what is `kept` is written.

    Whole sets of arrays are handed on as little as can be: they take the compiler longest.
    """
    persons, outside, dt = grounds.persons, grounds.outside, grounds.dt
    stocks, flows = by_stratum(standing, persons.stocks), by_stratum(events, persons.flows)
    stock, flow = by_region(stocks, persons.regions), by_region(flows, persons.regions)
    queue = by_region(by_stratum(events, persons.queues), persons.regions)
    put(kept.queue, queue)
    undocumented(kept.without_document, stock)
    hope_now(kept.hope, kept.hoped, flow, queue, persons.hope, dt)
    gone_now(kept.gone, kept.outside, stocks, flows, persons.memory, dt)
    memory_years = persons.memory.departures_memory_years
    unauthorised = departures_now(kept.departures, before.unauthorised, stock, flow, memory_years, dt)
    conflict_level = top_now(kept.conflict, kept.top_persons, standing, events, persons.top, dt)
    reported = report_up(shown, stock[PERSON], persons.report)
    informed = total(flow[REPORTED]) / max(total(stock[PERSON]), 1.0)

    dissent, strength = shown.nation_dissent, grounds.control.strength
    evidence = Evidence(dissent, shown.nation_withdrawn, informed, reported)
    belief = learn(kept.held, evidence, grounds.leader, dt=dt, strength=strength)
    alarm = Alarm(belief.mean, dissent, unauthorised, conflict_level, outside.tension[now])
    crisis = perceived_crisis(alarm, grounds.control.rules)
    control, felt = control_now(
        before.control, before.felt, crisis, outside.scripted[now], grounds.control, dt
    )

    loss, uniform = grounds.loss, outside.uniform[now]
    pause, defects = watch_elite(
        before.elite_pause,
        dissent,
        conflict_level,
        uniform,
        rules=loss.rules,
        dt=dt,
        strength=loss.strength,
    )
    lose(kept.loss, kept.lost, shown, force, defects, loss, dt)
    others_now(
        kept.background,
        outside.openness[now],
        outside.season[now],
        outside.issuing[now],
        grounds.others,
        dt,
    )
    return Numbers(belief, unauthorised, reported, conflict_level, crisis, control, felt, pause)
