"""`exitvoice claims`: put every testable claim of the evidence to the test over many plausible worlds."""

import shlex
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli import judging, many
from exitvoice.cli.console import escaped, examples, output
from exitvoice.cli.posterior import PosteriorFile, posterior_for

if TYPE_CHECKING:
    from exitvoice.calibration import Posterior
    from exitvoice.claims import Judgement
    from exitvoice.claims.load import Board
    from exitvoice.scenario import Scenario

NAME = "claims"
EXAMPLES = examples(
    "exitvoice claims china-2024",
    "exitvoice claims china-2024 --only C24 --only C26",
    "exitvoice claims china-2024 --budget 3000 --output runs/claims-large",
)
BUDGET, SCALE = 700, 0.0008


def command(
    scenario: Annotated[
        str, typer.Argument(help="The scenario whose claims are judged: china-2024.")
    ] = "china-2024",
    budget: Annotated[
        int,
        typer.Option(min=20, metavar="RUNS", help="Runs to spend, about; a default board takes 15 minutes."),
    ] = BUDGET,
    only: judging.Only = None,
    scale: Annotated[
        float, typer.Option(min=1e-6, max=1.0, metavar="SHARE", help="Simulated persons for each real one.")
    ] = SCALE,
    seed: judging.Seed = 0,
    folder: judging.Folder = None,
    workers: many.Workers = None,
    posterior: PosteriorFile = None,
) -> None:
    """Judge the claims: under which assumptions does each hold?

    Draws assumptions from their priors, runs twin worlds with and without what a claim speaks of, and gives one of
    five verdicts: holds, fails, depends on ..., the data cannot tell, not testable here. Runs are spent where verdicts
    are open. Everything is kept in runs/NAME-claims, or where --output says. Ctrl-C judges what is done; the same
    command goes on from there.
    """
    from exitvoice.claims import Options, judge_claims, load_board
    from exitvoice.cli.claims_print import print_board
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import load_scenario
    from exitvoice.trace.grounds import grounds, write_grounds

    world, ledger = load_scenario(scenario), load_ledger()
    board = load_board(ledger, world)
    target = folder or Path("runs") / f"{world.name}-claims"
    chosen = tuple(dict.fromkeys(_known(name, board) for name in only or ()))
    spent = ("--budget", str(budget), "--scale", f"{scale:g}", "--seed", str(seed))
    words = ["exitvoice", NAME, scenario, *spent]
    words += [word for claim in chosen for word in ("--only", claim)]
    words += ["--posterior", str(posterior)] if posterior is not None else []
    inferred = posterior_for(world, posterior)
    options = Options(target, budget, chosen, scale, seed, workers, shlex.join(words), inferred)
    judgement = judging.watched(
        lambda progress: judge_claims(board, world, ledger, options, progress=progress)
    )
    print_board(judgement)
    _keep(judgement, world, target, inferred)
    write_grounds(target, grounds(board, world, ledger))
    if not judgement.is_complete:
        judging.leave_stopped(words, target, runs=judgement.runs, kept="what is done is judged")


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


def _keep(judgement: "Judgement", world: "Scenario", folder: Path, inferred: "Posterior | None") -> None:
    from exitvoice.calibration import write_posterior
    from exitvoice.calibration.posterior_file import NAME as POSTERIOR
    from exitvoice.claims import write_judgement
    from exitvoice.cli.report import draw_board
    from exitvoice.results.crate import describe_board, write_crate
    from exitvoice.results.provenance import note_support

    write_judgement(folder, judgement)  # first: whatever befalls the page, the numbers stay
    note_support(folder, world)
    if inferred is not None:  # so that the board can be judged again wherever its folder goes
        write_posterior(folder / POSTERIOR, inferred)
    page = draw_board(folder)
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    write_crate(folder, describe_board(asdict(judgement), ended=ended))
    console = output()
    console.print(f"Board: {escaped(page)}", soft_wrap=True)
    again = shlex.join(["exitvoice", "report", "RUN", "--claims", str(folder)])
    console.print(f"As a chapter of a run's report: {escaped(again)}", soft_wrap=True, style="dim")
