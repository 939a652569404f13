"""What no person changes: sums over the people, and the drivers of every step as the board of signals wants them.

A step of a small world is mostly the host's work, some microseconds for each array operation however short the array.
So whatever can be said before the run is said here, once; the equations stay where they were.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.exit_control import bounds, constants
from exitvoice.models.exit_control.columns import OFFICES, RANKS
from exitvoice.models.exit_control.compiled.offices import Desks
from exitvoice.models.exit_control.institutions import incidents, offices
from exitvoice.models.exit_control.people import People
from exitvoice.models.exit_control.state import Floats
from exitvoice.scenario import Office, Scenario, Timeline
from exitvoice.units import WEEKS_PER_YEAR

Row = tuple[int, int, Office]


@dataclass(frozen=True)
class Steady:
    """Sums over people and series by step that stay as they are through a run.

    Attributes
    ----------
    persons, others : float64 arrays, shape (regions,)
        Simulated persons; real persons under no rule.
    ranks : float64 array, shape (RANKS,)
        Simulated serving persons by rank.
    issuing : float64 array, shape (steps, regions)
        First documents that can be made in a step.
    trip_pull, leave_pull, flight_pull : float64 arrays, shape (steps, strata)
        What multiplies the wishes and the flight of persons, but for the network.
    flight_by_region : float64 array, shape (steps, regions)
    is_new_year : bool array, shape (steps,)
    inspection, tension, scripted : float64 arrays, shape (steps,)
        Means over regions of the drivers of those names (`scripted`: control).
    report_rate, refill_bound, document_bound, list_bound, delist_bound, error_bound : float
        See `report_rate` and `bounds`; they depend on parameters alone.
    opacity : float64 array, shape (chains, offices)
        Share of refusals for which an office gives no reason.
    inform_chance : float
        Chance that an opposed and candid person is reported in a step.
    """

    persons: Floats
    others: Floats
    ranks: Floats
    issuing: Floats
    trip_pull: Floats
    leave_pull: Floats
    flight_pull: Floats
    flight_by_region: Floats
    is_new_year: NDArray[np.bool_]
    inspection: Floats
    tension: Floats
    scripted: Floats
    report_rate: float
    inform_chance: float
    refill_bound: float
    document_bound: float
    list_bound: float
    delist_bound: float
    error_bound: float
    desks: Desks
    opacity: Floats
    dated: incidents.Effects
    incidents: incidents.Effects


def steady_of(
    scenario: Scenario,
    timeline: Timeline,
    people: People,
    *,
    values: dict[str, float],
    strata: dict[str, Floats],
    shock: incidents.Shock,
) -> Steady:
    """Work out, before a run, what no person changes."""
    series = timeline.series
    persons = sum_of_sectors(people, people.simulated)
    real = np.array([region.population for region in scenario.regions])
    issued = offices.capacity_per_step(persons, scenario.issuing.documents_per_week_per_1000, dt=timeline.dt)
    flight = series["access"] * (1.0 - series["detection"]) ** values["flight_deterrence"]
    region = np.tile(np.arange(people.regions), people.sectors)
    trip = values["trip_wish_rate"] * (series["openness_trips"] * series["season"])[:, region]
    years = timeline.starts.astype("datetime64[Y]")
    list_bound, delist_bound, error_bound = bounds.list_bounds(values)
    dated = _dated(timeline)
    rows = _rows(constants.chains_of(scenario))
    return Steady(
        persons=persons,
        others=np.maximum(real - sum_of_sectors(people, people.simulated * people.weight), 0.0),
        ranks=_serving_by_rank(people, strata),
        issuing=issued * values["office_capacity_factor"] * series["issuing"],
        trip_pull=trip * strata["travel"],
        leave_pull=values["leave_wish_rate"] * series["openness_leave"][:, region],
        flight_pull=flight[:, region],
        flight_by_region=flight,
        is_new_year=np.concatenate([[False], years[1:] != years[:-1]]),
        inspection=series["inspection"].mean(axis=1),
        tension=series["external_tension"].mean(axis=1),
        scripted=series["control"].mean(axis=1),
        report_rate=report_rate(values),
        inform_chance=float(-np.expm1(-report_rate(values) * timeline.dt)),
        refill_bound=bounds.refill_bound(values),
        document_bound=bounds.document_bound(values),
        list_bound=list_bound,
        delist_bound=delist_bound,
        error_bound=error_bound,
        desks=_desks(rows, persons, values, timeline.dt),
        opacity=_opacity(rows),
        dated=dated,
        incidents=incidents.combined(
            dated,
            incidents.start_incidents(people.regions),
            np.zeros(people.regions),
            shock,
            strength=scenario.mechanisms.incidents,
        ),
    )


def _dated(timeline: Timeline) -> incidents.Effects:
    series = timeline.series
    away, impulse = series["enforcement_away"], series["opposition_impulse"]
    return incidents.Effects(
        hardship=series["hardship"],
        enforcement_away=away,
        opposition_impulse=impulse,
        known_dissent=series["known_dissent"],
        incident=np.maximum(away, np.minimum(1.0, 20.0 * impulse)),
    )


def sum_of_sectors(people: People, by_stratum: NDArray[np.generic]) -> Floats:
    """Sum over sectors of values by stratum, one a region."""
    table = np.asarray(by_stratum, np.float64).reshape(people.sectors, people.regions)
    return np.asarray(np.add.reduce(table, axis=0))


def report_rate(values: dict[str, float]) -> float:
    """Reports a year per unit of opposition: d1 exp(-omega iota m M) (1 - (1 - iota M)^m)."""
    reached = values["informants"] * values["monitoring"]
    silenced = np.exp(-values["self_silencing"] * reached * values["contacts"])
    return float(values["disclosure_rate"] * silenced * (1.0 - (1.0 - reached) ** values["contacts"]))


def _serving_by_rank(people: People, strata: dict[str, Floats]) -> Floats:
    edges = [np.zeros_like(strata["rank_edge_1"]), *(strata[f"rank_edge_{k}"] for k in (1, 2, 3))]
    edges.append(np.ones_like(edges[0]))
    serving = people.simulated * (1.0 - strata["retired_share"])
    return np.array([(serving * (edges[k + 1] - edges[k])).sum() for k in range(RANKS)])


def _rows(chains: tuple[constants.Chain, ...]) -> list[Row]:
    """Every office of every chain, with the length of the chain and its place in it."""
    return [
        (length, place, office)
        for length, chain in enumerate(chains)
        for place, office in enumerate(chain.offices)
        if office is not None
    ]


def _opacity(rows: list[Row]) -> Floats:
    opacity = np.zeros((constants.CHAINS, OFFICES))
    for length, place, office in rows:
        opacity[length, place] = office.opacity
    return opacity


def _desks(rows: list[Row], persons: Floats, values: dict[str, float], dt: float) -> Desks:
    def column(numbers: list[float]) -> Floats:
        return np.array(numbers, np.float64)

    weekly = column([office.decisions_per_week_per_1000 for _, _, office in rows])
    return Desks(
        chain=np.array([length for length, _, _ in rows], np.intp),
        place=np.array([place for _, place, _ in rows], np.intp),
        handling_years=column(
            [office.handling_weeks * values["office_handling_factor"] / WEEKS_PER_YEAR for *_, office in rows]
        ),
        refusal=column([office.refusal for *_, office in rows]),
        refusal_by_rank=column([office.refusal_by_rank for *_, office in rows]),
        capacity=offices.capacity_per_step(persons, weekly[:, np.newaxis], dt=dt)
        * values["office_capacity_factor"],
    )
