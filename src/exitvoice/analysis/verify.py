"""Make stored results again and compare the bits; and name what they rest on that has changed since."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr
import zarr

from exitvoice.ensemble.files import DONE, PLAN, RESULTS, read_lines
from exitvoice.ensemble.plan import Plan, RunKey
from exitvoice.ensemble.reading import read_plan
from exitvoice.ensemble.work import Bench, Job, Result, Task
from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.results import StoredRun, read_run
from exitvoice.results.manifest import versions
from exitvoice.results.provenance import Stale, read_support, rests_on, stale, stale_parts
from exitvoice.run import simulate
from exitvoice.scenario import Scenario, load_scenario

#: Called with (runs done, runs in all, steps done, steps of a run, persons); returns False to stop.
Progress = Callable[[int, int, int, int, int], bool]
SAMPLE = 3


@dataclass(frozen=True)
class Mismatch:
    """Numbers that came out otherwise: where, how many, and the first of them."""

    run: str
    variable: str
    values: int
    of: int
    first: str
    largest: float

    def __str__(self) -> str:
        place = f", first at {self.first}" if self.first else ""
        return (
            f"{self.run}: {self.variable}: {self.values:,} of {self.of:,} values differ{place}, "
            f"by at most {self.largest:.3g}"
        )


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


def is_ensemble(folder: str | Path) -> bool:
    """Whether a folder holds an ensemble."""
    return (Path(folder).expanduser() / PLAN).is_file()


def verify_run(
    folder: str | Path, *, threads: int | None = None, progress: Progress | None = None
) -> Verification | None:
    """Make the run of a folder again and compare it bit by bit; None where it was stopped.

    Raises
    ------
    InputError
        If there is no run in the folder, or its scenario cannot be read by this version.
    """
    stored = read_run(folder)
    scenario, seed, scale = what_was_run(stored)
    steps = int(stored.data.sizes["time"])

    def tell(done: int, planned: int, persons: int) -> bool:
        goes_on = progress is None or progress(0, 1, done, steps, persons)
        return goes_on and done < steps

    again = simulate(scenario, seed=seed, scale=scale, threads=threads, progress=tell)
    if again.steps < steps:
        return None
    return Verification(
        runs=("the run",),
        of=1,
        mismatches=tuple(compare_bits("the run", stored.data, again.data)),
        other_versions=_other_versions(stored.manifest),
        stale=stale_since(stored, scenario, load_ledger()),
        unknown=_unknown(stored),
    )


def verify_ensemble(
    folder: str | Path,
    *,
    sample: int | None = SAMPLE,
    threads: int = 1,
    progress: Progress | None = None,
) -> Verification | None:
    """Make some runs of an ensemble again, evenly spread over its plan, and compare them bit by bit.

    Parameters
    ----------
    folder : str or Path
    sample : int or None
        How many; None for every run that is done.
    threads : int
    progress : callable, optional
        Told before each run with steps 0 of 1; False stops, and what was compared until then is returned.

    Raises
    ------
    InputError
        If there is no ensemble in the folder.
    """
    path = Path(folder).expanduser().resolve()
    plan = read_plan(path)
    lines = {RunKey(*line["run"]): line for line in read_lines(path / DONE)}
    done = [key for key in plan.runs if key in lines]
    chosen = done if sample is None or sample >= len(done) else _spread(done, sample)
    bench = Bench(Job.of(plan, threads=threads))
    root = zarr.open_group(path / RESULTS, mode="r", zarr_format=3)
    mismatches: list[Mismatch] = []
    made: list[str] = []
    for number, key in enumerate(chosen):
        persons = int(sum(sector.persons.value for sector in plan.scenario.sectors) * plan.scale)
        if progress is not None and not progress(number, len(chosen), 0, 1, persons):
            break
        name = _name(plan, key)
        outcome = bench.run(Task(key, tuple(float(value) for value in plan.points[key.point])))
        made.append(name)
        if isinstance(outcome, Result):
            mismatches += _compare_result(name, outcome, root, str(lines[key]["digest"]))
        else:
            mismatches.append(Mismatch(name, f"the run fails now ({outcome.error})", 1, 1, "", float("nan")))
    if not made and done:
        return None
    record = _record(path)
    then, scenario = read_support(path), plan.scenario
    return Verification(
        runs=tuple(made),
        of=len(done),
        mismatches=tuple(mismatches),
        other_versions=_other_versions(record),
        stale=stale(then, rests_on(scenario, load_ledger())) if then else (),
        unknown=() if then else ("the folder keeps no hashes of evidence and priors (rests-on.json)",),
    )


def compare_bits(run: str, one: xr.Dataset, other: xr.Dataset) -> Sequence[Mismatch]:
    """Return where two datasets differ in any bit, a variable each; labels count too."""
    found = []
    for name in dict.fromkeys([*map(str, one.variables), *map(str, other.variables)]):
        if name not in one.variables or name not in other.variables:
            found.append(Mismatch(run, name, 1, 1, "only one of them has it", float("nan")))
            continue
        times = one["time"].values if "time" in one[name].dims else None
        mismatch = _mismatch(run, name, _values(one[name]), _values(other[name]), times)
        if mismatch is not None:
            found.append(mismatch)
    return found


def _values(data: xr.DataArray) -> npt.NDArray[np.generic]:
    ordered = data.transpose("time", ...) if "time" in data.dims else data
    return np.asarray(ordered.values)


def _mismatch(
    run: str,
    name: str,
    one: npt.NDArray[np.generic],
    other: npt.NDArray[np.generic],
    times: npt.NDArray[np.generic] | None = None,
) -> Mismatch | None:
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


def _compare_result(run: str, made: Result, root: zarr.Group, digest: str) -> Sequence[Mismatch]:
    found = []
    for kind, block in made.blocks.items():
        stored = np.asarray(root[kind][tuple(made.key)])  # type: ignore[index]
        mismatch = _mismatch(run, kind, stored, np.asarray(block))
        if mismatch is not None:
            found.append(mismatch)
    if not found and made.digest != digest:
        found.append(Mismatch(run, "the hash noted when the run was done", 1, 1, "", float("nan")))
    return found


def _spread(keys: Sequence[RunKey], count: int) -> list[RunKey]:
    places = np.unique(np.linspace(0, len(keys) - 1, count).round().astype(int))
    return [keys[place] for place in places]


def _name(plan: Plan, key: RunKey) -> str:
    return f"variant {plan.variants[key.variant].name!r}, point {key.point}, replication {key.replication}"


def _other_versions(manifest: Mapping[str, object]) -> tuple[str, ...]:
    then, now = _mapping(manifest.get("versions")), versions()
    return tuple(
        f"{name} {then[name]} then, {now[name]} now"
        for name in now
        if name in then and then[name] != now[name]
    )


def what_was_run(stored: StoredRun) -> tuple[Scenario, int, float]:
    """Read scenario, seed and scale from a manifest."""
    file = f"{stored.folder}/manifest.json"
    try:
        run = _mapping(stored.manifest.get("run"))
        text, seed, scale = (
            str(stored.manifest["scenario_text"]),
            int(str(run["seed"])),
            float(str(run["scale"])),
        )
        if not (0 <= seed < 2**64 and 0.0 < scale <= 1.0):
            raise ValueError("seed or scale is out of range")
    except (KeyError, ValueError) as problem:
        what = f"the manifest does not say what was run ({problem})"
        why, mend = (
            "a run is made again from its scenario, seed and scale",
            "make the run again with `exitvoice run`",
        )
        raise InputError.of(file, what, why=why, mend=mend) from problem
    return Scenario.from_text(text, name=file), seed, scale


def stale_since(stored: StoredRun, scenario: Scenario, ledger: Ledger) -> tuple[Stale, ...]:
    """Name what a run rests on and that has changed since: evidence, priors, parts of the scenario asked for."""
    then = stored.manifest.get("rests_on")
    found = stale(_hashes(then), rests_on(scenario, ledger)) if then else ()
    today = scenario_today(stored)
    return (*found, *(stale_parts(scenario, today) if isinstance(today, Scenario) else ()))


def _unknown(stored: StoredRun) -> tuple[str, ...]:
    found = []
    if not stored.manifest.get("rests_on"):
        found.append(
            "the manifest keeps no hashes of evidence and priors (it was written by an older version)"
        )
    today = scenario_today(stored)
    if isinstance(today, str):
        found.append(today)
    return tuple(found)


def scenario_today(stored: StoredRun) -> Scenario | str:
    """Return the scenario that was asked for as it stands today, or why that cannot be said."""
    asked = _mapping(stored.manifest.get("asked"))
    if not asked:
        return "the manifest does not say which scenario was asked for"
    try:
        scenario = load_scenario(str(asked["scenario"]))
        changes = _mapping(asked.get("changes"))
        return scenario.with_changes(changes) if changes else scenario
    except InputError as problem:
        first = problem.mistakes[0]
        return f"the scenario {asked['scenario']} cannot be read today ({first.what})"


def _record(path: Path) -> Mapping[str, object]:
    return _mapping(json.loads((path / PLAN).read_text(encoding="utf-8")))


def _hashes(value: object) -> Mapping[str, Mapping[str, str]]:
    return {
        str(kind): {str(k): str(v) for k, v in _mapping(of).items()} for kind, of in _mapping(value).items()
    }


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
