"""A table as CSV that no spreadsheet can take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-2.5), safe_cell("teachers")
    ("'=HYPERLINK(1)", -2.5, 'teachers')
    """
    if isinstance(value, str) and value.lstrip().startswith(_DANGEROUS):
        return f"'{value}"
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV; every text is made safe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([safe_cell(column) for column in columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue()
