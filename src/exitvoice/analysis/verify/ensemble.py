"""Make some runs of an ensemble again and compare them bit by bit."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import zarr

from exitvoice.ensemble.files import DONE, PLAN, RESULTS, read_lines
from exitvoice.ensemble.plan import Plan, RunKey
from exitvoice.ensemble.reading import read_plan
from exitvoice.ensemble.work import Bench, Job, Result, Task
from exitvoice.evidence import load_ledger
from exitvoice.results.provenance import read_support, rests_on, stale
from exitvoice.results.verification import Mismatch, Verification, mismatch_of, other_versions

#: Called with (runs done, runs in all, steps done, steps of a run, persons); returns False to stop.
Progress = Callable[[int, int, int, int, int], bool]
SAMPLE = 3


def is_ensemble(folder: str | Path) -> bool:
    """Whether a folder holds an ensemble."""
    return (Path(folder).expanduser() / PLAN).is_file()


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
    digests = {key: str(line["digest"]) for key, line in lines.items()}
    made, mismatches = _made_again(plan, path, {key: digests[key] for key in chosen}, threads, progress)
    if not made and done:
        return None
    then = read_support(path)
    return Verification(
        runs=tuple(made),
        of=len(done),
        mismatches=tuple(mismatches),
        other_versions=other_versions(_record(path)),
        stale=stale(then, rests_on(plan.scenario, load_ledger())) if then else (),
        unknown=() if then else ("the folder keeps no hashes of evidence and priors (rests-on.json)",),
    )


def _made_again(
    plan: Plan, path: Path, digests: Mapping[RunKey, str], threads: int, progress: Progress | None
) -> tuple[list[str], list[Mismatch]]:
    """Make runs again until somebody says stop; return the names of those made, and what differs."""
    bench, root = (
        Bench(Job.of(plan, threads=threads)),
        zarr.open_group(path / RESULTS, mode="r", zarr_format=3),
    )
    persons = int(sum(sector.persons.value for sector in plan.scenario.sectors) * plan.scale)
    made: list[str] = []
    mismatches: list[Mismatch] = []
    for number, (key, digest) in enumerate(digests.items()):
        if progress is not None and not progress(number, len(digests), 0, 1, persons):
            break
        name = _name(plan, key)
        outcome = bench.run(Task(key, tuple(float(value) for value in plan.points[key.point])))
        made.append(name)
        if isinstance(outcome, Result):
            mismatches += _compare_result(name, outcome, root, digest)
        else:
            mismatches.append(Mismatch(name, f"the run fails now ({outcome.error})", 1, 1, "", float("nan")))
    return made, mismatches


def _compare_result(run: str, made: Result, root: zarr.Group, digest: str) -> Sequence[Mismatch]:
    found = []
    for kind, block in made.blocks.items():
        stored = np.asarray(root[kind][tuple(made.key)])  # type: ignore[index]
        mismatch = mismatch_of(run, kind, stored, np.asarray(block))
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


def _record(path: Path) -> Mapping[str, object]:
    return _mapping(json.loads((path / PLAN).read_text(encoding="utf-8")))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
