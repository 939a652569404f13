"""Numbers to numbers: what a comparison gives of an ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

from exitvoice.analysis.patterns.quantities import Floats, measure, value_of
from exitvoice.analysis.patterns.schema import (
    Among,
    Compare,
    Comparison,
    Condition,
    Correlation,
    Interior,
    ShareChange,
    ShareOf,
    Spread,
)

Bools = NDArray[np.bool_]
RESAMPLES = 400


@dataclass(frozen=True)
class Estimate:
    """One number for all draws together, with its interval of 90 %, and how many draws counted."""

    value: float
    low: float
    high: float
    counted: int


def of_runs(comparison: Compare | Interior, data: xr.Dataset) -> Floats:
    """Return one number a run, as an array (points, replications)."""
    if isinstance(comparison, Compare):
        return measure(comparison.measure, data)
    along, height = profile(comparison, data)
    return np.where(height.max(axis=0) >= comparison.least, hump(along, height), np.nan)


def profile(comparison: Interior, data: xr.Dataset) -> tuple[Floats, Floats]:
    """Return what the worlds differ in and what is looked at, as arrays (worlds, points, replications)."""
    parts = [
        np.stack([value_of(quantity, data, world).values for world in comparison.worlds]).astype(np.float64)
        for quantity in (comparison.along, comparison.height)
    ]
    return parts[0], parts[1]


def hump(along: Floats, height: Floats) -> Floats:
    """Return how far the highest inner point stands above the higher end, as a share of it.

    Worlds are put in the order of `along`, heights are averaged over three neighbours (ends over two), so that one
    world's chance makes no hump. Positive: the maximum lies inside; at most 0: it lies at an end.

    Examples
    --------
    >>> ends = np.arange(5.0)
    >>> round(float(hump(ends, np.array([0.0, 2.0, 4.0, 2.0, 0.0]))), 2), float(hump(ends, ends)) <= 0
    (0.62, True)
    """
    ordered = np.take_along_axis(height, np.argsort(along, axis=0), axis=0)
    ends = np.concatenate([ordered[:1], ordered, ordered[-1:]])
    weights = np.full(ordered.shape[0], 3.0)
    weights[[0, -1]] = 2.0
    sums = ends[:-2] + ends[1:-1] + ends[2:]
    sums[0] -= ordered[0]
    sums[-1] -= ordered[-1]
    smooth = sums / weights.reshape(-1, *[1] * (ordered.ndim - 1))
    inner = smooth[1:-1].max(axis=0)
    outer = np.maximum(smooth[0], smooth[-1])
    top = np.maximum(inner, outer)
    return np.asarray(np.where(top > 0.0, (inner - outer) / np.where(top > 0.0, top, 1.0), np.nan))


def of_draws(comparison: Comparison, data: xr.Dataset, *, seed: int = 0) -> Estimate:
    """Return one number of all draws together; its interval comes from resampling the draws."""
    match comparison:
        case ShareOf():
            return _share(comparison.among, data)
        case ShareChange():
            return _change(comparison, data, seed)
        case Correlation():
            first, second = (measure(part, data)[:, 0] for part in (comparison.first, comparison.second))
            counted = _all(comparison.given, data)[:, 0] & np.isfinite(first) & np.isfinite(second)
            return _resampled(_rank_correlation, (first[counted], second[counted]), seed)
        case Spread():
            values = measure(comparison.measure, data)[:, 0]
            counted = _all(comparison.given, data)[:, 0] & np.isfinite(values)
            return _resampled(_range, (values[counted],), seed)
        case _:
            raise TypeError(f"{comparison.kind} gives a number a run")


def _all(conditions: Sequence[Condition], data: xr.Dataset) -> Bools:
    shape = (data.sizes["point"], data.sizes["replication"])
    found = np.ones(shape, np.bool_)
    for condition in conditions:
        values = measure(condition.measure, data)
        if condition.above is not None:
            found &= values > condition.above  # NaN is neither above nor below
        if condition.below is not None:
            found &= values < condition.below
    return found


def _counted(among: Among, data: xr.Dataset) -> tuple[Bools, Bools]:
    given = _all(among.given, data)[:, 0]
    return given & _all(among.holds, data)[:, 0], given


def _share(among: Among, data: xr.Dataset) -> Estimate:
    holds, given = _counted(among, data)
    count, number = int(holds.sum()), int(given.sum())
    if not number:
        return Estimate(np.nan, 0.0, 1.0, 0)
    interval = stats.binomtest(count, number).proportion_ci(confidence_level=0.90, method="wilson")
    return Estimate(count / number, float(interval.low), float(interval.high), number)


def _change(comparison: ShareChange, data: xr.Dataset, seed: int) -> Estimate:
    before, after = _counted(comparison.before, data), _counted(comparison.after, data)

    def change(*columns: Floats) -> float:
        held_before, given_before, held_after, given_after = (column.sum() for column in columns)
        if not given_before or not given_after:
            return float("nan")
        return float(held_after / given_after - held_before / given_before)

    columns = tuple(column.astype(np.float64) for column in (*before, *after))
    estimate = _resampled(change, columns, seed)
    counted = int(min(before[1].sum(), after[1].sum()))
    return Estimate(estimate.value, estimate.low, estimate.high, counted)


def _rank_correlation(first: Floats, second: Floats) -> float:
    if len(first) < 3 or np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return float("nan")
    return float(stats.spearmanr(first, second).statistic)


def _range(values: Floats) -> float:
    return float(np.ptp(np.quantile(values, [0.1, 0.9]))) if len(values) else float("nan")


def _resampled(statistic, columns: tuple[Floats, ...], seed: int) -> Estimate:  # type: ignore[no-untyped-def]
    number = len(columns[0])
    value = statistic(*columns)
    if number < 2:
        return Estimate(value, np.nan, np.nan, number)
    rng = np.random.default_rng(seed)
    again = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(0, number, number)
        again.append(statistic(*(column[chosen] for column in columns)))
    known = np.array(again)[np.isfinite(again)]
    if not known.size:
        return Estimate(value, np.nan, np.nan, number)
    low, high = np.quantile(known, [0.05, 0.95])
    return Estimate(value, float(low), float(high), number)
