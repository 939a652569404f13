"""`exitvoice claims`: put every testable claim of the evidence to the test over many plausible worlds."""

import shlex
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output, plain_table, print_fact
from exitvoice.cli.posterior import PosteriorFile, posterior_for

if TYPE_CHECKING:
    from exitvoice.claims import Finding, Judgement, Options
    from exitvoice.claims.load import Board
    from exitvoice.evidence import Ledger
    from exitvoice.scenario import Scenario

NAME = "claims"
EXAMPLES = examples(
    "exitvoice claims china-2024",
    "exitvoice claims china-2024 --only C24 --only C26",
    "exitvoice claims china-2024 --budget 3000 --output runs/claims-large",
)
BUDGET, SCALE = 700, 0.0008
INTERRUPTED = 130


def command(
    scenario: Annotated[
        str, typer.Argument(help="The scenario whose claims are judged: china-2024.")
    ] = "china-2024",
    budget: Annotated[
        int,
        typer.Option(min=20, metavar="RUNS", help="Runs to spend, about; a default board takes 15 minutes."),
    ] = BUDGET,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Only this claim; may be said often.")
    ] = None,
    scale: Annotated[
        float, typer.Option(min=1e-6, max=1.0, metavar="SHARE", help="Simulated persons for each real one.")
    ] = SCALE,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same board.")] = 0,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/NAME-claims if not given."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes; chosen to fit the machine if not given."),
    ] = None,
    posterior: PosteriorFile = None,
) -> None:
    """Judge the claims: under which assumptions does each hold?

    Draws assumptions from their priors, runs twin worlds with and without what a claim speaks of, and gives one of
    five verdicts: holds, fails, depends on ..., the data cannot tell, not testable here. Runs are spent where verdicts
    are open. Ctrl-C judges what is done; the same command goes on from there.
    """
    from exitvoice.claims import Options, load_board
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import load_scenario
    from exitvoice.trace.grounds import grounds, write_grounds

    world, ledger = load_scenario(scenario), load_ledger()
    board = load_board(ledger, world)
    target = folder or Path("runs") / f"{world.name}-claims"
    chosen = tuple(dict.fromkeys(_known(name, board) for name in only or ()))
    words = [
        "exitvoice",
        "claims",
        scenario,
        "--budget",
        str(budget),
        "--scale",
        f"{scale:g}",
        "--seed",
        str(seed),
    ]
    words += [word for claim in chosen for word in ("--only", claim)]
    words += ["--posterior", str(posterior)] if posterior is not None else []
    inferred = posterior_for(world, posterior)
    options = Options(target, budget, chosen, scale, seed, workers, shlex.join(words), inferred)
    judgement = _judge(board, world, ledger, options)
    _print(judgement)
    _keep(judgement, world, target)
    write_grounds(target, grounds(board, world, ledger))
    if not judgement.is_complete:
        again = shlex.join([*words, "--output", str(target)])
        messages().print(
            f"\nStopped after {judgement.runs:,} runs; what is done is judged. To go on:\n  {again}",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip
        raise typer.Exit(INTERRUPTED)


def _known(name: str, board: "Board") -> str:
    from exitvoice.errors import InputError

    claim = name.strip().upper()
    testable = [item.claim for item in board.testable]
    if claim in testable:
        return claim
    what = f"{name!r} cannot be judged"
    why = "the ledger has no such claim" if claim not in board.hypotheses else "it is not testable here"
    mend = f"use one of: {', '.join(testable)}; `exitvoice evidence --claim {claim}` says why not"
    raise InputError.of("--only", what, why=why, mend=mend)


def _judge(board: "Board", world: "Scenario", ledger: "Ledger", options: "Options") -> "Judgement":
    from exitvoice.claims import judge_claims
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.runs_progress import watch_runs

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, planned: int, label: str) -> bool:
            interruption.begin()
            display.show(done, max(planned, done), 0)
            return not interruption.is_asked

        return judge_claims(board, world, ledger, options, progress=progress)


def _print(judgement: "Judgement") -> None:
    console = output()
    if judgement.cost:
        last = judgement.cost[-1]
        console.print(
            f"[bold]{last.middle / 1e6:,.1f} million person-years without freedom to leave[/bold] in {last.year} "
            f"({last.low / 1e6:,.1f} to {last.high / 1e6:,.1f} in nine of ten plausible worlds)"
        )
    table = plain_table("claim", "verdict", "share of worlds", "hinges on")
    for finding in judgement.findings:
        if finding.is_tested:
            table.add_row(finding.claim, finding.verdict, _share(finding), escaped(finding.hinges_on))
    console.print(table)
    untested = [finding.claim for finding in judgement.findings if not finding.is_tested]
    print_fact("not testable", f"{', '.join(untested)} (or not asked)")
    minutes = judgement.seconds / 60
    console.print(f"{judgement.runs:,} runs, {judgement.failed:,} failed, {minutes:.1f} minutes")


def _share(finding: "Finding") -> str:
    share = finding.share
    if share is None or not share.worlds:
        return "none could be measured"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%}) of {share.worlds}"


def _keep(judgement: "Judgement", world: "Scenario", folder: Path) -> None:
    from exitvoice.claims import write_judgement
    from exitvoice.cli.report import draw_board
    from exitvoice.results.crate import describe_board, write_crate
    from exitvoice.results.provenance import note_support

    write_judgement(folder, judgement)  # first: whatever befalls the page, the numbers stay
    note_support(folder, world)
    page = draw_board(folder)
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    write_crate(folder, describe_board(asdict(judgement), ended=ended))
    console = output()
    console.print(f"Board: {escaped(page)}", soft_wrap=True)
    again = shlex.join(["exitvoice", "report", "RUN", "--claims", str(folder)])
    console.print(f"As a chapter of a run's report: {escaped(again)}", soft_wrap=True, style="dim")
