"""A comparison of two worlds at rest: one folder with its numbers, a manifest and a page."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import xarray as xr

from exitvoice.results.folders import whole_folder, write_whole_file
from exitvoice.results.manifest import machine, versions
from exitvoice.results.store import MANIFEST, REPORT, RESULTS, check_target

FORMAT = "exitvoice-comparison/1"


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
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    target = check_target(folder, force=force)
    with whole_folder(target) as draft:
        for name, data in tables.items():
            texts = {key: data[key].astype(object) for key in data.coords if data[key].dtype.kind == "U"}
            data.assign_coords(texts).drop_attrs(deep=False).to_zarr(
                draft / RESULTS, group=name, mode="a", zarr_format=3, consolidated=False
            )
        if page is not None:
            write_whole_file(draft / REPORT, page)
        write_whole_file(draft / MANIFEST, text)
    return target
