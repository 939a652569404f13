"""Twin worlds: two scenarios, one seed, every draw shared; what differs is what the change did.

A replication runs both worlds with one seed. Replications have seeds of their own and are independent, so
the interval of a difference is Student's over the replications' paired differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from exitvoice.analysis.paired import Interval, Reduction, paired_interval, variance_reduction
from exitvoice.ensemble.plan import run_seed
from exitvoice.errors import InputError, Mistake
from exitvoice.results.periods import period_means, period_sums
from exitvoice.run import simulate
from exitvoice.scenario import Scenario

#: Called with (runs done, runs in all, steps done, steps of a run, persons); returns False to stop.
Progress = Callable[[int, int, int, int, int], bool]

COST = "unfree_person_years"
WORLDS = ("A", "B")
_YEAR = 52  # steps of a stock's 'now', as in the summary of a run
_LEFT_OUT = ("region", "rule")  # variables by region or rule are in the runs themselves
_WEIGHTED = {"mean_opposition": "persons"}  # means, not counts: a sum over cells is weighted


@dataclass(frozen=True)
class Comparison:
    """What twin runs gave.

    Attributes
    ----------
    worlds : tuple of Scenario
        World A and world B.
    quarters : xarray.Dataset
        Dimensions (replication, world, time[, sector, rank]): flows summed over quarters, stocks averaged.
    totals : xarray.Dataset
        Dimensions (replication, world[, sector, rank]): flows summed over the clock, stocks averaged over the
        last year. The human cost, `unfree_person_years`, comes first in both.
    seeds : tuple of int
        Seed of each replication; `exitvoice run --seed` of it is the same run.
    first_difference : tuple of str
        Of each replication, the day of the first step in which any recorded bit differs; '' where none does.
    scale : float
        Simulated persons per real one.
    planned : int
        Replications asked for; fewer are held where it was stopped.
    """

    worlds: tuple[Scenario, Scenario]
    quarters: xr.Dataset
    totals: xr.Dataset
    seeds: tuple[int, ...]
    first_difference: tuple[str, ...]
    scale: float
    planned: int

    @property
    def replications(self) -> int:
        """Replications done, in both worlds."""
        return len(self.seeds)

    @property
    def is_whole(self) -> bool:
        """Whether every replication asked for was done."""
        return self.replications == self.planned

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the recorded variables, the human cost first."""
        return tuple(str(name) for name in self.totals.data_vars)

    @property
    def is_identical(self) -> bool:
        """Whether no recorded bit differs in any replication."""
        return not any(self.first_difference)

    def whole(self, name: str) -> xr.DataArray:
        """An outcome of everybody, dimensions (replication, world)."""
        return _over(self.totals, name, ("sector", "rank"))

    def difference(self, name: str, *, by: str | None = None) -> Interval:
        """B - A of an outcome with its interval: of everybody, or by 'sector', 'rank' or 'time' (quarters)."""
        if by == "time":
            values = _over(self.quarters, name, ("sector", "rank")).transpose("replication", "world", "time")
        elif by is None:
            values = self.whole(name).transpose("replication", "world")
        else:
            other = tuple({"sector", "rank"} - {by})
            values = _over(self.totals, name, other).transpose("replication", "world", by)
        array = values.values
        return paired_interval(array[:, 1] - array[:, 0])

    def reduction(self, name: str) -> Reduction:
        """What common draws saved for an outcome of everybody."""
        values = self.whole(name).transpose("world", "replication").values
        return variance_reduction(values[0], values[1])


