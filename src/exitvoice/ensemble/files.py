"""The small files of an ensemble's folder: what is planned, what is done, what failed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PLAN = "plan.json"
SCENARIO = "scenario.yaml"
RESULTS = "results.zarr"
DONE = "done.jsonl"
FAILURES = "failures.jsonl"


def as_line(record: dict[str, Any]) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the whole lines of a file; one that a kill or a full disk tore at the end is passed over."""
    records = []
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        try:
            record = json.loads(line) if line.endswith(b"\n") else None
        except ValueError:
            record = None
        if isinstance(record, dict):
            records.append(record)
    return records


class Journal:
    """A file to which whole lines are added, and which is on the disk when `add` returns."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def add(self, lines: Iterable[str]) -> None:
        """Add lines; if the disk refuses, the file is as it was before."""
        text = "".join(lines).encode()
        if not text:
            return
        before = os.fstat(self._file.fileno()).st_size
        try:
            view = memoryview(text)
            while view:  # unbuffered: what a refused write left in a buffer would be written at the end
                view = view[os.write(self._file.fileno(), view) :]
            os.fsync(self._file.fileno())
        except OSError:
            os.ftruncate(self._file.fileno(), before)
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()
