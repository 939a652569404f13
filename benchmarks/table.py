"""Rows of text, as lines of Markdown that also read well on a terminal."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Markdown table with columns padded to one width."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def number(value: float, digits: int = 3) -> str:
    """A number to so many significant digits."""
    return f"{value:.{digits}g}"
