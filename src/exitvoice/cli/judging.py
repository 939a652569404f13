"""What `claims` and `validate` share: options, the watched work that Ctrl-C stops, and the words on how to go on."""

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from exitvoice.cli.console import is_terminal, messages
from exitvoice.cli.interruption import INTERRUPTED

ResultT = TypeVar("ResultT")
#: Called with (runs done, runs planned, what is being done); returns False to stop.
Progress = Callable[[int, int, str], bool]

Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="Only this one, such as C24 or P3; may be said often."),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same result.")]
Folder = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder; one below runs/ if not given.")
]


def watched(work: Callable[[Progress], ResultT]) -> ResultT:
    """Do work of many runs with its progress shown; the first Ctrl-C asks it to stop after the runs under way."""
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.runs_progress import watch_runs

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, planned: int, label: str) -> bool:
            interruption.begin()
            display.show(done, max(planned, done), 0)
            return not interruption.is_asked

        return work(progress)


def leave_stopped(words: Sequence[str], folder: Path, *, runs: int, kept: str) -> NoReturn:
    """Say what is kept of work that was stopped and how to go on, and leave with the code that says so."""
    again = shlex.join([*words, "--output", str(folder)])
    messages().print(
        f"\nStopped after {runs:,} runs; {kept}. To go on:\n  {again}",
        style="yellow",
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(INTERRUPTED)
