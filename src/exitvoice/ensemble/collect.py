"""One run to its summary: some forty kilobytes of yearly values that an ensemble can keep of every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.ensemble.layout import COST, SCALARS, Group, Layout, is_flow
from exitvoice.results.periods import is_whole, period_starts, step_edges
from exitvoice.run.variables import FLOWS, NATION, REGIONS, SECTORS
from exitvoice.units import DAYS_PER_YEAR

Floats = NDArray[np.float64]
Blocks = Mapping[str, NDArray[np.floating]]
_LEAVES = ("departures_permitted", "departures_free", "departures_disobedient", "fled")
_STAYS_AWAY = ("overstayed", "left_for_good", "fled")
_MEANS = {"mean_opposition"}
_SUMS = {variable.name for variable in FLOWS} | {COST}


def collect(data: xr.Dataset, layout: Layout) -> dict[str, NDArray[np.floating]]:
    """Return the summary of a run as one block a group of `layout`.

    Yearly values by sector: flows are summed, stocks averaged, a step that lies across the end of a year is shared
    out by days; ranks are added up. The same without sectors for the nation's series, and by region. Then single
    numbers of the whole run, the person-years without freedom first.

    Parameters
    ----------
    data : xr.Dataset
        A run, as `simulate` gives it.
    layout : Layout
        Of a scenario with the same sectors, regions and clock.

    Returns
    -------
    dict of str to array
        By the group's kind, of the shape `Group.block`.
    """
    years = _Years.of(data["time"])
    rows = {"scalars": _scalars(data), **_yearly(data, layout, years)}
    blocks = {}
    for group in layout.groups:
        if group.kind in rows:
            values = np.stack([rows[group.kind][variable.name] for variable in group.variables])
        else:
            kept = data[group.kind.removesuffix("_by_step")]
            values = kept.values[np.newaxis]
        blocks[group.kind] = _fitting(values, group)
    return blocks


def summary_of(data: xr.Dataset, layout: Layout) -> xr.Dataset:
    """Return the summary of a single run as a labelled dataset, as an ensemble keeps it."""
    blocks = collect(data, layout)
    return labelled({group.kind: blocks[group.kind] for group in layout.groups}, layout)


def labelled(blocks: Blocks, layout: Layout, *leading: str) -> xr.Dataset:
    """Return blocks with their labels; `leading` names dimensions that stand before the block's own."""
    ahead = len(leading)
    variables = {}
    used: set[str] = set()
    for group in layout.groups:
        if group.kind not in blocks:
            continue
        used.update(group.dimensions)
        for place, variable in enumerate(group.variables):
            attributes = {"units": variable.unit, "long_name": variable.long_name, "source": variable.source}
            values = blocks[group.kind][(slice(None),) * ahead + (place,)]
            variables[variable.name] = ((*leading, *group.dimensions), values, attributes)
    coordinates = {
        "time": layout.years.astype("datetime64[ns]"),
        "step": layout.steps,
        **{name: np.array(labels) for name, labels in layout.labels.items()},
    }
    data = xr.Dataset(variables, coords={name: coordinates[name] for name in coordinates if name in used})
    steps = xr.DataArray(layout.steps, dims="time")
    return data.assign_coords(is_whole_year=("time", is_whole(steps, "Y"))) if "time" in used else data


def _fitting(values: NDArray[np.floating], group: Group) -> NDArray[np.floating]:
    if values.shape != group.block:
        raise ValueError(f"{group.kind} of this run has the shape {values.shape}, not {group.block}")
    return np.ascontiguousarray(values, dtype=group.dtype)


