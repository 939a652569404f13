"""What `exitvoice trace stale` prints and makes again."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from exitvoice.cli.console import escaped, is_terminal, messages, output, print_fact
from exitvoice.cli.interruption import INTERRUPTED

if TYPE_CHECKING:
    from exitvoice.evidence import Ledger
    from exitvoice.trace import StaleResult

_SHOWN = 6


def list_stale(root: Path, ledger: "Ledger", *, is_other: bool, recompute: bool) -> None:
    """Print the stale priors and results below a folder and what made each so; make them again if that is asked."""
    from exitvoice.trace import find_stale

    console = output()
    _print_priors(ledger, is_other=is_other)
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


def _print_priors(ledger: "Ledger", *, is_other: bool) -> None:
    """Say which priors follow their statements to another default, and which somebody has to read again."""
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import derived_anew, load_priors
    from exitvoice.trace import stale_priors

    anew = derived_anew(ledger)
    for name, (prior, value) in anew.items():
        print_fact("prior", f"{name}: its statements give {value:g}, not {prior.default:g}; results follow")
    if not is_other:
        return
    priors = stale_priors(load_ledger(), ledger, load_priors())
    output().print(f"[bold]{len(priors)} priors[/bold] rest on records that differ from the shipped ones")
    for name, records in priors.items():
        if name not in anew:
            said = f"{name}: {', '.join(records)} changed; read it and decide whether its value holds"
            print_fact("prior", said)


def _recompute(found: "tuple[StaleResult, ...]", ledger: "Ledger") -> None:
    from exitvoice.trace import names_by_folder

    again = {"run": _run_again, "ensemble": _ensemble_again, "comparison": _compare_again}
    for one in found:
        if one.kind in again and one.because:
            again[one.kind](one.folder, ledger)
    for folder, claims in names_by_folder(found, "verdict").items():
        _judge_again(folder, claims, ledger)
    for folder, patterns in names_by_folder(found, "pattern").items():
        _hold_again(folder, patterns, ledger)


def _stop(what: str) -> typer.Exit:
    messages().print(f"Stopped; {what} holds what it held.", style="yellow")
    return typer.Exit(INTERRUPTED)


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
        raise _stop("the folder")
    output().print(f"Made again: {escaped(draw(folder))}", soft_wrap=True)


def _ensemble_again(folder: Path, ledger: "Ledger") -> None:
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.runs_progress import watch_runs
    from exitvoice.trace.remake import remake_ensemble

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, runs: int, failed: int) -> bool:
            display.show(done, runs, failed)
            return not interruption.is_asked

        interruption.begin()  # every run that ends is kept
        made = remake_ensemble(folder, ledger, progress=progress)
    if made is None:
        raise _stop("the ensemble")
    output().print(f"Made again: {escaped(made.folder)} ({made.done:,} runs)", soft_wrap=True)


def _compare_again(folder: Path, ledger: "Ledger") -> None:
    from exitvoice.cli.compare import compare_worlds, follow_lives, keep_comparison
    from exitvoice.trace.remake import comparison_again

    old = comparison_again(folder, ledger)
    made = compare_worlds(old.worlds, old.seed, old.scale, old.replications)
    if made is None or not made.is_whole:
        raise _stop("the comparison")
    lives = follow_lives(made, old.lives) if old.lives else ()
    keep_comparison(
        made,
        lives,
        folder,
        ledger=ledger,
        names=old.names,
        command=old.command,
        asked=old.asked,
        lives=old.lives,
    )


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
        raise _stop("the board")
    output().print(f"Judged again: {', '.join(claims)}; {len(remade.changed)} verdicts changed")
    for claim, before, after in remade.changed:
        print_fact(claim, f"{before} -> {after}")
    output().print(f"Board: {escaped(draw_board(folder))}", soft_wrap=True)


def _hold_again(folder: Path, patterns: tuple[str, ...], ledger: "Ledger") -> None:
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.report import draw_validation
    from exitvoice.cli.runs_progress import watch_runs
    from exitvoice.trace.remake import remake_patterns

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, planned: int, label: str) -> bool:
            interruption.begin()
            display.show(done, max(planned, done), 0)
            return not interruption.is_asked

        made = remake_patterns(folder, patterns, ledger, progress=progress)
    if made is None:
        raise _stop("the folder of the patterns")
    output().print(f"Held against history again: {', '.join(patterns)}")
    output().print(f"Page: {escaped(draw_validation(folder))}", soft_wrap=True)
