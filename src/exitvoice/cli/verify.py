"""`exitvoice verify`: make stored results again, compare the bits, and name what they rest on that changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output
from exitvoice.cli.interruption import INTERRUPTED
from exitvoice.cli.report import BOARD

if TYPE_CHECKING:
    from collections.abc import Callable

    from exitvoice.results.verification import Verification

NAME = "verify"
EXAMPLES = examples(
    "exitvoice verify runs/china-2024-seed0",
    "exitvoice verify runs/my-ensemble --sample 10",
    "exitvoice verify runs/my-ensemble --all",
    "exitvoice verify runs/china-2024-compared-seed0 --sample 1",
    "exitvoice verify runs/china-2024-claims",
)
SHOWN = 20


def command(
    folder: Annotated[
        Path, typer.Argument(help="The folder of a run, an ensemble, a comparison or a claims board.")
    ],
    sample: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Of many runs, or of replications, so many, evenly spread."),
    ] = 3,
    every: Annotated[bool, typer.Option("--all", help="Every run that is done.")] = False,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads; every core if not given.")
    ] = None,
) -> None:
    """Make stored results again and compare them bit by bit; a claims board is judged again from its runs too.

    Says what differs, which library ran in another version, and which statements, priors or parts of the scenario have
    changed since: those make the results stale, though every bit may still be the same. Exit code 1 where bits differ.
    """
    found = _verify(folder, sample=None if every else sample, threads=threads)
    if found is None:
        messages().print("Stopped; nothing was compared.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    _print(found)
    if not found.is_same:
        raise typer.Exit(1)


def _verify(folder: Path, *, sample: int | None, threads: int | None) -> "Verification | None":
    from exitvoice.analysis.verify import is_ensemble, verify_ensemble, verify_run
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.progress import watch
    from exitvoice.results.comparison import is_comparison

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(number: int, runs: int, done: int, steps: int, persons: int) -> bool:
            interruption.begin()
            display.show(number * steps + done, runs * steps, persons)
            return not interruption.is_asked

        try:
            if is_ensemble(folder):
                return verify_ensemble(folder, sample=sample, threads=threads or 1, progress=progress)
            if is_comparison(folder):
                from exitvoice.analysis.compare.verify import verify_comparison

                return verify_comparison(folder, sample=sample, threads=threads, progress=progress)
            if (folder / BOARD).is_file():
                return _verify_board(folder, sample, progress)
            return verify_run(folder, threads=threads, progress=progress)
        except KeyboardInterrupt:
            return None


def _verify_board(
    folder: Path, sample: int | None, progress: "Callable[[int, int, int, int, int], bool]"
) -> "Verification | None":
    from exitvoice.claims import load_board, read_judgement
    from exitvoice.claims.verify import verify_board
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import load_scenario

    ledger, scenario = load_ledger(), load_scenario(read_judgement(folder).scenario)
    return verify_board(
        folder, load_board(ledger, scenario), scenario, ledger, sample=sample, progress=progress
    )


def _print(found: "Verification") -> None:
    console = output()
    runs = f"{len(found.runs)} of {found.of} runs made again" if found.of != 1 else "the run made again"
    if found.is_same:
        console.print(f"[bold]Same, bit by bit:[/bold] {runs}.")
    else:
        console.print(f"[bold red]Not the same:[/bold red] {runs}; {len(found.mismatches)} variables differ.")
    _list([str(mismatch) for mismatch in found.mismatches])
    if found.other_versions:
        console.print("Ran in other versions:")
        _list(found.other_versions)
    if found.stale:
        console.print(
            f"[bold yellow]Stale:[/bold yellow] {len(found.stale)} things that these results rest on have changed "
            "since they were made. Make them again, and read what changed:"
        )
        _list([str(one) for one in found.stale])
    elif not found.unknown:
        console.print("Not stale: the evidence, the priors and the scenario are what they were.")
    if found.unknown:
        console.print("Not checked:")
        _list(found.unknown)


def _list(lines: "list[str] | tuple[str, ...]") -> None:
    console = output()
    for line in lines[:SHOWN]:
        console.print(f"  {escaped(line)}", soft_wrap=True)
    if len(lines) > SHOWN:
        console.print(f"  ... and {len(lines) - SHOWN} more")
