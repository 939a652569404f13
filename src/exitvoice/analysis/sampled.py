"""One outcome of an ensemble at each of its points: what sensitivity and discovery work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.documents import nearest_name
from exitvoice.errors import InputError, Mistake

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sampled:
    """Points and the outcome at each.

    Attributes
    ----------
    points : array (points, factors)
    values : array (points,)
        Mean over the replications.
    title, unit : str
        Of the outcome.
    left_out : int
        Points without a number, because a run failed or is missing.
    """

    points: Floats
    values: Floats
    title: str
    unit: str
    left_out: int


def sample(
    data: xr.Dataset,
    of: str,
    *,
    variant: str | None = None,
    against: str | None = None,
    year: int | None = None,
) -> Sampled:
    """Return one outcome of an ensemble at each point.

    Parameters
    ----------
    data : xr.Dataset
        As `exitvoice.ensemble.read_ensemble` gives it, with a design.
    of : str
        A variable. Sectors and regions are added up where they count persons or events and averaged elsewhere;
        years are averaged, or one is taken.
    variant : str, optional
        World to read; the first if not given.
    against : str, optional
        World to take off from it: the effect of the change.
    year : int, optional

    Raises
    ------
    InputError
        If the ensemble has no points, or no such variable, world or year.
    """
    _check(data, of, variant, against, year)
    values = data[of]
    if "time" in values.dims:
        values = values.mean("time") if year is None else values.isel(time=_years(data).index(year))
    if "step" in values.dims:
        values = values.mean("step")
    unit = str(values.attrs.get("units") or data[of].attrs.get("units", ""))
    below = [name for name in ("sector", "rank", "region", "rule") if name in values.dims]
    if below:
        values = values.sum(below, skipna=False) if _is_count(unit) else values.mean(below)
    chosen = values.sel(variant=variant) if variant is not None else values.isel(variant=0)
    if against is not None:
        chosen = chosen - values.sel(variant=against)
    at_point = chosen.mean("replication").values.astype(np.float64)
    known = np.isfinite(at_point)
    title = str(data[of].attrs.get("long_name", of))
    return Sampled(
        points=data["design"].values[known],
        values=at_point[known],
        title=title if against is None else f"{title}: difference",
        unit=unit,
        left_out=int((~known).sum()),
    )


def _is_count(unit: str) -> bool:
    return (
        unit.split(maxsplit=1)[0].rstrip("s") in ("person", "person-year", "document", "post")
        if unit
        else False
    )


def _years(data: xr.Dataset) -> list[int]:
    return [int(year) for year in data["time"].dt.year.values]


def _check(data: xr.Dataset, of: str, variant: str | None, against: str | None, year: int | None) -> None:
    mistakes: list[Mistake] = []
    if "design" not in data:
        what, why = "this ensemble varies nothing", "what decides a result is asked of what is varied"
        mistakes.append(
            _mistake("", what, why, "make one with `exitvoice ensemble NAME --vary all --points 200`")
        )
    numbers = [str(name) for name in data.data_vars if "point" in data[name].dims and name not in _OWN]
    if of not in numbers:
        mistakes.append(_unknown("--of", of, "variable", numbers))
    worlds = [str(name) for name in data["variant"].values]
    for option, name in (("--variant", variant), ("--against", against)):
        if name is not None and name not in worlds:
            mistakes.append(_unknown(option, name, "world", worlds))
    if year is not None and of in numbers and "time" not in data[of].dims:
        what, why = f"{of} has no years", "it is one number of the whole run"
        mistakes.append(_mistake("--year", what, why, "leave the year out, or take a yearly variable"))
    elif year is not None and year not in _years(data):
        mistakes.append(_unknown("--year", str(year), "year", [str(known) for known in _years(data)]))
    if mistakes:
        raise InputError(mistakes)


_OWN = ("design", "is_done")


def _unknown(option: str, name: str, kind: str, known: Sequence[str]) -> Mistake:
    mend = f"use one of: {', '.join(known[:40])}"
    return _mistake(
        option, f"the ensemble has no {kind} '{name}'", "nothing can be read", mend, nearest_name(name, known)
    )


def _mistake(file: str, what: str, why: str, mend: str, nearest: str | None = None) -> Mistake:
    return Mistake(file or "ensemble", None, None, "", what, why, mend, nearest)
