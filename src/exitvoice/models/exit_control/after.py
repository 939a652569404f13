"""After persons have acted: shares shown, offices' memory, the leadership, control and its loss."""

from dataclasses import dataclass

import numpy as np

from exitvoice.engine.compile import Tallies
from exitvoice.models.exit_control.columns import OFFICES
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
from exitvoice.models.exit_control.state import Floats, Institutions, Shown, altered
from exitvoice.models.exit_control.world import (
    Model,
    World,
    draw,
    shown_shares,
    top_persons,
)

ELITE_STREAM = 241  # stream of the random function for draws that belong to no person

_QUEUES = tuple(f"queue_{place}" for place in range(OFFICES))
_STOCKS_READ = ("person", "has_document", "document_held")
_FLOWS_READ = (
    "granted",
    "granted_leave",
    "left",
    "overstayed",
    "fled",
    "departed_disobedient",
    "slipped_for_good",
    "reported",
    "queue_leave",
    *_QUEUES,
)
_SERVING_READ = ("serving_loyal", "serving_withdrawn", "is_serving")
_PERSONS = ("person",)
_GONE_READ = ("left", "overstayed", "fled")


def after_round(model: Model, display: Tallies, effects: incidents.Effects) -> tuple[Shown, Floats]:
    """Shares shown and enforcers who obey, after a round of expression."""
    enforcer, regions = model.strata["enforcer"], model.people.regions
    loyal, withdrawn, security = display.weighed(_SERVING_READ, enforcer, rows=regions)
    force = enforcement.enforcement(
        loyal, withdrawn, security, effects.enforcement_away, model.rules.enforcement
    )
    return shown_shares(model, display), force


@dataclass(frozen=True)
class _Counted:
    """What a step counted: by name and region, and those gone for good and those there by stratum."""

    regions: dict[str, Floats]
    gone: Floats
    persons: Floats

    @classmethod
    def of(cls, model: Model, standing: Tallies, events: Tallies) -> "_Counted":
        """Take from the tallies what the institutions read."""
        each, regions = np.ones(len(model.people.simulated)), model.people.regions
        return cls(
            dict(zip(_STOCKS_READ, standing.weighed(_STOCKS_READ, each, rows=regions), strict=True))
            | dict(zip(_FLOWS_READ, events.weighed(_FLOWS_READ, each, rows=regions), strict=True)),
            gone=events.weighed(_GONE_READ, each, rows=len(each)).sum(axis=0),
            persons=standing.weighed(_PERSONS, each, rows=len(each))[0],
        )


def after_step(
    model: Model, world: World, now: int, tallies: tuple[Tallies, Tallies]
) -> tuple[Institutions, float, Floats]:
    """Offices, memory, leadership, control and loss of control, from what this step did."""
    standing, events = tallies
    counted = _Counted.of(model, standing, events)
    state = _pass_offices(model, world.institutions, counted)
    state = _pass_departures(model, state, counted)
    state = _watch_top(model, state, tallies)
    state, reported = _lead(model, state, now, counted)
    state, lost = _watch_loss(model, state, now)
    return altered(state, background=_pass_background(model, state, now)), reported, lost


def _pass_offices(model: Model, state: Institutions, counted: _Counted) -> Institutions:
    """Queues as they stand, hope as applicants now have it, and who is without a document."""
    here = counted.regions
    leaving, grants, granted_leave = (here[name] for name in ("queue_leave", "granted", "granted_leave"))
    queue = np.array([here[name] for name in _QUEUES])
    waiting = np.add.reduce(queue, axis=0)
    hope, hoped = offices.update_hope(
        state.hope,
        np.array([grants - granted_leave, granted_leave]),
        np.array([waiting - leaving, leaving]),
        rules=model.rules.hope,
        dt=model.dt,
    )
    without = here["person"] - (here["has_document"] + here["document_held"])
    return altered(state, hope=hope, hoped=hoped, queue=queue, without_document=without)


