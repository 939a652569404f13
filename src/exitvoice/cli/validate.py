"""`exitvoice validate`: hold the model against history's patterns."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli import judging, many
from exitvoice.cli.console import escaped, examples, output, plain_table, print_fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exitvoice.analysis.patterns import Pattern, PatternFinding, Validation
    from exitvoice.evidence import Ledger

NAME = "validate"
EXAMPLES = examples(
    "exitvoice validate",
    "exitvoice validate --only P3",
    "exitvoice validate --only P2 --only P8 --output runs/two-patterns",
    "exitvoice validate --quick",
)
STYLES = {"met": "green", "narrow": "yellow", "missed": "red", "reported": "cyan", "untested": "dim"}


def command(
    only: judging.Only = None,
    is_quick: Annotated[
        bool,
        typer.Option("--quick", help="Few seeds and draws: shows that everything runs, not what is true."),
    ] = False,
    seed: judging.Seed = 0,
    folder: judging.Folder = None,
    workers: many.Workers = None,
) -> None:
    """Hold the model against history: which patterns P1 to P10 come out, and which do not?

    Each pattern is a file that says what is compared, what was observed, and the tolerance, fixed before any run. A
    pattern that is missed stays missed, with what we think is the reason. Takes about a quarter of an hour on two
    cores. Everything is kept in runs/validate, or where --output says. Ctrl-C keeps what is done; the same command goes
    on from there.
    """
    from exitvoice.analysis.patterns import Options, load_patterns, validate
    from exitvoice.evidence import load_ledger

    ledger = load_ledger()
    patterns = load_patterns(ledger)
    chosen = _chosen(patterns, only or ())
    target = folder or Path("runs") / ("validate-quick" if is_quick else "validate")
    words = ["exitvoice", NAME, *(["--quick"] if is_quick else []), "--seed", str(seed)]
    words += [word for pattern in (chosen if only else ()) for word in ("--only", pattern.pattern)]
    options = Options(target, is_quick, seed, workers, shlex.join(words))
    found = judging.watched(lambda progress: validate(chosen, options, progress=progress))
    _print(found)
    _keep(found, target, chosen, ledger)
    if not found.is_complete:
        judging.leave_stopped(words, target, runs=found.runs, kept="patterns whose runs are whole are judged")


def _chosen(patterns: "tuple[Pattern, ...]", names: "list[str] | tuple[str, ...]") -> "tuple[Pattern, ...]":
    from exitvoice.errors import InputError, Mistake

    known = {pattern.pattern: pattern for pattern in patterns}
    wanted = dict.fromkeys(name.strip().upper() for name in names)
    faults = [
        Mistake("--only", None, None, "", f"no pattern is called {name!r}", "nothing can be compared",
                f"use one of: {', '.join(known)}")
        for name in wanted if name not in known
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return tuple(pattern for name, pattern in known.items() if name in wanted or not wanted)


def _print(found: "Validation") -> None:
    from exitvoice.analysis.patterns.words import cost_in_words

    console = output()
    console.print(f"Human cost: {escaped(cost_in_words(found))}", soft_wrap=True)
    for finding in found.findings:
        _print_pattern(finding)
    console.print(escaped(_tally(found)))
    if found.is_quick:
        console.print("Quick: too few seeds and draws to judge by; leave --quick out for that.")
    minutes = found.seconds / 60
    console.print(f"{found.runs:,} runs, {found.failed:,} failed, {minutes:.1f} minutes")


def _print_pattern(finding: "PatternFinding") -> None:
    from exitvoice.analysis.patterns import words

    console = output()
    style = STYLES[finding.verdict]
    console.print(
        f"\n[bold]{finding.pattern}[/bold]  {escaped(finding.title)}  [{style}]{finding.verdict}[/{style}]"
    )
    table = plain_table("compared", "observed", "simulated", "accepted", "")
    for outcome in finding.outcomes:
        table.add_row(
            escaped(words.compared(outcome)),
            escaped(outcome.observed),
            escaped(words.simulated(outcome)),
            escaped(words.accepted(outcome)),
            outcome.verdict,
            style=None if outcome.verdict in ("met", "reported") else STYLES[outcome.verdict],
        )
    console.print(table)
    for outcome in finding.outcomes:
        if outcome.thought:
            print_fact("why, we think", f"{outcome.name}: {outcome.thought}")


def _tally(found: "Validation") -> str:
    parts = []
    for verdict in STYLES:
        names = [finding.pattern for finding in found.findings if finding.verdict == verdict]
        parts += [f"{verdict}: {', '.join(names)}"] if names else []
    return "; ".join(parts)


def _keep(found: "Validation", folder: Path, patterns: "Iterable[Pattern]", ledger: "Ledger") -> None:
    from exitvoice.analysis.patterns import write_validation
    from exitvoice.cli.report import draw_validation
    from exitvoice.trace.grounds import pattern_grounds, write_grounds

    write_validation(folder, found)  # first: whatever befalls the page, the numbers stay
    write_grounds(folder, pattern_grounds(patterns, ledger))
    output().print(f"Page: {escaped(draw_validation(folder))}", soft_wrap=True)
