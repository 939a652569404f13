"""What a hypothesis can ask of a run: outcomes by name, each one number for each run of an ensemble."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import xarray as xr

from exitvoice.claims.schema import Years

KEPT = ("seen_dissent", "covered", "persons")
"""Variables that an ensemble must keep step by step for these outcomes, besides its yearly summary."""
VILLAGES = "village_cadres"


@dataclass(frozen=True)
class Outcome:
    """One outcome: its name in words, its unit, and how it is read from an ensemble.

    `read` takes the ensemble, cut to the horizon, and gives (variant, point, replication). `events` counts what the
    outcome counts, in real persons: a ratio of a handful of simulated persons says nothing.
    """

    name: str
    title: str
    unit: str
    read: Callable[[xr.Dataset], xr.DataArray]
    events: Callable[[xr.Dataset], xr.DataArray] | None = None


def read_outcome(data: xr.Dataset, name: str, horizon: Years) -> xr.DataArray:
    """Return an outcome over its horizon, dimensions (variant, point, replication).

    Parameters
    ----------
    data : xr.Dataset
        An ensemble, as `exitvoice.ensemble.read_ensemble` gives it.
    name : str
        A name of `OUTCOMES`.
    horizon : Years
    """
    return OUTCOMES[name].read(cut(data, horizon))


def simulated_events(data: xr.Dataset, name: str, horizon: Years) -> xr.DataArray | None:
    """Return how many simulated persons stand behind an outcome, or None where it is no count of events."""
    events = OUTCOMES[name].events
    return None if events is None else events(cut(data, horizon)) * float(data.attrs["scale"])


def cut(data: xr.Dataset, horizon: Years) -> xr.Dataset:
    """Return the years and steps of a horizon."""
    first, last = f"{horizon.first}-01-01", f"{horizon.last}-12-31"
    chosen = {name: slice(first, last) for name in ("time", "step") if name in data.dims}
    return data.sel(chosen)


def _persons(data: xr.Dataset) -> xr.DataArray:
    return data["persons"].sum("sector").mean("time")


def _stock(name: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda data: data[name].sum("sector").mean("time") / _persons(data)


def _flow(*names: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda data: _count(*names)(data) / data.sizes["time"] / _persons(data)


def _count(*names: str) -> Callable[[xr.Dataset], xr.DataArray]:
    def count(data: xr.Dataset) -> xr.DataArray:
        first, *others = [data[name].sum(["sector", "time"]) for name in names]
        for other in others:
            first = first + other
        return first

    return count


def _nation(name: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda data: data[name].mean("time")


def _peak(data: xr.Dataset) -> xr.DataArray:
    return data["seen_dissent_by_step"].max("step")


def _lost(data: xr.Dataset) -> xr.DataArray:
    lost = data["loss_of_control"]
    return (lost > 0).any(["time", "region"]).astype(np.float64).where(lost.notnull().all(["time", "region"]))


def _rank_gap(data: xr.Dataset) -> xr.DataArray:
    by_rank = data[["covered_by_step", "persons_by_step"]].sum("sector").mean("step")
    upper = by_rank.isel(rank=slice(-2, None)).sum("rank")
    lowest = by_rank.isel(rank=0)
    return (
        upper["covered_by_step"] / upper["persons_by_step"]
        - lowest["covered_by_step"] / lowest["persons_by_step"]
    )


def _village_share(data: xr.Dataset) -> xr.DataArray:
    cost = data["unfree_person_years"].sum("time")
    return cost.sel(sector=VILLAGES, drop=True) / cost.sum("sector")


_TRIPS = ("departures_free", "departures_permitted", "departures_disobedient")
_STAYED = ("overstayed", "left_for_good", "fled")
_SLIPPED = ("departures_disobedient", "fled")

_ALL: Sequence[Outcome] = (
    Outcome("unfree", "Share of persons without the freedom to leave", "share", _flow("unfree_person_years")),
    Outcome("covered", "Share who may leave only with permission", "share", _stock("covered")),
    Outcome("trips", "Departures on trips, per person and year", "1/year", _flow(*_TRIPS), _count(*_TRIPS)),
    Outcome(
        "stayed_away",
        "Overstayed, left for good or fled, per person and year",
        "1/year",
        _flow(*_STAYED),
        _count(*_STAYED),
    ),
    Outcome(
        "fled_or_overstayed",
        "Fled or overstayed, per person and year",
        "1/year",
        _flow("fled", "overstayed"),
        _count("fled", "overstayed"),
    ),
    Outcome(
        "slipped",
        "Left without the permission required or fled, per person and year",
        "1/year",
        _flow(*_SLIPPED),
        _count(*_SLIPPED),
    ),
    Outcome(
        "sanctioned", "Sanctioned, per person and year", "1/year", _flow("sanctioned"), _count("sanctioned")
    ),
    Outcome("opposed", "Share opposed in private", "share", _stock("opposed")),
    Outcome("loyal", "Share who perform loyalty", "share", _stock("loyal")),
    Outcome("falsifiers", "Share opposed in private who perform loyalty", "share", _stock("falsifiers")),
    Outcome("dissent", "Share in open dissent", "share", _stock("dissent")),
    Outcome("dissent_peak", "Highest share in open dissent in any week", "share", _peak),
    Outcome("control_lost", "Whether control was lost anywhere", "0 or 1", _lost),
    Outcome("control", "Level of control", "1", _nation("control")),
    Outcome("perceived_crisis", "Crisis as the leadership perceives it", "1", _nation("perceived_crisis")),
    Outcome("rank_gap", "Share bound in the two upper ranks less that of the lowest", "share", _rank_gap),
    Outcome("village_share_of_cost", "Village cadres' share of the person-years", "share", _village_share),
)

OUTCOMES: Mapping[str, Outcome] = MappingProxyType({outcome.name: outcome for outcome in _ALL})
