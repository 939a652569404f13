"""The headline figures of a run, the human cost first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from exitvoice.results.periods import is_whole, period_sums

COST = "unfree_person_years"
DEPARTURES: Mapping[str, str] = {
    "departures_free": "under no restriction",
    "departures_permitted": "with a permit",
    "departures_disobedient": "without the permit they needed",
    "fled": "fled",
}
MINIMUM_SIMULATED_PERSONS = 30
"""A stratum with fewer simulated persons than this is too few to read (design/model)."""
_WEEKS_OF_A_YEAR = 52


@dataclass(frozen=True)
class SectorCost:
    """What the controls cost one sector, in person-years without freedom to leave."""

    sector: str
    person_years: float
    share_covered_at_end: float
    is_too_few: bool


@dataclass(frozen=True)
class Summary:
    """Headline figures of one run; counts are persons in the model, scaled to the real head-counts.

    `person_years` is the human cost: one person who for one year may not decide freely to leave is one
    person-year. `falsifiers` are opposed in private and perform loyalty. Beliefs are shares of one.
    """

    person_years: float
    person_years_last_year: float
    last_year: int
    by_sector: tuple[SectorCost, ...]
    first_day: str
    last_day: str
    persons: float
    covered: float
    documents_held: float
    applications: float
    grants: float
    refusals: float
    mean_wait_weeks: float
    departures: Mapping[str, float]
    caught: float
    stopped: float
    wrongly_stopped: float
    sanctioned: float
    opposed_share: float
    not_loyal_share: float
    falsifier_share: float
    believed_opposition: float
    true_opposition: float
    perceived_crisis: float
    control: float
    highest_dissent_share: float
    regions_that_lost_control: tuple[str, ...]
    strata: int
    strata_too_few: int


def summarise(data: xr.Dataset) -> Summary:
    """Return the headline figures of a run.

    Shares and stocks 'now' are means of the last 52 weeks, so that one week's noise or the season does not
    speak for the whole; sums run over the whole clock.

    Parameters
    ----------
    data : xr.Dataset
        A run as `exitvoice.results.read_run` or a simulation gives it.

    Examples
    --------
    >>> summary = summarise(run.data)                                    # doctest: +SKIP
    >>> summary.person_years                                             # doctest: +SKIP
    62.3e6
    """
    last = data.isel(time=slice(-_WEEKS_OF_A_YEAR, None))
    persons = _now(last, "persons")
    cost_by_year = period_sums(data[COST].sum(["sector", "rank"]), "Y")
    whole = np.flatnonzero(is_whole(data["time"], "Y"))
    year = int(whole[-1]) if whole.size else cost_by_year.sizes["time"] - 1
    return Summary(
        person_years=float(data[COST].sum()),
        person_years_last_year=float(cost_by_year[year]),
        last_year=int(cost_by_year["time"].dt.year[year]),
        by_sector=_by_sector(data, last),
        first_day=str(data["time"].values[0].astype("datetime64[D]")),
        last_day=str(data["time"].values[-1].astype("datetime64[D]")),
        persons=persons,
        covered=_now(last, "covered"),
        documents_held=_now(last, "documents_held"),
        applications=float(data["applications"].sum()),
        grants=float(data["grants"].sum()),
        refusals=float(data["refusals"].sum()),
        mean_wait_weeks=_mean(last["mean_wait_weeks"]),
        departures={name: float(data[name].sum()) for name in DEPARTURES},
        caught=float(data["caught"].sum()),
        stopped=float(data["stopped"].sum()),
        wrongly_stopped=float(data["wrongly_stopped"].sum()),
        sanctioned=float(data["sanctioned"].sum()),
        opposed_share=_ratio(_now(last, "opposed"), persons),
        not_loyal_share=_ratio(_now(last, "withdrawn") + _now(last, "dissent"), persons),
        falsifier_share=_ratio(_now(last, "falsifiers"), persons),
        believed_opposition=_mean(last["believed_opposition"]),
        true_opposition=_mean(last["true_opposition"]),
        perceived_crisis=_mean(last["perceived_crisis"]),
        control=_mean(last["control"]),
        highest_dissent_share=_highest_dissent(data),
        regions_that_lost_control=_lost_regions(data),
        strata=int(data["too_few"].size),
        strata_too_few=int(data["too_few"].sum()),
    )


def too_few(data: xr.Dataset, along: Literal["sector", "rank"]) -> xr.DataArray:
    """Tell which sectors (all ranks together), or which ranks (all sectors), are too few to read."""
    other = "rank" if along == "sector" else "sector"
    simulated = data["persons"].mean("time").sum(other) * float(data.attrs.get("scale", 1.0))
    return simulated < MINIMUM_SIMULATED_PERSONS


def _by_sector(data: xr.Dataset, last: xr.Dataset) -> tuple[SectorCost, ...]:
    cost = data[COST].sum(["time", "rank"])
    covered = last["covered"].mean("time").sum("rank")
    persons = last["persons"].mean("time").sum("rank")
    is_too_few = too_few(data, "sector").values
    rows = [
        SectorCost(
            sector=str(name),
            person_years=float(cost[index]),
            share_covered_at_end=_ratio(float(covered[index]), float(persons[index])),
            is_too_few=bool(is_too_few[index]),
        )
        for index, name in enumerate(data["sector"].values)
    ]
    return tuple(sorted(rows, key=lambda row: -row.person_years))


def _highest_dissent(data: xr.Dataset) -> float:
    persons = data["persons"].sum(["sector", "rank"])
    share = data["dissent"].sum(["sector", "rank"]) / persons.where(persons > 0)
    return float(share.max()) if bool(share.notnull().any()) else 0.0


def _lost_regions(data: xr.Dataset) -> tuple[str, ...]:
    lost = (data["loss_of_control"] > 0).any("time")
    return tuple(
        str(name) for name, is_lost in zip(data["region"].values, lost.values, strict=True) if is_lost
    )


def _now(last: xr.Dataset, name: str) -> float:
    return float(last[name].mean("time").sum())


def _mean(values: xr.DataArray) -> float:
    return float(values.mean()) if bool(values.notnull().any()) else float("nan")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
