"""What `exitvoice trace stale` prints and makes again."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from exitvoice.cli.console import escaped, is_terminal, messages, output, print_fact

if TYPE_CHECKING:
    from exitvoice.evidence import Ledger
    from exitvoice.trace import StaleResult

_SHOWN = 6
INTERRUPTED = 130


def list_stale(root: Path, ledger: "Ledger", *, is_other: bool, recompute: bool) -> None:
    """Print the stale results below a folder and what made each so; make them again if that is asked."""
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import load_priors
    from exitvoice.trace import find_stale, stale_priors

    console = output()
    if is_other:
        priors = stale_priors(load_ledger(), ledger, load_priors())
        console.print(f"[bold]{len(priors)} priors[/bold] rest on records that differ from the shipped ones")
        for name, records in priors.items():
            print_fact(
                "prior", f"{name}: {', '.join(records)} changed; read it and decide whether its value holds"
            )
    found, total = find_stale(root, ledger)
    console.print(f"[bold]{len(found)} of {total} results[/bold] below {escaped(root)} are stale")
    for one in found:
        because = "; ".join(str(reason) for reason in one.because[:_SHOWN]) or one.unknown
        more = f" and {len(one.because) - _SHOWN} more" if len(one.because) > _SHOWN else ""
        print_fact(one.kind, f"{one.folder}{' ' + one.name if one.name else ''}: {because}{more}")
    if recompute:
        _recompute(found, ledger)
    elif found:
        console.print("Make these again, and only these: exitvoice trace stale --recompute")


def _recompute(found: "tuple[StaleResult, ...]", ledger: "Ledger") -> None:
    from exitvoice.trace.remake import by_board

    for one in found:
        if one.kind == "run" and one.because:
            _run_again(one.folder, ledger)
    for folder, claims in by_board(found).items():
        _judge_again(folder, claims, ledger)
    for one in found:
        if one.kind == "ensemble":
            output().print(
                f"An ensemble is made again with its own command: {escaped(one.folder)}", soft_wrap=True
            )


def _run_again(folder: Path, ledger: "Ledger") -> None:
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.progress import watch
    from exitvoice.cli.report import draw
    from exitvoice.trace.remake import remake_run

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, steps: int, persons: int) -> bool:
            interruption.begin()
            display.show(done, steps, persons)
            return not interruption.is_asked

        is_made = remake_run(folder, ledger, progress=progress)
    if not is_made:
        messages().print("Stopped; the folder holds what it held.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    output().print(f"Made again: {escaped(draw(folder))}", soft_wrap=True)


def _judge_again(folder: Path, claims: tuple[str, ...], ledger: "Ledger") -> None:
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.report import draw_board
    from exitvoice.cli.runs_progress import watch_runs
    from exitvoice.trace.remake import remake_verdicts

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, planned: int, label: str) -> bool:
            interruption.begin()
            display.show(done, max(planned, done), 0)
            return not interruption.is_asked

        remade = remake_verdicts(folder, claims, ledger, progress=progress)
    if not remade.judgement.is_complete:
        messages().print("Stopped; the board holds what it held.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    output().print(f"Judged again: {', '.join(claims)}; {len(remade.changed)} verdicts changed")
    for claim, before, after in remade.changed:
        print_fact(claim, f"{before} -> {after}")
    output().print(f"Board: {escaped(draw_board(folder))}", soft_wrap=True)
