"""Read a quantity from an ensemble: one number a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import BaseModel

from exitvoice.analysis.patterns.schema import Measure, Quantity

Floats = NDArray[np.float64]
RUN = ("point", "replication")


def names_in(quantity: Quantity) -> tuple[str, ...]:
    """Return the variables that a quantity is made of."""
    return (*quantity.of, *quantity.less, *quantity.over)


def quantities_in(part: BaseModel) -> Iterator[Quantity]:
    """Yield every quantity that stands somewhere inside a part of a pattern."""
    for value in dict(part).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Quantity):
                yield item
            elif isinstance(item, BaseModel):
                yield from quantities_in(item)


def course(quantity: Quantity, data: xr.Dataset, world: str | None = None) -> xr.DataArray:
    """Return a quantity step by step: dimensions point, replication, step."""
    here = data.sel(variant=world or quantity.world, drop=True)
    first, last = np.datetime64(quantity.start, "ns"), np.datetime64(quantity.until, "ns")
    here = here.isel(step=(here["step"].values >= first) & (here["step"].values < last))
    values = _sum(quantity.of, here, quantity)
    if quantity.less:
        values = values - _sum(quantity.less, here, quantity)
    if quantity.over:
        below = _sum(quantity.over, here, quantity)
        values = values / below.where(below > 0.0)
    return abs(values) if quantity.absolute else values


def value_of(quantity: Quantity, data: xr.Dataset, world: str | None = None) -> xr.DataArray:
    """Return a quantity of every run: dimensions point, replication."""
    values = course(quantity, data, world)
    taken: xr.DataArray = getattr(values, quantity.take)("step", skipna=False)
    return taken.transpose(*RUN)


def measure(what: Measure, data: xr.Dataset) -> Floats:
    """Return a measure of every run, as an array (points, replications); NaN where it has no value.

    A ratio to nothing is NaN where nothing stands above as well, and infinite otherwise.
    """
    of = value_of(what.of, data).values.astype(np.float64)
    if what.to is None:
        return of
    to = value_of(what.to, data).values.astype(np.float64)
    if what.by == "difference":
        return np.asarray(of - to)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(of / to)


def _sum(names: Sequence[str], data: xr.Dataset, quantity: Quantity) -> xr.DataArray:
    total: xr.DataArray | None = None
    for name in names:
        values = data[f"{name}_by_step"].astype(np.float64)
        if "sector" in values.dims and quantity.sector is not None:
            values = values.sel(sector=quantity.sector, drop=True)
        if "region" in values.dims and quantity.region is not None:
            values = values.sel(region=quantity.region, drop=True)
        others = [dimension for dimension in ("sector", "rank", "region") if dimension in values.dims]
        values = values.sum(others, skipna=False) if others else values
        total = values if total is None else total + values
    assert total is not None
    return total