def _pass_departures(model: Model, state: Institutions, counted: _Counted) -> Institutions:
    """Who has gone for good, and departures as people and the leadership remember them."""
    here, values, dt = counted.regions, model.values, model.dt
    # those who slip out for good are among the left already
    seen = here["left"] + here["overstayed"] + here["fled"]
    seen = seen + here["departed_disobedient"] - here["slipped_for_good"]
    memory = values["departures_memory_years"]
    departures = information.departures_rate(
        state.departures, seen, here["person"], memory_years=memory, dt=dt
    )
    unauthorised = here["overstayed"] + here["fled"] + here["departed_disobedient"]
    alarming = information.departures_rate(
        np.array([state.unauthorised]),
        np.add.reduce(unauthorised, keepdims=True),
        np.add.reduce(here["person"], keepdims=True),
        memory_years=memory,
        dt=dt,
    )
    gone = information.gone_share(
        state.gone,
        counted.gone,
        counted.persons,
        memory_years=values["gone_memory_years"],
        dt=dt,
    )
    returning = -np.expm1(-values["stayer_return_rate"] * dt)
    return altered(
        state,
        gone=gone,
        outside=state.outside * (1.0 - returning) + counted.gone,
        departures=departures,
        unauthorised=float(alarming[0]),
    )


def _watch_top(model: Model, state: Institutions, tallies: tuple[Tallies, Tallies]) -> Institutions:
    """Conflict at the top as it is remembered, and who is at the top now."""
    standing, events = tallies
    top_rank = len(model.scenario.ranks) - 1
    every, second, top = (
        int(tally.count(name)[:, top_rank].sum())
        for tally, name in (
            (events, "investigated"),
            (events, "investigated_faction"),
            (standing, "is_serving"),
        )
    )
    investigated = np.array([every - second, second], dtype=np.float64)
    conflict = inspection.watch_top(
        state.conflict, investigated, state.top_persons, rules=model.rules.inspection, dt=model.dt
    )
    return altered(
        state,
        conflict=conflict,
        conflict_level=inspection.elite_conflict(conflict, state.top_persons, model.rules.inspection),
        top_persons=top_persons(model, float(top)),
    )


def _lead(model: Model, state: Institutions, now: int, counted: _Counted) -> tuple[Institutions, float]:
    """What the leadership believes and does; with it the report that came up to it."""
    rules, dt = model.rules.control, model.dt
    persons, reports = counted.regions["person"], int(counted.regions["reported"].sum())
    belief, reported = learn(model, state, reports, persons)
    alarm = control.Alarm(
        belief=belief.mean,
        seen_dissent=state.shown.nation_dissent,
        departures_rate=state.unauthorised,
        elite_conflict=state.conflict_level,
        external_tension=float(model.steady.tension[now]),
    )
    crisis = control.perceived_crisis(alarm, rules)
    strength = model.scenario.mechanisms.leadership
    level = (
        control.next_control(state.control, crisis, rules, dt=dt, strength=strength)
        if model.scenario.control == "endogenous"
        else control.scripted_control(float(model.steady.scripted[now]))
    )
    felt = control.felt_control(state.felt, level, rules, dt=dt)
    return altered(state, belief=belief, control=level, felt=felt, crisis=crisis), reported


def _watch_loss(model: Model, state: Institutions, now: int) -> tuple[Institutions, Floats]:
    """Whether control is lost, to a crowd or by the elite; with it a mark a region."""
    date, rules = model.timeline.starts[now], model.rules.loss
    strength = model.scenario.mechanisms.loss_of_control
    loss, crowds = loss_of_control.watch_crowd(
        state.loss, state.shown.dissent, state.force, date=date, rules=rules, dt=model.dt, strength=strength
    )
    loss, elite = loss_of_control.watch_elite(
        loss,
        state.shown.nation_dissent,
        state.conflict_level,
        draw(model, now, ELITE_STREAM, 0),
        date=date,
        rules=rules,
        dt=model.dt,
        strength=strength,
    )
    return altered(state, loss=loss), loss_of_control.lost_now((*crowds, *elite), model.people.regions)


def learn(
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
        inform_chance=float(-np.expm1(-model.steady.report_rate * model.dt)),
        report=top,
        truth_weight=reporting.truth_weight(rules, strength=switches.reporting),
        wanted=values["report_wanted"],
    )
    return leadership.believe(state.belief, evidence, dt=model.dt, strength=switches.leadership), top


def _pass_background(model: Model, state: Institutions, now: int) -> background.Background:
    series = model.timeline.series
    return background.pass_step(
        state.background,
        model.steady.others,
        openness=series["openness_trips"][now],
        season=series["season"][now],
        issuing=series["issuing"][now],
        rules=model.rules.background,
        dt=model.dt,
    )
