"""Weekly steps into months, quarters and years.

A week that lies across the end of a month is shared out by days: counting it to the month of its first day
would give months of four and of five weeks, and a curve that wiggles by a quarter for no reason.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

Period = Literal["M", "Q", "Y"]
_MONTHS: dict[Period, int] = {"M": 1, "Q": 3, "Y": 12}


def step_edges(time: xr.DataArray) -> npt.NDArray[np.float64]:
    """Return the edges of the steps in days since 1970, one more than there are steps.

    The last step is as long as the one before it; a single step is taken to last a week.
    """
    starts = time.values.astype("datetime64[ns]").astype("datetime64[m]").astype(np.float64) / 1440.0
    length = starts[-1] - starts[-2] if starts.size > 1 else 7.0
    return np.append(starts, starts[-1] + length)


def period_starts(time: xr.DataArray, period: Period) -> npt.NDArray[np.datetime64]:
    """Return the first days of the months, quarters or years that the steps touch, and of the one after."""
    edges = step_edges(time)
    every = _MONTHS[period]
    first = _month_of(edges[0]) // every * every
    last = _month_of(np.nextafter(edges[-1], 0)) // every * every + every
    return np.arange(first, last + 1, every).astype("datetime64[M]").astype("datetime64[D]")


def period_sums(flows: xr.DataArray, period: Period) -> xr.DataArray:
    """Sum a flow over months, quarters or years, a step being shared out by days.

    Parameters
    ----------
    flows : xr.DataArray
        Something counted during each step, with the dimension `time` first.
    period : 'M', 'Q' or 'Y'
        Months, quarters or years.

    Returns
    -------
    xr.DataArray
        The same with `time` at the first day of each period; the sum over time is kept.
    """
    values = flows.transpose("time", ...).values.astype(np.float64)
    table = values.reshape(values.shape[0], -1)
    running = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
    edges = step_edges(flows["time"])
    starts = period_starts(flows["time"], period)
    days = starts.astype(np.float64)
    at_starts = np.stack([np.interp(days, edges, column) for column in running.T], axis=1)
    sums = np.diff(at_starts, axis=0).reshape((days.size - 1, *values.shape[1:]))
    return _with_time(flows, sums, starts[:-1])


def period_means(stocks: xr.DataArray, period: Period) -> xr.DataArray:
    """Average a stock over months, quarters or years; a step counts by its days in the period.

    Steps without a value (NaN) are passed over; a period without any value has none.
    """
    days = xr.DataArray(np.diff(step_edges(stocks["time"])), dims="time", coords={"time": stocks["time"]})
    known = stocks.notnull()
    counted = period_sums(known * days, period)
    return period_sums(stocks.where(known, 0.0) * days, period) / counted.where(counted > 0)


def is_whole(time: xr.DataArray, period: Period) -> npt.NDArray[np.bool_]:
    """Tell for each period whether the steps cover nearly all of it (95 % of its days)."""
    edges = step_edges(time)
    days = period_starts(time, period).astype(np.float64)
    covered = np.minimum(days[1:], edges[-1]) - np.maximum(days[:-1], edges[0])
    return np.asarray(covered >= 0.95 * np.diff(days))


def _month_of(day: float) -> int:
    return int(np.datetime64(int(np.floor(day)), "D").astype("datetime64[M]").astype(int))


def _with_time(
    template: xr.DataArray, values: npt.NDArray[np.float64], starts: npt.NDArray[np.datetime64]
) -> xr.DataArray:
    ordered = template.transpose("time", ...)
    coordinates = {
        name: coordinate for name, coordinate in ordered.coords.items() if "time" not in coordinate.dims
    }
    coordinates["time"] = xr.DataArray(starts.astype("datetime64[ns]"), dims="time")
    return xr.DataArray(
        values, dims=ordered.dims, coords=coordinates, name=template.name, attrs=template.attrs
    )
