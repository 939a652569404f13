"""A table as CSV that no spreadsheet can take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from exitvoice.evidence.exchange.cells import RISKY


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-2.5), safe_cell("teachers")
    ("'=HYPERLINK(1)", -2.5, 'teachers')
    """
    is_risky = isinstance(value, str) and (value.startswith(RISKY) or value.lstrip().startswith(RISKY))
    return f"'{value}" if is_risky else value


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV; every text is made safe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([safe_cell(column) for column in columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue()
