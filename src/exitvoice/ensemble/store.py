"""An ensemble at rest: one folder, registered before the first run, written by one committer.

``plan.json`` and ``scenario.yaml`` say what is to be run. ``results.zarr`` holds one array a group of variables with
one chunk a run. ``done.jsonl`` and ``failures.jsonl`` get a run's line after its chunks are on the disk, so that a
kill loses the runs under way and nothing else. No file holds a time of day or the order in which runs ended: the
folder of an ensemble that was killed and resumed is that of one that was not, byte by byte.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import zarr

from exitvoice.ensemble.files import DONE, FAILURES, PLAN, RESULTS, SCENARIO, Journal, as_line, read_lines
from exitvoice.ensemble.layout import Group, Layout
from exitvoice.ensemble.plan import Plan, RunKey, name_in_library
from exitvoice.ensemble.reading import read_plan
from exitvoice.ensemble.work import Failure, Outcome, Result
from exitvoice.errors import OutputError
from exitvoice.results.folders import clear_errors, whole_folder, write_whole_file
from exitvoice.results.manifest import versions
from exitvoice.results.provenance import note_support


def register(plan: Plan, folder: str | Path, *, force: bool = False) -> Path:
    """Write down a plan in a new folder, before its first run; return the folder's absolute path.

    A folder that holds an older plan of which this one is a continuation (the same, or with more points) is kept and
    goes on; one that holds another ensemble is replaced with `force` alone, and anything else never.

    Raises
    ------
    OutputError
        If the place is taken or cannot be written.
    """
    target = Path(folder).expanduser().resolve()
    with clear_errors(target):
        if target.is_dir() and any(target.iterdir()):
            if not (target / PLAN).is_file():
                raise OutputError(
                    f"cannot write {target}: the folder holds something that is not an ensemble; choose another folder"
                )
            if not force:
                _check_continues(plan, target)
                return target
        with whole_folder(target) as draft:
            _write_plan(draft, plan)
            write_whole_file(draft / SCENARIO, plan.scenario.text)
            note_support(draft, plan.scenario)
            root = zarr.create_group(draft / RESULTS, zarr_format=3)
            root.attrs.update(_names(plan))
            for group in Layout(plan.scenario, plan.outputs).groups:
                _create_array(root, group, plan.shape)
            for name in (DONE, FAILURES):
                write_whole_file(draft / name, "")
    return target


class Store:
    """The one committer of an ensemble's folder; a context that holds the folder's lock.

    Attributes
    ----------
    folder : Path
    plan : Plan
    done : set of RunKey
    failed : dict of RunKey to Failure

    Raises
    ------
    OutputError
        If another process is writing into the folder, or the disk refuses.
    InputError
        If there is no ensemble.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().resolve()
        self.plan = read_plan(self.folder)
        self._lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise OutputError(
                f"cannot write {self.folder}: another process is at work on this ensemble; wait for it, or stop it"
            ) from None
        with clear_errors(self.folder):
            self._open()

    def _open(self) -> None:
        _sweep(self.folder)
        self.groups = Layout(self.plan.scenario, self.plan.outputs).groups
        root = zarr.open_group(self.folder / RESULTS, mode="r+", zarr_format=3)
        self._arrays = {group.kind: _full_array(root, group) for group in self.groups}
        self._fit_to_plan()
        lines = {_key(record): record for record in read_lines(self.folder / DONE)}
        whole = self._whole_chunks()
        self._done = {
            key: as_line(line) for key, line in lines.items() if key in whole and _is_inside(key, self.plan)
        }
        failures = {_key(record): record for record in read_lines(self.folder / FAILURES)}
        self._failed = {key: as_line(line) for key, line in failures.items() if key not in self._done}
        self._rewrite()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def done(self) -> frozenset[RunKey]:
        """Runs whose numbers are on the disk."""
        return frozenset(self._done)

    @property
    def failed(self) -> frozenset[RunKey]:
        """Runs that gave no numbers."""
        return frozenset(self._failed)

    @property
    def missing(self) -> Iterable[RunKey]:
        """Runs that are neither done nor failed, in the plan's order."""
        return (key for key in self.plan.runs if key not in self._done and key not in self._failed)

    def forget_failures(self) -> None:
        """Let the runs that failed be missing, so that they are tried again."""
        self._failed = {}
        with clear_errors(self.folder):
            self._rewrite()

    def extend(self, plan: Plan) -> None:
        """Go on with a plan that has more points; the arrays grow along `point`.

        Raises
        ------
        OutputError
            If the plan is not a continuation of the one in the folder.
        """
        if not plan.begins_like(self.plan):
            raise OutputError(f"cannot write {self.folder}: an ensemble with another plan is there")
        with clear_errors(self.folder):
            _write_plan(self.folder, plan)  # first: opening a folder makes the arrays fit its plan
            self.plan = plan
            self._fit_to_plan()

    def commit(self, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes down; when this returns they are on the disk.

        Raises
        ------
        OutputError
            If the disk refuses; what was committed before is kept.
        """
        results = [outcome for outcome in outcomes if isinstance(outcome, Result)]
        failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
        with clear_errors(self.folder):
            for result in results:
                for group in self.groups:
                    self._arrays[group.kind][tuple(result.key)] = result.blocks[group.kind]
                    _flush(self._chunk(group, result.key))
            done = {result.key: as_line(self._done_line(result)) for result in results}
            failed = {failure.key: as_line(self._failure_line(failure)) for failure in failures}
            self._done_journal.add(done.values())
            self._failure_journal.add(failed.values())
        self._done.update(done)
        self._failed.update(failed)

    def settle(self) -> None:
        """Bring the lines into the order of the plan."""
        with clear_errors(self.folder):
            self._rewrite()

    def close(self) -> None:
        """Do so, close the files and let go of the folder."""
        try:
            self.settle()
        finally:
            self._close_journals()
            os.close(self._lock)

    def _rewrite(self) -> None:
        # The order in which runs ended is luck; the plan's order is the same on every machine.
        self._close_journals()
        order = {key: place for place, key in enumerate(self.plan.runs)}
        for name, lines in ((DONE, self._done), (FAILURES, self._failed)):
            text = "".join(lines[key] for key in sorted(lines, key=order.__getitem__))
            path = self.folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                write_whole_file(path, text)
        self._done_journal = Journal(self.folder / DONE)
        self._failure_journal = Journal(self.folder / FAILURES)

    def _close_journals(self) -> None:
        for name in ("_done_journal", "_failure_journal"):
            journal = self.__dict__.get(name)
            if journal is not None:
                journal.close()

    def _fit_to_plan(self) -> None:
        for group in self.groups:
            array = self._arrays[group.kind]
            shape = (*self.plan.shape, *group.block)
            if array.shape != shape:
                array.resize(shape)

    def _chunk(self, group: Group, key: RunKey) -> Path:
        inside = (0,) * len(group.block)
        return self.folder / RESULTS / group.kind / ".".join(["c", *map(str, (*key, *inside))])

    def _whole_chunks(self) -> set[RunKey]:
        """Runs all of whose chunks are there: a power cut may leave a line whose chunk never reached the disk."""
        found: set[RunKey] | None = None
        for group in self.groups:
            with os.scandir(self.folder / RESULTS / group.kind) as entries:
                names = [e.name for e in entries if e.name.startswith("c.") and e.stat().st_size > 0]
            keys = {RunKey(*map(int, name.split(".")[1:4])) for name in names}
            found = keys if found is None else found & keys
        return found or set()

    def _done_line(self, result: Result) -> dict[str, Any]:
        seed = str(self.plan.seed_of(result.key))
        line = {"run": list(result.key), "scenario_hash": result.scenario_hash, "seed": seed}
        return line | {"digest": result.digest}

    def _failure_line(self, failure: Failure) -> dict[str, Any]:
        plan, key = self.plan, failure.key
        source = name_in_library(plan.scenario) or str(self.folder / SCENARIO)
        return {
            "run": list(key),
            "variant": plan.variants[key.variant].name,
            "seed": str(plan.seed_of(key)),
            "error": failure.error,
            "where": failure.where,
            "replay": plan.replay(key, scenario=source),
        }


def _check_continues(plan: Plan, target: Path) -> None:
    if not plan.begins_like(read_plan(target)):
        raise OutputError(
            f"cannot write {target}: an older ensemble with another plan is there; choose another folder or "
            "replace it with --force"
        )


def _write_plan(folder: Path, plan: Plan) -> None:
    text = json.dumps(plan.record() | {"versions": versions()}, indent=1, sort_keys=True, ensure_ascii=False)
    write_whole_file(folder / PLAN, text + "\n")


def _names(plan: Plan) -> Mapping[str, Any]:
    layout = Layout(plan.scenario, plan.outputs)
    return {
        "about": "One array a group of variables; see `variables` for their order. One chunk a run.",
        "variables": {group.kind: [v.name for v in group.variables] for group in layout.groups},
        "labels": layout.labels,
        "years": [str(day.astype("datetime64[D]")) for day in layout.years],
        "variants": [variant.name for variant in plan.variants],
    }


def _create_array(root: zarr.Group, group: Group, runs: tuple[int, int, int]) -> None:
    root.create_array(
        group.kind,
        shape=(*runs, *group.block),
        chunks=(1, 1, 1, *group.block),
        dtype=np.dtype(group.dtype),
        fill_value=float("nan"),
        # a point in place of a slash: a flat folder of chunks, not a tree seven folders deep
        chunk_key_encoding={"name": "default", "separator": "."},
        dimension_names=("variant", "point", "replication", f"{group.kind}_variable", *group.dimensions),
    )


def _full_array(root: zarr.Group, group: Group) -> Any:
    # Chunks that hold no value at all are written too: a file that is there says that the run is done.
    array: Any = root[group.kind]
    return array.with_config({"write_empty_chunks": True})


def _sweep(folder: Path) -> None:
    """Remove what a kill left half-written."""
    for pattern in (".*.unfinished-*", f"{RESULTS}/*.partial", f"{RESULTS}/*/*.partial"):
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _key(record: Mapping[str, Any]) -> RunKey:
    return RunKey(*record["run"])


def _is_inside(key: RunKey, plan: Plan) -> bool:
    return all(place < size for place, size in zip(key, plan.shape, strict=True))
