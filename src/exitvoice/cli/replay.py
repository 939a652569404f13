"""`exitvoice replay`: show a counter-example of a claims board again, with the numbers that turn the answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output, plain_table
from exitvoice.cli.interruption import INTERRUPTED

if TYPE_CHECKING:
    from exitvoice.claims.counterexamples import Case, Replayed
    from exitvoice.scenario import Scenario

NAME = "replay"
EXAMPLES = examples(
    "exitvoice replay runs/china-2024-claims C24",
    "exitvoice replay runs/claims-large C3 --workers 4",
)


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of a claims board.")],
    claim: Annotated[str, typer.Argument(help="The claim whose answer is turned: C24.")],
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes; chosen to fit the machine if not given."),
    ] = None,
) -> None:
    """Run the worlds of a claim at the defaults, and with the few assumptions that turn its answer.

    Prints what the claim asks of each outcome and what it came to, there and here. Exit code 1 if the answer is not
    turned, or the numbers are not those of the board.
    """
    from exitvoice.claims.counterexamples import read_case

    case, scenario = read_case(folder, claim.strip().upper())
    found = _replay(case, scenario, workers)
    if found is None:
        messages().print("Stopped; nothing was shown.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    _print(case, scenario, found)
    if not (found.is_turned and found.is_same):
        raise typer.Exit(1)


def _replay(case: "Case", scenario: "Scenario", workers: int | None) -> "Replayed | None":
    from exitvoice.claims.counterexamples import replay
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.runs_progress import watch_runs

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, runs: int, failed: int) -> bool:
            interruption.begin()
            display.show(done, runs, failed)
            return not interruption.is_asked

        return replay(case, scenario, workers=workers, progress=progress)


def _print(case: "Case", scenario: "Scenario", found: "Replayed") -> None:
    from exitvoice.claims.counterexamples import asked, measured
    from exitvoice.claims.design import short_name

    console = output()
    hypothesis = case.hypothesis
    console.print(f"[bold]{hypothesis.claim}[/bold]  {escaped(hypothesis.question)}")
    for path, value in case.values.items():
        default = scenario.values.get(short_name(path))
        before = "" if default is None else f", {default:.4g} at the defaults"
        console.print(f"  {escaped(short_name(path))} = [bold]{value:.4g}[/bold]{before}")
    table = plain_table("what is asked", "at the defaults", "here", right=("at the defaults", "here"))
    for part in hypothesis.conditions:
        table.add_row(
            escaped(asked(part)), measured(found.at_defaults[part.name]), measured(found.turned[part.name])
        )
    console.print(table)
    there, here = (
        "holds" if holds else "does not hold" for holds in (found.holds_at_defaults, found.holds_turned)
    )
    console.print(f"At the defaults the claim {there}; here it {here}.")
    same = "The numbers are those of the board." if found.is_same else "The board has other numbers."
    console.print(same, style=None if found.is_same else "red")
