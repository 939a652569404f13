"""Findings as plain data beside the numbers: one JSON file each, checked when it is read back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter

from exitvoice.errors import InputError
from exitvoice.results.folders import clear_errors, write_whole_file

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")


def write_record(path: Path, record: DataclassInstance, *, allow_nan: bool = True) -> Path:
    """Write a dataclass, whole or not at all; its folder is made.

    Raises
    ------
    OutputError
        If the disk refuses.
    """
    with clear_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole_file(path, json.dumps(asdict(record), indent=1, allow_nan=allow_nan) + "\n")
    return path


def read_record(path: Path, kind: type[Record], *, called: str, why: str) -> Record:
    """Read it back.

    Parameters
    ----------
    path : Path
    kind : type
        The dataclass.
    called : str
        What cannot be read here, if it cannot, as in "no board".
    why : str
        Where such a file stands.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    try:
        return TypeAdapter(kind).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as problem:
        what = f"{called} can be read here ({problem})"[:300]
        raise InputError.of(path, what, why=why, mend="name such a folder") from problem
