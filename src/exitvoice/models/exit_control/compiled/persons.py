"""After persons have acted: what offices, people and inspectors remember of it, and the report that goes up."""

from typing import NamedTuple

import numpy as np

from exitvoice.engine.sums import Counts, Places
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


class TopGrounds(NamedTuple):
    """Where the top is found in tallies, and how a struggle there is read off them.

    Attributes
    ----------
    investigated, investigated_faction, serving : int
        Places of those tallies, the former two among the events.
    rank : int
    second : float
        Share of the second faction at the top.
    """

    investigated: int
    investigated_faction: int
    serving: int
    rank: int
    second: float
    rules: InspectionRules


class PersonsGrounds(NamedTuple):
    """What stays the same from step to step.

    Attributes
    ----------
    stocks, flows, queues : whole numbers
        Places of STOCKS among the running tallies; of FLOWS, and of those waiting at each office, among the events.
    """

    stocks: Places
    flows: Places
    queues: Places
    regions: int
    hope: HopeRules
    memory: MemoryRules
    top: TopGrounds
    report: ReportGrounds


def by_stratum(counts: Counts, places: Places) -> Floats:
    """Members of all classes, by place and stratum."""
    found = np.empty((len(places), len(counts)))
    for stratum in range(len(counts)):
        here = counts[stratum]
        for row in range(len(places)):
            of_class = here[places[row]]
            found[row, stratum] = of_class[0] + of_class[1] + of_class[2] + of_class[3]
    return found


def by_region(strata: Floats, regions: int) -> Floats:
    """Rows by stratum added up over sectors: stratum s is of region s modulo their number."""
    found = np.zeros((len(strata), regions))
    for row in range(len(strata)):
        here, there = strata[row], found[row]
        for first in range(0, len(here), regions):
            for region in range(regions):
                there[region] += here[first + region]
    return found


def put(there: Floats, rows: Floats) -> None:
    """Write rows over others."""
    for row in range(len(rows)):
        for place in range(len(rows[row])):
            there[row, place] = rows[row, place]


def hope_now(
    state: HopeState, hoped: Floats, flow: Floats, queue: Floats, rules: HopeRules, dt: float
) -> None:
    """Hope as applicants now have it, from grants of this step and those still waiting."""
    regions = flow.shape[1]
    grants, pending = np.empty((2, regions)), np.empty((2, regions))
    for region in range(regions):
        leaving = flow[QUEUE_LEAVE, region]
        grants[VISITS, region] = flow[GRANTED, region] - flow[GRANTED_LEAVE, region]
        grants[LEAVES, region] = flow[GRANTED_LEAVE, region]
        waiting = 0.0
        for office in range(len(queue)):
            waiting += queue[office, region]
        pending[VISITS, region] = waiting - leaving
        pending[LEAVES, region] = leaving
    after, hope = update_hope(state, grants, pending, rules=rules, dt=dt)
    put(state.grants_rate, after.grants_rate)
    put(state.pending, after.pending)
    put(hoped, hope)


def undocumented(there: Floats, stock: Floats) -> None:
    """Persons without a document, by region."""
    for region in range(len(there)):
        held = stock[HAS_DOCUMENT, region] + stock[DOCUMENT_HELD, region]
        there[region] = stock[PERSON, region] - held


def departures_now(
    departures: Floats, unauthorised: float, stock: Floats, flow: Floats, memory_years: float, dt: float
) -> float:
    """Departures as people remember them by region; gives those against the rules as the leadership does."""
    against = 0.0
    for region in range(len(departures)):
        left, overstayed, fled = flow[LEFT, region], flow[OVERSTAYED, region], flow[FLED, region]
        disobedient = flow[DISOBEDIENT, region]
        # those who slip out for good are among the left already
        seen = left + overstayed + fled + disobedient - flow[SLIPPED, region]
        departures[region] = departures_rate(
            departures[region], seen, stock[PERSON, region], memory_years=memory_years, dt=dt
        )
        against += overstayed + fled + disobedient
    persons = total(stock[PERSON])
    return float(departures_rate(unauthorised, against, persons, memory_years=memory_years, dt=dt))


def gone_now(
    gone: Floats, outside: Floats, stocks: Floats, flows: Floats, rules: MemoryRules, dt: float
) -> None:
    """Share gone for good, fading, and persons outside for good, both by stratum."""
    returning = -np.expm1(-rules.stayer_return_rate * dt)
    for stratum in range(len(gone)):
        leavers = flows[LEFT, stratum] + flows[OVERSTAYED, stratum] + flows[FLED, stratum]
        gone[stratum] = gone_share(
            gone[stratum], leavers, stocks[PERSON, stratum], memory_years=rules.gone_memory_years, dt=dt
        )
        outside[stratum] = outside[stratum] * (1.0 - returning) + leavers


def top_now(
    state: ConflictState, top: Floats, standing: Counts, events: Counts, grounds: TopGrounds, dt: float
) -> float:
    """Conflict at the top as it is remembered, and who is at the top now; gives how high it stands."""
    rank = grounds.rank
    every = second = serving = 0
    for stratum in range(len(events)):
        every += events[stratum, grounds.investigated, rank]
        second += events[stratum, grounds.investigated_faction, rank]
        serving += standing[stratum, grounds.serving, rank]
    investigated = np.array([float(every - second), float(second)])
    conflict = watch_top(state, investigated, top, rules=grounds.rules, dt=dt)
    level = elite_conflict(conflict, top, grounds.rules)
    now = top_persons(float(serving), grounds.second)
    for faction in range(len(now)):
        state.investigated_rate[faction] = conflict.investigated_rate[faction]
        top[faction] = now[faction]
    return level


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
