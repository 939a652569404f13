"""Where the commands print: results to the standard output, everything else to the standard error.

A pipe or a file has no width; tables then take a fixed one, so that what is written does not depend on the
window it was started from.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 120


def output() -> "Console":
    """Return the console for results."""
    return _console(sys.stdout)


def messages() -> "Console":
    """Return the console for progress, hints and errors."""
    return _console(sys.stderr)


def is_terminal() -> bool:
    """Is somebody watching the messages as they come?"""
    return sys.stderr.isatty()


def plain_table(*headings: str, right: Sequence[str] = ()) -> "Table":
    """Return a table in the package's one look; the headings named in `right` hold numbers."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        side: Literal["left", "right"] = "right" if heading in right else "left"
        table.add_column(heading, justify=side, overflow="fold")
    return table


def print_fact(heading: str, fact: str) -> None:
    """Print a heading and a fact below something, indented; long ones go on below themselves."""
    from rich.table import Table

    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(width=3)
    line.add_column(width=12, style="dim", no_wrap=True)
    line.add_column(overflow="fold")
    line.add_row("", heading, escaped(fact))
    output().print(line)


def print_item(name: str, sentence: str, *further: str) -> None:
    """Print a name, one sentence on it, and more below in a lower voice; fits any width."""
    from rich.padding import Padding

    console = output()
    console.print(f"[bold]{escaped(name)}[/bold]  {escaped(sentence)}")
    for line in further:
        console.print(Padding(escaped(line), (0, 0, 0, 5), expand=False), style="dim")


def escaped(text: object) -> str:
    """Return text that rich shows as it is, brackets included."""
    from rich.markup import escape

    return escape(str(text))


def examples(*lines: str) -> str:
    """Return the epilog of a command: its examples, one a line (rich joins single line breaks)."""
    return "\n\n".join(("[bold]Examples[/bold]", *(f"  [cyan]{line}[/cyan]" for line in lines)))


def counted(number: int, noun: str) -> str:
    """Return a number and what it counts, in the plural where there is not one: "1 origin", "3 origins"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def joined(text: str | None) -> str:
    r"""Paragraphs of a docstring without their line breaks, so that they fit a terminal of any width.

    >>> joined("One paragraph,\n    broken.\n\n    Another.")
    'One paragraph, broken.\n\nAnother.'
    """
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else PIPE_WIDTH, highlight=False)
