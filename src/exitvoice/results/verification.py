"""Numbers made again beside those at rest: which bits differ, and what the results rest on that has changed since."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from exitvoice.results.manifest import versions
from exitvoice.results.provenance import Stale


@dataclass(frozen=True)
class Mismatch:
    """Numbers that came out otherwise: where, how many, the first of them; `largest` is NaN where it is no number."""

    run: str
    variable: str
    values: int
    of: int
    first: str
    largest: float

    def __str__(self) -> str:
        place = f", first at {self.first}" if self.first else ""
        size = "" if math.isnan(self.largest) else f", by at most {self.largest:.3g}"
        return f"{self.run}: {self.variable}: {self.values:,} of {self.of:,} values differ{place}{size}"


@dataclass(frozen=True)
class Verification:
    """What making results again came to.

    Attributes
    ----------
    runs : tuple of str
        The runs that were made again.
    of : int
        Runs that the folder holds.
    mismatches : tuple of Mismatch
        Empty where every bit is the same.
    other_versions : tuple of str
        What ran then in another version than now.
    stale : tuple of Stale
        What the results rest on and has changed since.
    unknown : tuple of str
        What could not be checked, and why.
    """

    runs: tuple[str, ...]
    of: int
    mismatches: tuple[Mismatch, ...]
    other_versions: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether every number made again has the bits of the one stored."""
        return not self.mismatches


def compare_bits(run: str, one: xr.Dataset, other: xr.Dataset) -> Sequence[Mismatch]:
    """Return where two datasets differ in any bit, a variable each; labels count too."""
    found = []
    for name in dict.fromkeys([*map(str, one.variables), *map(str, other.variables)]):
        if name not in one.variables or name not in other.variables:
            found.append(Mismatch(run, name, 1, 1, "only one of them has it", float("nan")))
            continue
        times = one["time"].values if "time" in one[name].dims else None
        mismatch = mismatch_of(run, name, _values(one[name]), _values(other[name]), times)
        if mismatch is not None:
            found.append(mismatch)
    return found


def _values(data: xr.DataArray) -> npt.NDArray[np.generic]:
    ordered = data.transpose("time", ...) if "time" in data.dims else data
    return np.asarray(ordered.values)


def mismatch_of(
    run: str,
    name: str,
    one: npt.NDArray[np.generic],
    other: npt.NDArray[np.generic],
    times: npt.NDArray[np.generic] | None = None,
) -> Mismatch | None:
    """Return where two arrays differ in any bit, None where nowhere."""
    if one.shape != other.shape:
        return Mismatch(
            run, name, 1, 1, f"shape {one.shape} was stored, {other.shape} made now", float("nan")
        )
    if one.dtype.kind not in "fiub":
        unlike = np.asarray(one != other)
    elif one.dtype != other.dtype:
        return Mismatch(run, name, 1, 1, f"type {one.dtype} was stored, {other.dtype} made now", float("nan"))
    else:
        bits = f"u{one.dtype.itemsize}"
        unlike = np.asarray(np.ascontiguousarray(one).view(bits) != np.ascontiguousarray(other).view(bits))
    if not unlike.any():
        return None
    first = ""
    if times is not None and unlike.ndim:
        first = str(times[int(np.argwhere(unlike)[0][0])].astype("datetime64[D]"))
    largest = float("nan")
    if one.dtype.kind in "fiu":
        gaps = np.abs(one.astype(np.float64) - other.astype(np.float64))[unlike]
        largest = float(np.nanmax(gaps)) if np.isfinite(gaps).any() else float("nan")
    return Mismatch(run, name, int(unlike.sum()), int(unlike.size), first, largest)


def other_versions(manifest: Mapping[str, object]) -> tuple[str, ...]:
    """Name what ran then in another version than now."""
    said, now = manifest.get("versions"), versions()
    then = said if isinstance(said, Mapping) else {}
    return tuple(
        f"{name} {then[name]} then, {now[name]} now"
        for name in now
        if name in then and then[name] != now[name]
    )
