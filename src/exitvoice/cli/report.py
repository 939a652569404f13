"""`exitvoice report`: draw the page of a run anew."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli.console import escaped, examples, output

NAME = "report"
EXAMPLES = examples("exitvoice report runs/china-2024-seed0", "exitvoice report runs/demo")


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of a run.")],
) -> None:
    """Write the report of a run again, from its numbers."""
    output().print(f"Report: {escaped(draw(folder))}", soft_wrap=True)


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
