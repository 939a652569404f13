"""What twin runs gave, and how to ask it: differences with paired intervals, and what common draws saved.

A replication runs both worlds with one seed. Replications have seeds of their own and are independent, so the interval
of a difference is Student's over the replications' paired differences.
"""

from dataclasses import dataclass
from functools import cached_property

import xarray as xr

from exitvoice.analysis.paired import Interval, Reduction, paired_interval, variance_reduction
from exitvoice.scenario import Scenario

WORLDS = ("A", "B")
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
