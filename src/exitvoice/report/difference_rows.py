"""A comparison as rows: what differs, by how much, for whom, and how sure the replications make us."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from exitvoice.analysis.compare import COST, Comparison
from exitvoice.analysis.paired import Interval, Reduction, paired_interval
from exitvoice.report import numbers
from exitvoice.report.figures.base import TOO_FEW
from exitvoice.results.summary import MINIMUM_SIMULATED_PERSONS

_SAME = 1e-7  # below this share of the level a difference is rounding: runs are kept in single precision

#: Outcomes that a person reads first, the human cost before all; the others follow in the order of the run.
FIRST = (
    COST, "covered", "documents_held", "applications", "grants", "refusals", "departures_permitted", "departures_free",
    "departures_disobedient", "overstayed", "left_for_good", "fled", "caught", "stopped", "wrongly_stopped",
    "in_custody", "sanctioned", "opposed", "falsifiers", "withdrawn", "dissent",
)  # fmt: skip


@dataclass(frozen=True)
class DifferenceRow:
    """B - A of one outcome, of everybody or of one group; the bounds are those of the paired interval."""

    name: str
    title: str
    unit: str
    first: float
    second: float
    mean: float
    low: float
    high: float
    reduction: Reduction | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing differs, but for rounding."""
        level = max(abs(self.first), abs(self.second), 1e-12)
        bounds = [abs(b) for b in (self.low, self.high) if math.isfinite(b)]
        return max([abs(self.mean), *bounds]) <= _SAME * level

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return not self.is_nothing and (self.low > 0.0 or self.high < 0.0)

    @property
    def relative(self) -> float:
        """Difference as a share of world A; NaN where A has nothing."""
        return self.mean / abs(self.first) if self.first else math.nan


def outcome_rows(comparison: Comparison) -> tuple[DifferenceRow, ...]:
    """Return a row for every outcome, the human cost first."""
    names = [name for name in FIRST if name in comparison.outcomes]
    names += [name for name in comparison.outcomes if name not in FIRST]
    rows = []
    for name in names:
        values = comparison.whole(name).mean("replication").transpose("world").values
        found = comparison.difference(name)
        rows.append(
            DifferenceRow(
                name=name,
                title=title_of(comparison, name),
                unit=unit_of(comparison, name),
                first=float(values[0]),
                second=float(values[1]),
                mean=float(found.mean),
                low=float(found.low),
                high=float(found.high),
                reduction=comparison.reduction(name),
            )
        )
    return tuple(rows)


def group_rows(
    comparison: Comparison, name: str, by: str, titles: Mapping[str, str] | None = None
) -> tuple[DifferenceRow, ...]:
    """Return a row for every sector or rank, the largest difference first; a dagger marks those too few to read."""
    other = "rank" if by == "sector" else "sector"
    levels = comparison.totals[name].sum(other).mean("replication").transpose("world", by).values
    found = comparison.difference(name, by=by)
    simulated = (
        comparison.totals["persons"].sum(other).max(["replication", "world"]).values * comparison.scale
    )
    rows = [
        DifferenceRow(
            name=str(group),
            title=(titles or {}).get(str(group), str(group))
            + (TOO_FEW if simulated[at] < MINIMUM_SIMULATED_PERSONS else ""),
            unit=unit_of(comparison, name),
            first=float(levels[0, at]),
            second=float(levels[1, at]),
            mean=float(found.mean[at]),
            low=float(found.low[at]),
            high=float(found.high[at]),
        )
        for at, group in enumerate(comparison.totals[by].values)
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.mean)))


def title_of(comparison: Comparison, name: str) -> str:
    """Long name of an outcome."""
    return str(comparison.totals[name].attrs.get("long_name", name.replace("_", " ")))


def unit_of(comparison: Comparison, name: str) -> str:
    """Unit of an outcome in all: a flow's sum is of the thing, not per step."""
    return str(comparison.totals[name].attrs.get("units", "")).removesuffix(" per step")


def signed(value: float) -> str:
    """Return a difference with its sign: +1,230, -45, 0.

    Examples
    --------
    >>> signed(1234.0), signed(-45.0), signed(0.0)
    ('+1,230', '-45', '0')
    """
    if not math.isfinite(value):
        return "not known"
    if value == 0.0:
        return "0"
    return f"{'+' if value > 0 else '-'}{numbers.amount(abs(value))}"


def interval(row: DifferenceRow | Interval) -> str:
    """Return the bounds in words: '-12 to +3'; 'no difference' where every replication agrees on none."""
    low, high = float(row.low), float(row.high)
    if isinstance(row, DifferenceRow) and row.is_nothing:
        return "no difference"
    if not (math.isfinite(low) and math.isfinite(high)):
        return "one replication: none"
    return f"{signed(low)} to {signed(high)}"


def saved(reduction: Reduction | None) -> str:
    """Return the variance ratio in words, with its interval."""
    if reduction is None or math.isnan(reduction.ratio):
        return "-"
    if math.isinf(reduction.ratio):
        return "paired: no spread"
    return f"{_times(reduction.ratio)} ({_times(reduction.low)} to {_times(reduction.high)})"


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 10 else "over a million" if ratio >= 1e6 else f"{round(ratio):,}"


def year_rows(comparison: Comparison) -> tuple[tuple[str, float, float, float], ...]:
    """Return the years in which the human cost differs: year, B - A, and the bounds of its interval."""
    cost = comparison.quarters[COST].sum(["sector", "rank"]).groupby("time.year").sum()
    values = cost.transpose("replication", "world", "year").values
    found = paired_interval(values[:, 1] - values[:, 0])
    level = float(abs(values).max()) or 1.0
    return tuple(
        (str(year), float(found.mean[at]), float(found.low[at]), float(found.high[at]))
        for at, year in enumerate(cost["year"].values)
        if abs(found.mean[at]) > _SAME * level
    )
