"""Results to take away: numbers as a zip of Zarr and as a table, both made by the worker beside the results."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import xarray as xr

from exitvoice.analysis.compare.reduced import by_quarter
from exitvoice.results.tables import csv_text

#: What may be taken away: the file in a job's folder, the name it gets, its type.
FILES = {
    "zarr": ("results.zip", "results-zarr.zip", "application/zip"),
    "csv": ("results.csv", "results.csv", "text/csv; charset=utf-8"),
    "report": ("results/report.html", "report.html", "text/html; charset=utf-8"),
}


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; every text is made safe."""
    path.write_text(csv_text(columns, rows), encoding="utf-8", newline="")


def quarters_table(data: xr.Dataset) -> tuple[list[str], list[list[object]]]:
    """Return a run by quarter and sector: flows summed, stocks averaged, ranks together."""
    quarters = by_quarter(data)
    names = [
        str(name)
        for name, values in quarters.data_vars.items()
        if set(values.dims) == {"time", "sector", "rank"}
    ]
    names = [name for name in names if not name.startswith("mean_")]
    whole = {name: quarters[name].sum("rank").transpose("time", "sector").values for name in names}
    columns = [
        "quarter begins",
        "sector",
        *(f"{name} ({quarters[name].attrs.get('units', '')})" for name in names),
    ]
    days = quarters["time"].values.astype("datetime64[D]").astype(str)
    rows: list[list[object]] = [
        [str(day), str(sector), *(float(f"{whole[name][at, of]:.6g}") for name in names)]
        for at, day in enumerate(days)
        for of, sector in enumerate(quarters["sector"].values)
    ]
    return columns, rows


def zip_folder(folder: Path, target: Path) -> None:
    """Pack a folder whole; names inside are relative to it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                packed.write(path, path.relative_to(folder.parent).as_posix())
