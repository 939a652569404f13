"""One run to what a comparison keeps of it, and where two runs differ in any bit."""

import numpy as np
import xarray as xr

from exitvoice.results.periods import period_means, period_sums

COST = "unfree_person_years"
_YEAR = 52  # steps of a stock's 'now', as in the summary of a run
_LEFT_OUT = ("region", "rule")  # variables by region or rule are in the runs themselves


def first_difference(one: xr.Dataset, other: xr.Dataset) -> str:
    """Day of the first step in which two runs differ in any bit, '' where there is none."""
    steps = min(one.sizes["time"], other.sizes["time"])
    differs = np.zeros(steps, np.bool_)
    for name, mine in one.data_vars.items():
        if name not in other or "rule" in mine.dims:  # a rule that is there and binds nobody is no difference
            continue
        a, b = (values.transpose("time", ...).values[:steps] for values in (mine, other[name]))
        if a.shape != b.shape:  # regions that only one of them has
            continue
        unlike = (a != b) & ~(np.isnan(a) & np.isnan(b))
        differs |= unlike.reshape(steps, -1).any(axis=1)
    if not differs.any():
        return ""
    return str(one["time"].values[int(differs.argmax())].astype("datetime64[D]"))


def by_quarter(data: xr.Dataset) -> xr.Dataset:
    """Quarters of a run: flows summed, stocks averaged."""
    return xr.Dataset({
        name: (period_sums(data[name], "Q") if _is_flow(data[name]) else period_means(data[name], "Q"))
        for name in _names(data)
    })  # fmt: skip


def in_all(data: xr.Dataset) -> xr.Dataset:
    """A run as a whole: flows summed over the clock, stocks averaged over its last year."""
    last = data.isel(time=slice(-_YEAR, None))
    found = {
        name: (
            data[name].astype(np.float64).sum("time", keep_attrs=True)
            if _is_flow(data[name])
            else last[name].astype(np.float64).mean("time", keep_attrs=True)
        )
        for name in _names(data)
    }
    return xr.Dataset(found)


def _names(data: xr.Dataset) -> list[str]:
    names = [str(n) for n, v in data.data_vars.items() if not any(d in v.dims for d in _LEFT_OUT)]
    return sorted(names, key=lambda name: name != COST)


def _is_flow(values: xr.DataArray) -> bool:
    return str(values.attrs.get("units", "")).endswith("per step")