def twins(
    one: Scenario,
    other: Scenario,
    *,
    seed: int = 0,
    scale: float = 0.001,
    replications: int = 5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison | None:
    """Run two worlds side by side, with the same draws, so many times.

    Parameters
    ----------
    one, other : Scenario
        World A and world B; their clocks start on one day and step alike.
    seed : int
        Seed of the first replication; those of the others follow from it (`exitvoice.ensemble.run_seed`).
    scale : float
        Simulated persons per real one.
    replications : int
        At least 1; an interval needs 2.
    threads : int, optional
        Threads to use; all processors by default.
    progress : callable, optional
        See `Progress`. Stopping, and Ctrl-C, keep the replications that are done in both worlds.

    Returns
    -------
    Comparison or None
        None where it was stopped before the first replication was done.

    Raises
    ------
    InputError
        Where the clocks of the worlds do not agree, or they have no sector or rank in common.
    """
    check_comparable(one, other)
    seeds: list[int] = []
    quarters, totals, first = [], [], []
    for number, own in enumerate(run_seed(seed, number) for number in range(replications)):
        pair = []
        for place, world in enumerate((one, other)):
            data = _one_run(world, own, scale, threads, progress, (2 * number + place, 2 * replications))
            if data is None:
                break
            pair.append(data)
        if len(pair) < 2:
            break
        pair = list(xr.align(*pair, join="inner", exclude={"region", "rule"}))
        seeds.append(own)
        first.append(first_difference(*pair))
        quarters.append(xr.concat([by_quarter(data) for data in pair], "world", combine_attrs="override"))
        totals.append(xr.concat([in_all(data) for data in pair], "world", combine_attrs="override"))
    if not seeds:
        return None
    coordinates = {"world": list(WORLDS), "replication": np.arange(len(seeds))}
    return Comparison(
        worlds=(one, other),
        quarters=xr.concat(quarters, "replication", combine_attrs="override").assign_coords(coordinates),
        totals=xr.concat(totals, "replication", combine_attrs="override").assign_coords(coordinates),
        seeds=tuple(seeds),
        first_difference=tuple(first),
        scale=scale,
        planned=replications,
    )


def check_comparable(one: Scenario, other: Scenario) -> None:
    """Raise InputError where two worlds share no steps, sectors or ranks: their draws would not be common."""
    mistakes = []
    if (one.clock.start, one.clock.step_days) != (other.clock.start, other.clock.step_days):
        mistakes.append(
            _mistake(
                other.name,
                "clock",
                "the worlds do not step together",
                "draws are shared step by step, from the same first day",
                f"start both on {one.clock.start} with steps of {one.clock.step_days} days",
            )
        )
    for what, mine, yours in (
        ("sectors", one.sector_names, other.sector_names),
        ("ranks", one.rank_names, other.rank_names),
    ):
        if not set(mine) & set(yours):
            mistakes.append(
                _mistake(
                    other.name,
                    what,
                    f"the worlds have no {what} in common",
                    "there is nobody to compare",
                    f"name some alike; world A has {', '.join(mine)}",
                )
            )
    if mistakes:
        raise InputError(mistakes)


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


def _one_run(
    world: Scenario,
    seed: int,
    scale: float,
    threads: int | None,
    progress: Progress | None,
    which: tuple[int, int],
) -> xr.Dataset | None:
    number, runs = which

    def tell(done: int, steps: int, persons: int) -> bool:
        return progress is None or progress(number, runs, done, steps, persons)

    run = simulate(world, seed=seed, scale=scale, threads=threads, progress=tell)
    return run.data if run.complete else None


def _over(data: xr.Dataset, name: str, dimensions: tuple[str, ...]) -> xr.DataArray:
    values = data[name]
    gone = [dimension for dimension in dimensions if dimension in values.dims]
    if not gone:
        return values
    if name in _WEIGHTED or "rank" not in values.dims:
        weight = data[_WEIGHTED.get(name, "persons")]
        weight = weight.sum([d for d in weight.dims if d not in values.dims])
        return (values * weight).sum(gone) / weight.sum(gone).where(weight.sum(gone) > 0)
    return values.sum(gone)


def _names(data: xr.Dataset) -> list[str]:
    names = [str(n) for n, v in data.data_vars.items() if not any(d in v.dims for d in _LEFT_OUT)]
    return sorted(names, key=lambda name: name != COST)


def _is_flow(values: xr.DataArray) -> bool:
    return str(values.attrs.get("units", "")).endswith("per step")


def _mistake(file: str, path: str, what: str, why: str, mend: str) -> Mistake:
    return Mistake(file, None, None, path, what, why, mend)
