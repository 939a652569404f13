"""`exitvoice report`: draw the page of a run, a claims board or the patterns anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, output

if TYPE_CHECKING:
    from exitvoice.report.claim_rows import ClaimsChapter
    from exitvoice.scenario import Scenario

NAME = "report"
BOARD, PATTERNS = "claims.json", "validate.json"
EXAMPLES = examples(
    "exitvoice report runs/china-2024-seed0",
    "exitvoice report runs/demo --claims runs/china-2024-claims",
    "exitvoice report runs/china-2024-claims",
    "exitvoice report runs/validate",
)


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of a run, a claims board, or of patterns.")],
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims",
            metavar="DIR",
            help="A claims board to put into the report of a run; NAME-claims beside the run if not given.",
        ),
    ] = None,
) -> None:
    """Write the page of a run, a claims board or the patterns again from its numbers.

    Where a claims board of the scenario is there, its verdicts are a chapter of the run's report.
    """
    is_board, is_patterns = (folder / BOARD).is_file(), (folder / PATTERNS).is_file()
    if claims is not None and (is_board or is_patterns):
        raise typer.BadParameter("this folder holds no run; leave out --claims")
    if is_board:
        page = draw_board(folder)
    elif is_patterns:
        page = draw_validation(folder)
    else:
        page = draw(folder, claims=claims)
    output().print(f"Report: {escaped(page)}", soft_wrap=True)


def draw(folder: Path, *, claims: Path | None = None) -> Path:
    """Draw the page of a run from what its folder holds, put it there, and return its path.

    With the verdicts of a claims board, if one is named or lies beside the run under its usual name.
    """
    from exitvoice.evidence import load_ledger
    from exitvoice.report import render_report
    from exitvoice.results import read_run, write_report
    from exitvoice.scenario import Scenario

    stored = read_run(folder)
    scenario = Scenario.from_text(str(stored.manifest["scenario_text"]), name=f"{folder}/manifest.json")
    beside = folder.resolve().parent / f"{scenario.name}-claims"
    board = claims or (beside if (beside / BOARD).is_file() else None)
    page = render_report(
        stored.data,
        scenario=scenario,
        ledger=load_ledger(),
        manifest=stored.manifest,
        claims=None if board is None else _chapter(board, scenario),
    )
    return write_report(folder, page)


def _chapter(board: Path, scenario: "Scenario") -> "ClaimsChapter":
    from exitvoice.claims import read_judgement
    from exitvoice.errors import InputError
    from exitvoice.evidence import load_ledger
    from exitvoice.report.board import board_chapter

    judgement = read_judgement(board)
    if judgement.scenario != scenario.name:
        what = f"this board is of the scenario {judgement.scenario}, the run of {scenario.name}"
        mend = f"name a board of {scenario.name}, or make one with `exitvoice claims {scenario.name}`"
        raise InputError.of(
            board / BOARD, what, why="verdicts on one world say nothing of another", mend=mend
        )
    same = judgement.scenario_hash == scenario.hash
    return board_chapter(judgement, load_ledger(), is_of_this_world=same)


def draw_board(folder: Path) -> Path:
    """Draw the page of a claims board from what its folder holds, put it there, and return its path."""
    from exitvoice.claims import read_judgement
    from exitvoice.evidence import load_ledger
    from exitvoice.report.board import render_board
    from exitvoice.results.folders import write_whole_file

    page = folder / "report.html"
    write_whole_file(page, render_board(read_judgement(folder), load_ledger()))
    return page


def draw_calibration(folder: Path) -> Path:
    """Draw the page of a calibration from what its folder holds, put it there, and return its path."""
    from exitvoice.calibration.outcome import read_outcome
    from exitvoice.report.calibration import render_calibration
    from exitvoice.results.folders import write_whole_file

    page = folder / "calibration.html"
    write_whole_file(page, render_calibration(read_outcome(folder)))
    return page


def draw_validation(folder: Path) -> Path:
    """Draw the page of the patterns from what their folder holds, put it there, and return its path."""
    from exitvoice.analysis.patterns import read_validation
    from exitvoice.evidence import load_ledger
    from exitvoice.report.validate import render_validation
    from exitvoice.results.folders import write_whole_file

    page = folder / "validate.html"
    write_whole_file(page, render_validation(read_validation(folder), load_ledger()))
    return page
