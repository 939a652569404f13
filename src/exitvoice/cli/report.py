"""`exitvoice report`: draw the page of a run anew."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli.console import escaped, examples, output

NAME = "report"
BOARD = "claims.json"
EXAMPLES = examples(
    "exitvoice report runs/china-2024-seed0",
    "exitvoice report runs/demo",
    "exitvoice report runs/china-2024-claims",
)


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of a run, or of a claims board.")],
) -> None:
    """Write the report of a run, or of a claims board, again from its numbers."""
    page = draw_board(folder) if (folder / BOARD).is_file() else draw(folder)
    output().print(f"Report: {escaped(page)}", soft_wrap=True)


def draw(folder: Path) -> Path:
    """Draw the page of a run from what its folder holds, put it there, and return its path."""
    from exitvoice.evidence import load_ledger
    from exitvoice.report import render_report
    from exitvoice.results import read_run, write_report
    from exitvoice.scenario import Scenario

    stored = read_run(folder)
    scenario = Scenario.from_text(str(stored.manifest["scenario_text"]), name=f"{folder}/manifest.json")
    page = render_report(stored.data, scenario=scenario, ledger=load_ledger(), manifest=stored.manifest)
    return write_report(folder, page)


def draw_board(folder: Path) -> Path:
    """Draw the page of a claims board from what its folder holds, put it there, and return its path."""
    from exitvoice.claims import read_judgement
    from exitvoice.evidence import load_ledger
    from exitvoice.report.board import render_board
    from exitvoice.results.folders import write_whole_file

    page = folder / "report.html"
    write_whole_file(page, render_board(read_judgement(folder), load_ledger()))
    return page
