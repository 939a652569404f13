"""After persons have acted: what offices, people and inspectors remember of it, and the report that goes up."""

from typing import NamedTuple

import numpy as np

from exitvoice.engine.sums import Counts, Places, weighed
from exitvoice.models.exit_control.institutions.information import MemoryRules, departures_rate, gone_share
from exitvoice.models.exit_control.institutions.inspection import (
    ConflictState,
    InspectionRules,
    elite_conflict,
    watch_top,
)
from exitvoice.models.exit_control.institutions.offices import HopeRules, HopeState, update_hope
from exitvoice.models.exit_control.institutions.reporting import ReportingRules, local_knowledge, top_report
from exitvoice.models.exit_control.institutions.smoothing import total
from exitvoice.models.exit_control.state import LEAVES, VISITS, Floats, Shown

STOCKS = ("person", "has_document", "document_held")
PERSON, HAS_DOCUMENT, DOCUMENT_HELD = range(3)
FLOWS = (
    "granted",
    "granted_leave",
    "left",
    "overstayed",
    "fled",
    "departed_disobedient",
    "slipped_for_good",
    "queue_leave",
    "reported",
)
GRANTED, GRANTED_LEAVE, LEFT, OVERSTAYED, FLED, DISOBEDIENT, SLIPPED, QUEUE_LEAVE, REPORTED = range(9)


class ReportGrounds(NamedTuple):
    """What a report goes up by."""

    rules: ReportingRules
    wanted: float
    strength: float


class PersonsGrounds(NamedTuple):
    """What stays the same from step to step.

    Attributes
    ----------
    stocks, flows, queues : whole numbers
        Places of STOCKS among the running tallies; of FLOWS, and of those waiting at each office, among the events.
    investigated, investigated_faction, serving : int
        Places of those tallies, the former two among the events.
    regions, top_rank : int
    second : float
        Share of the second faction at the top.
    dt : float
        Years.
    """

    stocks: Places
    flows: Places
    queues: Places
    investigated: int
    investigated_faction: int
    serving: int
    regions: int
    top_rank: int
    second: float
    hope: HopeRules
    memory: MemoryRules
    inspection: InspectionRules
    report: ReportGrounds
    dt: float


class Remembered(NamedTuple):
    """What is remembered from step to step, as `state.Institutions` has it under the same names."""

    hope: HopeState
    hoped: Floats
    queue: Floats
    without_document: Floats
    departures: Floats
    unauthorised: float
    gone: Floats
    outside: Floats
    conflict: ConflictState
    conflict_level: float
    top_persons: Floats


class Reported(NamedTuple):
    """What goes up: the report that comes to the top, and the share of persons whom informants reported."""

    top: float
    informed: float


def after_persons(
    standing: Counts, events: Counts, before: Remembered, shown: Shown, grounds: PersonsGrounds
) -> tuple[Remembered, Reported]:
    """Take in one step: stocks as they stood when it began, and what happened in it."""
    each = np.ones(len(standing))
    stocks = weighed(standing, grounds.stocks, each, grounds.regions)
    flows = weighed(events, grounds.flows, each, grounds.regions)
    queue = weighed(events, grounds.queues, each, grounds.regions)
    hope, hoped = hope_now(before.hope, flows, queue, grounds)
    departures, unauthorised = departures_now(before, stocks, flows, grounds)
    gone, outside = gone_now(before, standing, events, grounds)
    conflict, level, top = top_now(before, standing, events, grounds)
    after = Remembered(
        hope=hope,
        hoped=hoped,
        queue=queue,
        without_document=stocks[PERSON] - (stocks[HAS_DOCUMENT] + stocks[DOCUMENT_HELD]),
        departures=departures,
        unauthorised=unauthorised,
        gone=gone,
        outside=outside,
        conflict=conflict,
        conflict_level=level,
        top_persons=top,
    )
    persons = stocks[PERSON]
    informed = total(flows[REPORTED]) / max(total(persons), 1.0)
    return after, Reported(report_up(shown, persons, grounds.report), informed)


