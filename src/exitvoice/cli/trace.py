"""`exitvoice trace`: from a number back to whose word it rests on; what a change makes stale; only that again."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import counted, escaped, examples, output
from exitvoice.errors import InputError, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exitvoice.evidence import Ledger
    from exitvoice.trace import Node

NAME = "trace"
EXAMPLES = examples(
    "exitvoice trace parameter opposition_blocked",
    "exitvoice trace rule leaders-1999 --scenario china-2024",
    "exitvoice trace figure falsifiers",
    "exitvoice trace figure 'The falsification gap'",
    "exitvoice trace verdict C24 --board runs/china-2024-claims",
    "exitvoice trace statement list-experiment-gap",
    "exitvoice trace stale runs --recompute",
)


class What(StrEnum):
    """What is traced."""

    PARAMETER = "parameter"
    RULE = "rule"
    FIGURE = "figure"
    VERDICT = "verdict"
    STATEMENT = "statement"
    STALE = "stale"


def command(
    what: Annotated[What, typer.Argument(help="What to trace; 'stale' lists results out of date.")],
    name: Annotated[
        str,
        typer.Argument(
            help="Its name: a parameter, a rule, a figure's title or its variable, a claim, statement or source; "
            "for stale a folder."
        ),
    ] = "",
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="The world whose numbers are traced.")
    ] = "china-2024",
    board: Annotated[
        Path | None,
        typer.Option("--board", metavar="DIR", help="The folder of a claims board, for a verdict."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="LEDGER", help="Another ledger in place of the shipped one."),
    ] = None,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="Of stale: make again what is stale, and only that.")
    ] = False,
) -> None:
    """Walk from a number in a report back to statements and sources, or from a statement to what rests on it.

    'stale' looks through a folder of results for runs, ensembles and verdicts whose evidence, priors or scenario have
    changed since; with --recompute it makes those again and leaves the others.
    """
    from exitvoice.evidence import load_ledger
    from exitvoice.evidence.exchange import read_ledger

    ledger = load_ledger() if evidence is None else read_ledger(evidence)
    if what is What.STALE:
        from exitvoice.cli.trace_stale import list_stale

        list_stale(Path(name or "runs"), ledger, is_other=evidence is not None, recompute=recompute)
    elif what is What.STATEMENT:
        _print_dependents(name, ledger)
    else:
        _print_tree(_backward(what, name, scenario, board, ledger))


def _backward(what: What, name: str, scenario: str, board: Path | None, ledger: "Ledger") -> "Node":
    from exitvoice import trace
    from exitvoice.claims import load_board, read_judgement
    from exitvoice.report.shown import SHOWN, find_shown
    from exitvoice.run.variables import EVERY
    from exitvoice.scenario import load_priors, load_scenario

    world, priors = load_scenario(scenario), load_priors()
    if what is What.PARAMETER:
        by_symbol = {prior.symbol: key for key, prior in priors.items() if prior.symbol}
        return trace.trace_parameter(_known(by_symbol.get(name, name), priors, what), world, ledger, priors)
    if what is What.RULE:
        return trace.trace_rule(_known(name, [rule.id for rule in world.rules], what), world, ledger)
    if what is What.FIGURE:
        variables = {one.name: one for one in EVERY}
        shown = None if name in variables else find_shown(name)
        if shown is None:
            known = [*variables, *(one.title for one in SHOWN), *(one.key for one in SHOWN)]
            return trace.trace_figure(variables[_known(name, known, what)], world, ledger, priors)
        drawn = [variables[one] for one in shown.variables]
        return trace.trace_panel(shown.title, drawn, world, ledger, priors)
    hypotheses = load_board(ledger, world)
    claim = _known(name.upper(), hypotheses.hypotheses, what)
    judgement = None if board is None else read_judgement(board)
    return trace.trace_verdict(claim, judgement, hypotheses, world, ledger, priors)


def _known(name: str, known: "Iterable[str]", what: What) -> str:
    from exitvoice.documents import nearest_name, nearest_names

    names = list(known)
    if name in names:
        return name
    near = nearest_names(name, names)
    shown = ", ".join(near or names[:12]) + (", ..." if len(names) > 12 else "")
    why = f"{len(names)} are known; {'the nearest' if near else 'among them'}: {shown}"
    problem, mend = f"there is no {what} '{name}'", "use one of these names"
    raise InputError(
        [Mistake(f"trace {what}", None, None, "", problem, why, mend, nearest_name(name, names))]
    )


def _print_tree(node: "Node") -> None:
    from exitvoice.trace import lines
    from exitvoice.trace.backward import origins_of

    console = output()
    seen: set[tuple[str, str]] = set()
    for depth, one in lines(node):
        mark = "" if one.kind in {"origin", "source", "assumed"} else f"{one.kind} "
        again = (one.kind, one.name) in seen and one.kind in {"origin", "source"}
        seen.add((one.kind, one.name))
        says = "again" if again else one.says
        console.print(
            f"{'  ' * depth}[dim]{mark}[/dim][bold]{escaped(one.name)}[/bold]  {escaped(says)}",
            soft_wrap=True,
        )
    origins, assumed = origins_of([node]), sum(end.kind == "assumed" for end in node.ends)
    ends = counted(len(origins), "independent origin")
    says = "assumption that says so" if assumed == 1 else "assumptions that say so"
    console.print(f"\nIt ends in {ends} and {assumed} {says}.")


def _print_dependents(name: str, ledger: "Ledger") -> None:
    from exitvoice.claims import load_board
    from exitvoice.cli.console import print_fact
    from exitvoice.scenario import list_scenarios, load_priors, load_scenario
    from exitvoice.trace import dependents

    wanted = name.upper() if name.upper() in ledger.claims else name
    wanted = _known(wanted, [*ledger.statements, *ledger.claims, *ledger.sources], What.STATEMENT)
    scenarios = [load_scenario(one) for one in list_scenarios()]
    board = load_board(ledger, load_scenario("china-2024"))
    found = dependents(wanted, ledger, priors=load_priors(), scenarios=scenarios, board=board)
    output().print(f"[bold]{escaped(wanted)}[/bold]")
    for heading, names in (
        ("records", found.records),
        ("priors", found.priors),
        ("scenarios", tuple(f"{world}: {path}" for world, path in found.parts)),
        ("verdicts", found.verdicts),
    ):
        print_fact(heading, f"{len(names)}: {', '.join(names)}" if names else "none")
