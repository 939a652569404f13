"""Replications of a comparison at rest, so that one that was interrupted goes on from what is done."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from exitvoice.analysis.compare.pairs import Pair, PairJob
from exitvoice.ensemble.plan import RunKey
from exitvoice.hashing import content_hash
from exitvoice.results.folders import clear_errors, whole_folder, write_whole_file
from exitvoice.run.checkpoint import discard
from exitvoice.run.simulate import package_version

_JOB, _SAID, _TABLES = "comparison.txt", "said.json", ("quarters", "totals")


@dataclass(frozen=True)
class KeptPairs:
    """A folder with each replication that is done in both worlds, and with the runs of the one under way.

    It is for this machine and version: what is kept for good is the comparison itself.
    """

    folder: Path

    @classmethod
    def of(cls, job: PairJob, folder: Path) -> KeptPairs:
        """Return what is kept of a comparison; a folder that holds another one's is emptied.

        Raises
        ------
        OutputError
            If the folder cannot be written.
        """
        said = content_hash([*job.texts, str(job.seed), job.scale, package_version()])
        mark = folder / _JOB
        if not (mark.is_file() and mark.read_text(encoding="utf-8") == said):
            shutil.rmtree(folder, ignore_errors=True)
            with clear_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
            write_whole_file(mark, said)
        return cls(folder)

    def read(self, number: int) -> Pair | None:
        """Return a replication; None where it is not done, or cannot be read and is to be made again."""
        place = self.folder / str(number)
        try:
            said = json.loads((place / _SAID).read_text(encoding="utf-8"))
            quarters, totals = (_read(place / name)[said[name]] for name in _TABLES)
            return Pair(RunKey(0, 0, number), quarters, totals, str(said["first"]))
        except (OSError, ValueError, KeyError, RuntimeError):
            return None

    def write(self, pair: Pair) -> None:
        """Keep a replication, whole or not at all; the runs that it was made of are not needed any more."""
        number = pair.key.replication
        with whole_folder(self.folder / str(number)) as draft:
            said: dict[str, object] = {"first": pair.first}
            for name, data in zip(_TABLES, (pair.quarters, pair.totals), strict=True):
                _storable(data).to_zarr(draft / name, mode="w", zarr_format=3, consolidated=False)
                said[name] = list(data.data_vars)  # the cost first: a store gives them back in any order
            write_whole_file(draft / _SAID, json.dumps(said))
        for run in self.runs(number):
            discard(run)

    def runs(self, number: int) -> tuple[Path, Path]:
        """Return the files in which the runs of a replication are kept while it is under way."""
        return self.folder / f"{number}-A.npz", self.folder / f"{number}-B.npz"


def _storable(data: xr.Dataset) -> xr.Dataset:
    # Zarr 3 has no type for texts of fixed length
    return data.assign_coords(
        {key: data[key].astype(object) for key in data.coords if data[key].dtype.kind == "U"}
    )


def _read(path: Path) -> xr.Dataset:
    data: xr.Dataset = xr.open_zarr(path, consolidated=False, chunks=None).load()
    texts = {key: data[key] for key in data.coords if data[key].dtype.kind in "OT"}
    return data.assign_coords(
        {key: (one.dims, np.array(one.values.tolist(), str)) for key, one in texts.items()}
    )
