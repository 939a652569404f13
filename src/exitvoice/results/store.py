"""One run, one folder: manifest.json, results.zarr, report.html, ro-crate-metadata.json."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from exitvoice.errors import InputError, OutputError
from exitvoice.results.crate import Described, describe_run, write_crate
from exitvoice.results.folders import clear_errors, whole_folder, write_whole_file
from exitvoice.results.manifest import FORMAT

MANIFEST = "manifest.json"
RESULTS = "results.zarr"
REPORT = "report.html"
_MAXIMUM_MANIFEST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class StoredRun:
    """A run read back: its numbers, its manifest, and where it lies."""

    data: xr.Dataset
    manifest: Mapping[str, object]
    folder: Path


def check_target(folder: str | Path, *, force: bool = False) -> Path:
    """Refuse, before an hour of work, a place where a run could not be written at the end.

    A folder that holds an older run is refused unless `force`; a folder that holds anything else is refused
    always, because replacing it would delete what is not ours.

    Raises
    ------
    OutputError
        With one sentence: what is in the way and how to mend it.
    """
    target = Path(folder).expanduser().resolve()
    with clear_errors(target):
        if target.exists() and not target.is_dir():
            raise OutputError(f"cannot write {target}: a file of this name is there; choose another name")
        if target.is_dir() and any(target.iterdir()):
            _check_older_run(target, is_forced=force)
        with whole_folder(target.parent / f".{target.name[:100]}.trial"):
            pass
        (target.parent / f".{target.name[:100]}.trial").rmdir()
    return target


def write_run(
    folder: str | Path,
    data: xr.Dataset,
    manifest: Mapping[str, object],
    *,
    report: str | None = None,
    force: bool = False,
) -> Path:
    """Write a run as one folder, whole or not at all.

    Parameters
    ----------
    folder : str or Path
        Where; its parents are made if they are not there.
    data : xr.Dataset
        The run; every variable must say its units, long_name and source.
    manifest : mapping
        Plain JSON, as `new_manifest` gives it.
    report : str, optional
        The page `report.html`.
    force : bool
        Replace an older run.

    Returns
    -------
    Path
        The absolute path of the folder.

    Raises
    ------
    OutputError
        If the place is taken, the disk is full or may not be written; nothing is left behind then.
    """
    _check_labels(data)

    def write(results: Path) -> None:
        _storable(data).to_zarr(
            results, mode="w", zarr_format=3, consolidated=False, encoding=_encoding(data)
        )

    said = {**manifest, "format": FORMAT}
    return write_results(folder, write, said, described=describe_run(manifest), report=report, force=force)


def write_results(
    folder: str | Path,
    write: Callable[[Path], None],
    manifest: Mapping[str, object],
    *,
    described: Described,
    report: str | None = None,
    force: bool = False,
) -> Path:
    """Write numbers, manifest, page and description as one folder, whole or not at all.

    Parameters
    ----------
    folder : str or Path
    write : callable
        Writes the numbers to the path it is given.
    manifest : mapping
        Plain JSON, with its format.
    described : Described
        For `ro-crate-metadata.json`.
    report : str, optional
    force : bool
        Replace an older folder.

    Raises
    ------
    OutputError
        As `write_run`.
    """
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    target = check_target(folder, force=force)
    with whole_folder(target) as draft:
        write(draft / RESULTS)
        if report is not None:
            write_whole_file(draft / REPORT, report)
        write_whole_file(draft / MANIFEST, text)
        write_crate(draft, described)
    return target


def write_report(folder: str | Path, report: str) -> Path:
    """Put a page into the folder of a run, in place of an older one, and return its path."""
    path = Path(folder).expanduser().resolve() / REPORT
    write_whole_file(path, report)
    write_crate(path.parent, describe_run(read_manifest(path.parent / MANIFEST)))
    return path


def read_run(folder: str | Path) -> StoredRun:
    """Read a run back from its folder.

    Raises
    ------
    InputError
        If there is no run, or one that this version cannot read.
    """
    path = Path(folder).expanduser().resolve()
    manifest = read_manifest(path / MANIFEST)
    try:
        with xr.open_zarr(path / RESULTS, consolidated=False, chunks=None) as stored:
            data = stored.load()
    except (OSError, ValueError, KeyError, RuntimeError) as problem:
        raise _unreadable(path / RESULTS, f"the numbers cannot be read ({problem})") from problem
    return StoredRun(data=_with_plain_names(data), manifest=manifest, folder=path)


def _check_older_run(target: Path, *, is_forced: bool) -> None:
    if not (target / MANIFEST).is_file():
        raise OutputError(
            f"cannot write {target}: the folder holds something that is not a run; choose another folder"
        )
    if not is_forced:
        raise OutputError(
            f"cannot write {target}: an older run is there; choose another folder or replace it with --force"
        )


def _check_labels(data: xr.Dataset) -> None:
    missing = [
        f"{name} ({label})"
        for name, variable in data.data_vars.items()
        for label in ("units", "long_name", "source")
        if not str(variable.attrs.get(label, "")).strip()
    ]
    if missing:
        raise ValueError(f"every variable of a run says its units, long_name and source; missing: {missing}")


def _storable(data: xr.Dataset) -> xr.Dataset:
    # Text of fixed length has no agreed form in Zarr v3, text of any length has one.
    texts = {name: data[name].astype(object) for name in data.variables if data[name].dtype.kind == "U"}
    return data.assign_coords({name: text for name, text in texts.items() if name in data.coords}).assign(
        {name: text for name, text in texts.items() if name not in data.coords}
    )


def _with_plain_names(data: xr.Dataset) -> xr.Dataset:
    names = {
        name: (coordinate.dims, np.array([str(text) for text in coordinate.values]), coordinate.attrs)
        for name, coordinate in data.coords.items()
        if coordinate.ndim == 1 and coordinate.dtype.kind in "OT"
    }
    return data.assign_coords(names)


def _encoding(data: xr.Dataset) -> dict[object, dict[str, object]]:
    # One chunk a variable: a run is read whole, and many small files are slow on every disk.
    chunks: dict[object, dict[str, object]] = {
        name: {"chunks": tuple(max(1, size) for size in variable.shape)}
        for name, variable in data.variables.items()
        if math.prod(variable.shape) and variable.ndim
    }
    if "time" in data.coords and np.issubdtype(data["time"].dtype, np.datetime64):
        chunks["time"] = {**chunks.get("time", {}), "units": "days since 1970-01-01", "dtype": "float64"}
    return chunks


def read_manifest(path: Path, *, expected: str = FORMAT) -> Mapping[str, object]:
    """Read `manifest.json` of a folder of results in the format that is expected, or raise InputError."""
    try:
        if path.stat().st_size > _MAXIMUM_MANIFEST_BYTES:
            raise _unreadable(path, "it is larger than any manifest")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _unreadable(path, "there is no run in this folder") from problem
    except ValueError as problem:
        raise _unreadable(path, f"it is not JSON ({problem})") from problem
    if not isinstance(manifest, dict) or manifest.get("format") != expected:
        raise _unreadable(path, f"its format is not {expected}")
    return manifest


def is_format(folder: str | Path, expected: str) -> bool:
    """Whether a folder holds results in a format."""
    try:
        read_manifest(Path(folder).expanduser() / MANIFEST, expected=expected)
    except InputError:
        return False
    return True


def _unreadable(path: Path, what: str) -> InputError:
    return InputError.of(
        path,
        what,
        why="a run is a folder with manifest.json and results.zarr, written by `exitvoice run`",
        mend="name the folder of a run, or make it again with `exitvoice run`",
    )
