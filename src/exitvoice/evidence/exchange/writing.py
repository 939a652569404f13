"""Write a ledger as a folder of YAML, as CSV, JSON Lines or FollowTheMoney statements, whole files only."""

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import ruamel.yaml

from exitvoice.errors import InputError, Mistake, OutputError
from exitvoice.evidence.exchange.ftm import ftm_text
from exitvoice.evidence.exchange.kinds import records_of
from exitvoice.evidence.exchange.lines import lines_text
from exitvoice.evidence.exchange.package import csv_descriptor, descriptor_path, lines_descriptor
from exitvoice.evidence.exchange.tabular import csv_files
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.schema import Record

_RECORDS = 150


def write_ledger(path: Path, ledger: Ledger) -> tuple[Path, ...]:
    """Write a ledger in the format that the name ends in; return the files written.

    Raises
    ------
    InputError
        Where the name ends in no known format.
    OutputError
        Where a file cannot be written.
    """
    make = next((make for ending, make in _FORMATS.items() if path.name.endswith(ending)), None)
    if make is None and path.suffix == "":
        make = _as_folder
    if make is None:
        what, why = (
            f"'{path.name}' ends in no format that a ledger is written in",
            "the name decides the format",
        )
        mend = f"end it in {', '.join(_FORMATS)}; a name without an ending becomes a folder of YAML files"
        raise InputError([Mistake("--export", None, None, "", what, why, mend)])
    files = make(path, ledger)
    for name, text in files.items():
        _write_whole(name, text)
    return tuple(files)


def _as_folder(path: Path, ledger: Ledger) -> dict[Path, str]:
    """YAML, no more records a file than a reader takes; tables are written out as statements."""
    files: dict[Path, str] = {}
    for kind, records in records_of(ledger):
        parts = [records[start : start + _RECORDS] for start in range(0, len(records), _RECORDS)]
        for number, part in enumerate(parts, start=1):
            ending = f"-{number}" if len(parts) > 1 else ""
            files[path / f"{kind}{ending}.yaml"] = _yaml_text(kind, part)
    return files


def _yaml_text(kind: str, records: tuple[Record, ...]) -> str:
    tree = {
        "format": "exitvoice-evidence/1",
        kind: [record.model_dump(mode="json", exclude_defaults=True) for record in records],
    }
    writer = ruamel.yaml.YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.width = 110
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def _as_csv(path: Path, ledger: Ledger) -> dict[Path, str]:
    files = csv_files(path, ledger)
    return {**files, descriptor_path(path): csv_descriptor(files, name=path.stem)}


def _as_lines(path: Path, ledger: Ledger) -> dict[Path, str]:
    text = lines_text(ledger)
    return {path: text, descriptor_path(path): lines_descriptor(path, text)}


def _as_ftm(path: Path, ledger: Ledger) -> dict[Path, str]:
    return {path: ftm_text(ledger, dataset=path.name.removesuffix(".ftm.json"))}


_FORMATS: dict[str, Callable[[Path, Ledger], dict[Path, str]]] = {
    ".ftm.json": _as_ftm,
    ".csv": _as_csv,
    ".jsonl": _as_lines,
}


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and move it there, so that a full disk leaves what was there before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}. Choose another folder.") from error