@dataclass(frozen=True)
class _Years:
    """For each year its steps, and the part of each of them that lies in it."""

    parts: tuple[tuple[slice, Floats], ...]

    @staticmethod
    def of(time: xr.DataArray) -> _Years:
        edges = step_edges(time)
        bounds = period_starts(time, "Y").astype(np.float64)
        parts = []
        for start, end in pairwise(bounds):
            share = (np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)) / np.diff(edges)
            inside = np.flatnonzero(share > 0.0)
            steps = slice(int(inside[0]), int(inside[-1]) + 1)
            parts.append((steps, share[steps]))
        return _Years(tuple(parts))

    def sums(self, values: NDArray[np.generic]) -> Floats:
        """Add up each year; row by row and not by a matrix product, whose bits depend on threads."""
        table = np.asarray(values, np.float64).reshape(values.shape[0], -1)
        rows = [(share[:, np.newaxis] * table[steps]).sum(axis=0) for steps, share in self.parts]
        return np.stack(rows).reshape(len(rows), *values.shape[1:])

    def means(self, values: NDArray[np.generic]) -> Floats:
        """Average each year over the steps that have a value."""
        known = ~np.isnan(values.astype(np.float64))
        counted, sums = self.sums(known), self.sums(np.where(known, values, 0.0))
        return np.divide(sums, counted, out=np.full_like(sums, np.nan), where=counted > 0)


def _yearly(data: xr.Dataset, layout: Layout, years: _Years) -> dict[str, dict[str, Floats]]:
    persons = _by_sector(data, "persons")
    sectors: dict[str, Floats] = {}
    by_sector = next(group for group in layout.groups if group.kind == "sectors")
    for name in (variable.name for variable in by_sector.variables):
        if name in _SUMS:
            sectors[name] = years.sums(_by_sector(data, name))
        elif name in _MEANS:
            weighted = (data[name].values.astype(np.float64) * data["persons"].values).sum(axis=-1)
            sectors[name] = years.means(weighted / np.maximum(persons, 1e-9))
        else:
            sectors[name] = years.means(_by_sector(data, name))
    return {
        "sectors": sectors,
        "nation": {v.name: years.means(data[v.name].values) for v in NATION},
        "regions": {
            v.name: (years.sums if is_flow(v) else years.means)(data[v.name].values) for v in REGIONS
        },
    }


def _by_sector(data: xr.Dataset, name: str) -> Floats:
    values = data[name].values.astype(np.float64)
    return values if name in {v.name for v in SECTORS} else np.asarray(values.sum(axis=-1))


def _scalars(data: xr.Dataset) -> dict[str, Floats]:
    nation = {name: data[name].values.astype(np.float64).sum(axis=(1, 2)) for name in _ADDED}
    time = _decimal_years(data["time"])
    last = time >= time[-1] - 1.0
    persons = nation["persons"]
    dissent = nation["dissent"] / np.maximum(persons, 1e-9)
    lost = (data["loss_of_control"].values > 0).any(axis=1)
    error = data["believed_opposition"].values - data["true_opposition"].values
    held = max(persons[last].mean(), 1e-9)
    values: dict[str, float] = {
        "person_years": nation[COST].sum(),
        "covered_share": nation["covered"][last].mean() / held,
        "documents_held_end": nation["documents_held"][last].mean(),
        **{f"{name}_total": nation[name].sum() for name in _TOTALS},
        "departures_total": sum(nation[name].sum() for name in _LEAVES),
        "stayed_away_total": sum(nation[name].sum() for name in _STAYS_AWAY),
        "opposed_share": nation["opposed"][last].mean() / held,
        "falsifier_share": nation["falsifiers"][last].mean() / held,
        "dissent_peak": dissent.max(),
        "dissent_peak_at": time[int(dissent.argmax())],
        "belief_error": error[last].mean(),
        "control_lost": float(lost.any()),
        "control_lost_at": time[int(lost.argmax())] if lost.any() else np.nan,
        "simulated_persons": float(data.attrs.get("simulated_persons", np.nan)),
    }
    return {variable.name: np.asarray(values[variable.name], np.float64) for variable in SCALARS}


_TOTALS = (
    "applications", "grants", "refusals", "fled", "caught", "stopped", "wrongly_stopped", "sanctioned",
)  # fmt: skip
_ADDED = tuple(
    dict.fromkeys(
        (COST, "persons", "covered", "documents_held", "dissent", "opposed", "falsifiers")
        + (*_TOTALS, *_LEAVES, *_STAYS_AWAY)
    )
)


def _decimal_years(time: xr.DataArray) -> Floats:
    days = time.values.astype("datetime64[D]").astype(np.float64)
    return 1970.0 + days / DAYS_PER_YEAR
