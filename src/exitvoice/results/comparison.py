"""A comparison of two worlds at rest: one folder with its numbers, a manifest and a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xarray as xr

from exitvoice.errors import InputError
from exitvoice.results.crate import describe_comparison
from exitvoice.results.manifest import machine, versions
from exitvoice.results.store import MANIFEST, RESULTS, is_format, read_manifest, write_results

FORMAT = "exitvoice-comparison/1"
TABLES = ("quarters", "totals")


def write_comparison(
    folder: str | Path,
    tables: Mapping[str, xr.Dataset],
    *,
    command: str,
    details: Mapping[str, object],
    page: str | None = None,
    force: bool = False,
) -> Path:
    """Write a comparison as one folder, whole or not at all.

    Parameters
    ----------
    folder : str or Path
        Where; its parents are made if they are not there.
    tables : mapping of str to Dataset
        Groups of `results.zarr`, such as `quarters` and `totals`.
    command : str
        The command that makes it again.
    details : mapping
        More for the manifest; must be plain JSON.
    page : str, optional
        The page `report.html`.
    force : bool
        Replace an older folder.

    Returns
    -------
    Path
        The absolute path of the folder.

    Raises
    ------
    OutputError
        If the place is taken, the disk is full or may not be written; nothing is left behind then.
    """
    manifest = {
        **details,
        "format": FORMAT,
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "machine": machine(),
    }

    def write(results: Path) -> None:
        for name, data in tables.items():
            texts = {key: data[key].astype(object) for key in data.coords if data[key].dtype.kind == "U"}
            data.assign_coords(texts).drop_attrs(deep=False).to_zarr(
                results, group=name, mode="a", zarr_format=3, consolidated=False
            )

    described = describe_comparison(manifest)
    return write_results(folder, write, manifest, described=described, report=page, force=force)


@dataclass(frozen=True)
class StoredComparison:
    """A comparison read back: its tables by name, its manifest, and where it lies."""

    tables: Mapping[str, xr.Dataset]
    manifest: Mapping[str, object]
    folder: Path


def is_comparison(folder: str | Path) -> bool:
    """Whether a folder holds a comparison."""
    return is_format(folder, FORMAT)


def read_comparison(folder: str | Path) -> StoredComparison:
    """Read a comparison back from its folder.

    Raises
    ------
    InputError
        If there is none, or one that this version cannot read.
    """
    path = Path(folder).expanduser().resolve()
    manifest = read_manifest(path / MANIFEST, expected=FORMAT)
    try:
        tables = {
            name: xr.open_zarr(path / RESULTS, group=name, consolidated=False, chunks=None).load()
            for name in TABLES
        }
    except (OSError, ValueError, KeyError, RuntimeError) as problem:
        raise InputError.of(
            path / RESULTS,
            f"the numbers cannot be read ({problem})",
            why="a comparison is a folder with manifest.json and results.zarr, written by `exitvoice compare`",
            mend="make it again with `exitvoice compare`",
        ) from problem
    return StoredComparison(tables, manifest, path)
