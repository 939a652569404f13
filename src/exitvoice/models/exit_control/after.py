"""After persons have acted: shares shown, offices' memory, the leadership, control and its loss."""

from dataclasses import replace

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
from exitvoice.models.exit_control.institutions.smoothing import share
from exitvoice.models.exit_control.state import Floats, Institutions
from exitvoice.models.exit_control.world import (
    Model,
    World,
    draw,
    others,
    region_sum,
    region_sums,
    report_rate,
    shown_shares,
    top_persons,
)

ELITE_STREAM = 241  # stream of the random function for draws that belong to no person

_STOCKS_READ = ("person", "has_document", "document_held")
_FLOWS_READ = (
    "granted",
    "left",
    "overstayed",
    "fled",
    "departed_disobedient",
    "slipped_for_good",
    "reported",
    "queue_leave",
    *(f"queue_{place}" for place in range(OFFICES)),
)


def after_round(
    model: Model, state: Institutions, display: Tallies, effects: incidents.Effects
) -> Institutions:
    """Shares shown and enforcers who obey, after a round of expression."""
    serving = display.by_stratum(("serving_loyal", "serving_withdrawn", "is_serving"))
    loyal, withdrawn, security = region_sums(model, serving * model.strata["enforcer"][:, np.newaxis])
    force = enforcement.enforcement(
        loyal,
        withdrawn,
        security,
        effects.enforcement_away,
        model.rules.enforcement,
    )
    return replace(state, shown=shown_shares(model, display), force=force)


def after_step(
    model: Model, world: World, now: int, tallies: tuple[Tallies, Tallies], effects: incidents.Effects
) -> tuple[Institutions, float, Floats]:
    """Offices, memory, leadership, control and loss of control, from what this step did."""
    state, values, switches = world.institutions, model.values, model.scenario.mechanisms
    dt, regions = model.dt, model.people.regions
    standing, events = tallies
    counted = np.hstack([standing.by_stratum(_STOCKS_READ), events.by_stratum(_FLOWS_READ)])
    flow = dict(zip((*_STOCKS_READ, *_FLOWS_READ), counted.T, strict=True))
    here = dict(zip(flow, region_sums(model, counted), strict=True))
    persons, leave_queue, grants = (here[name] for name in ("person", "queue_leave", "granted"))
    queue = np.array([here[f"queue_{place}"] for place in range(OFFICES)])
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
    # those who slip out for good are among the left already
    seen = gone_now + flow["departed_disobedient"] - flow["slipped_for_good"]
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
    every, second = (
        int(events.count(n)[:, top_rank].sum()) for n in ("investigated", "investigated_faction")
    )
    investigated = np.array([every - second, second], dtype=np.float64)
    conflict = inspection.watch_top(
        state.conflict, investigated, state.top_persons, rules=model.rules.inspection, dt=dt
    )
    conflict_level = inspection.elite_conflict(conflict, state.top_persons, model.rules.inspection)
    belief, reported = learn(model, state, int(flow["reported"].sum()), persons)
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
        draw(model, now, ELITE_STREAM, 0),
        date=model.timeline.starts[now],
        rules=model.rules.loss,
        dt=dt,
        strength=switches.loss_of_control,
    )
    top = standing.count("is_serving")[:, top_rank].sum()
    after = replace(
        state,
        hope=hope,
        hoped=hoped,
        queue=queue,
        gone=information.gone_share(
            state.gone,
            gone_now.astype(np.float64),
            flow["person"].astype(np.float64),
            memory_years=values["gone_memory_years"],
            dt=dt,
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
        top_persons=top_persons(model, float(top)),
    )
    return after, reported, loss_of_control.lost_now((*crowds, *elite), regions)


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
        others(model, modelled),
        openness=series["openness_trips"][now],
        season=series["season"][now],
        issuing=series["issuing"][now],
        rules=model.rules.background,
        dt=model.dt,
    )
