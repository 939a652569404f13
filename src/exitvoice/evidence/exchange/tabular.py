"""CSV: one file of statements, the other records beside it, one line a record."""

import codecs
import csv
import io
from pathlib import Path

from exitvoice.documents import Locator, decode, nearest_name, read_bounded
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence.exchange.cells import columns, from_cells, to_cells
from exitvoice.evidence.exchange.kinds import KINDS, records_of
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.schema import Record

MAX_CELLS = 20_000  # characters in a line
MAX_TABLE = 16 * 1024 * 1024  # bytes in a file: some 40,000 records
Block = tuple[dict[str, object], Locator]


def csv_text(records: tuple[Record, ...]) -> str:
    """Return records of one kind as CSV, columns that nobody fills left out."""
    rows = [to_cells(record) for record in records]
    filled = [name for name in columns(type(records[0])) if any(row[name] for row in rows)]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, filled, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def csv_files(path: Path, ledger: Ledger) -> dict[Path, str]:
    """Return the files of a ledger: `path` for statements, `name.sources.csv` and so on beside it."""
    return {
        (path if kind == "statements" else sibling(path, kind)): csv_text(records)
        for kind, records in records_of(ledger)
    }


def sibling(path: Path, kind: str) -> Path:
    """Return where the records of another kind stand."""
    return path.with_name(f"{path.stem}.{kind}.csv")


def read_csv(path: Path) -> list[Block]:
    """Read a CSV of statements and what stands beside it, as plain data with the line of every cell.

    Raises
    ------
    InputError
        With every mistake of every file: not UTF-8, an unknown column, a row of another length.
    """
    mistakes: list[Mistake] = []
    blocks: list[Block] = []
    for kind in KINDS:
        file = path if kind == "statements" else sibling(path, kind)
        if kind == "statements" or file.is_file():
            try:
                blocks.append(_read_one(file, kind))
            except InputError as error:
                mistakes += error.mistakes
    if mistakes:
        raise InputError(mistakes)
    return blocks


def _read_one(file: Path, kind: str) -> Block:
    content = read_bounded(file, size=MAX_TABLE).removeprefix(codecs.BOM_UTF8)  # spreadsheets write one
    text = decode(content, str(file), line_length=MAX_CELLS, size=MAX_TABLE)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    locator = Locator(str(file))
    records: list[dict[str, object]] = []
    mistakes: list[Mistake] = []
    try:
        header = next(reader, [])
        mistakes += _header_mistakes(header, kind, str(file))
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                mistakes += _length_mistakes(row, header, str(file), line)
                _place(locator, (kind, len(records)), line, header)
                records.append(from_cells(dict(zip(header, row, strict=False)), KINDS[kind]))
            line = reader.line_num + 1
    except csv.Error as error:
        what, why = f"this is not CSV: {error}", "a table has one record a line and as many cells as columns"
        mistakes.append(
            Mistake(
                str(file), reader.line_num, None, "", what, why, 'put text with commas or quotes in "..."'
            )
        )
    if mistakes:
        raise InputError(mistakes)
    return {"format": "exitvoice-evidence/1", kind: records}, locator


def _place(locator: Locator, path: tuple[str, int], line: int, header: list[str]) -> None:
    locator.places[path] = (line, 1)
    for number, name in enumerate(header, start=1):
        locator.places[(*path, name)] = (line, number)
        locator.keys[(*path, name)] = (line, number)


def _header_mistakes(header: list[str], kind: str, file: str) -> list[Mistake]:
    known = columns(KINDS[kind])
    mistakes = []
    for number, name in enumerate(header, start=1):
        if name not in known:
            what, why = f"unknown column '{name}'", "it would change nothing"
            mend = f"use columns of {', '.join(known)}"
            mistakes.append(Mistake(file, 1, number, "", what, why, mend, nearest_name(name, known)))
        elif header.index(name) != number - 1:
            what, why = f"the column '{name}' stands there twice", "only one of the two could count"
            mistakes.append(Mistake(file, 1, number, "", what, why, "delete one of them"))
    if not header:
        what, why = "the file is empty", "the first line names the columns"
        mistakes.append(Mistake(file, 1, None, "", what, why, f"begin with {','.join(known[:4])},..."))
    return mistakes


def _length_mistakes(row: list[str], header: list[str], file: str, line: int) -> list[Mistake]:
    if len(row) == len(header):
        return []
    what = f"this line has {len(row)} cells, the first one {len(header)}"
    mend = 'put text with commas in "..." and give every column a cell'
    return [Mistake(file, line, None, "", what, "cells would stand under the wrong columns", mend)]