def hope_now(
    before: HopeState, flows: Floats, queue: Floats, grounds: PersonsGrounds
) -> tuple[HopeState, Floats]:
    """Hope as applicants now have it, from grants of this step and those still waiting."""
    grants, pending = np.empty((2, grounds.regions)), np.empty((2, grounds.regions))
    for region in range(grounds.regions):
        leaving = flows[QUEUE_LEAVE, region]
        grants[VISITS, region] = flows[GRANTED, region] - flows[GRANTED_LEAVE, region]
        grants[LEAVES, region] = flows[GRANTED_LEAVE, region]
        waiting = 0.0
        for office in range(len(queue)):
            waiting += queue[office, region]
        pending[VISITS, region] = waiting - leaving
        pending[LEAVES, region] = leaving
    return update_hope(before, grants, pending, rules=grounds.hope, dt=grounds.dt)


def departures_now(
    before: Remembered, stocks: Floats, flows: Floats, grounds: PersonsGrounds
) -> tuple[Floats, float]:
    """Departures as people remember them by region, and those against the rules as the leadership does."""
    memory, dt = grounds.memory.departures_memory_years, grounds.dt
    departures, unauthorised = np.empty(grounds.regions), 0.0
    for region in range(grounds.regions):
        left, overstayed, fled = flows[LEFT, region], flows[OVERSTAYED, region], flows[FLED, region]
        disobedient = flows[DISOBEDIENT, region]
        # those who slip out for good are among the left already
        seen = left + overstayed + fled + disobedient - flows[SLIPPED, region]
        departures[region] = departures_rate(
            before.departures[region], seen, stocks[PERSON, region], memory_years=memory, dt=dt
        )
        unauthorised += overstayed + fled + disobedient
    persons = total(stocks[PERSON])
    alarming = departures_rate(before.unauthorised, unauthorised, persons, memory_years=memory, dt=dt)
    return departures, float(alarming)


def gone_now(
    before: Remembered, standing: Counts, events: Counts, grounds: PersonsGrounds
) -> tuple[Floats, Floats]:
    """Share gone for good, fading, and persons outside for good, both by stratum."""
    strata, dt = len(standing), grounds.dt
    memory = grounds.memory
    returning = -np.expm1(-memory.stayer_return_rate * dt)
    gone, outside = np.empty(strata), np.empty(strata)
    for stratum in range(strata):
        persons = total(standing[stratum, grounds.stocks[PERSON]])
        leavers = 0.0
        for flow in (LEFT, OVERSTAYED, FLED):
            leavers += total(events[stratum, grounds.flows[flow]])
        gone[stratum] = gone_share(
            before.gone[stratum], leavers, persons, memory_years=memory.gone_memory_years, dt=dt
        )
        outside[stratum] = before.outside[stratum] * (1.0 - returning) + leavers
    return gone, outside


def top_now(
    before: Remembered, standing: Counts, events: Counts, grounds: PersonsGrounds
) -> tuple[ConflictState, float, Floats]:
    """Conflict at the top as it is remembered, how high it stands, and who is at the top now."""
    rank = grounds.top_rank
    every = second = serving = 0
    for stratum in range(len(events)):
        every += events[stratum, grounds.investigated, rank]
        second += events[stratum, grounds.investigated_faction, rank]
        serving += standing[stratum, grounds.serving, rank]
    investigated = np.array([float(every - second), float(second)])
    conflict = watch_top(
        before.conflict, investigated, before.top_persons, rules=grounds.inspection, dt=grounds.dt
    )
    level = elite_conflict(conflict, before.top_persons, grounds.inspection)
    return conflict, level, top_persons(float(serving), grounds.second)


def top_persons(serving: float, second: float) -> Floats:
    """Serving persons of the top rank by faction."""
    return np.array([serving * (1.0 - second), serving * second])


def report_up(shown: Shown, persons: Floats, grounds: ReportGrounds) -> float:
    """Share opposed as the report that comes to the top has it."""
    known = np.empty(len(persons))
    for region in range(len(persons)):
        seen = shown.dissent[region] + shown.withdrawn[region]
        known[region] = local_knowledge(seen, shown.region_opposed[region], grounds.rules)
    return top_report(known, persons, grounds.rules, wanted=grounds.wanted, strength=grounds.strength)
