"""`exitvoice atlas`: which data would settle which claim, from what several calibrations can tell."""

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, messages, output, plain_table

if TYPE_CHECKING:
    from exitvoice.calibration.cases import Cases
    from exitvoice.claims import Judgement
    from exitvoice.claims.settling import Settling

NAME = "atlas"
FORMAT = "exitvoice-atlas/1"
EXAMPLES = examples(
    "exitvoice atlas runs/gdr-1989-calibration runs/cuba-2013-calibration",
    "exitvoice atlas runs/china-2024-calibration --claims runs/china-2024-claims --output runs/atlas",
)


def command(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="Calibrations, each made with `--gate`.")
    ],
    claims: Annotated[
        Path | None,
        typer.Option("--claims", metavar="DIR", help="A claims board: say what would settle each claim."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/atlas if not given.")
    ] = None,
) -> None:
    """Join what several calibrations can tell: every parameter by case and series.

    With a claims board: which assumptions decide each claim, which series inform them, and so whether more runs would
    settle it, data that exist, or data beyond these cases. Writes atlas.json, atlas.csv and the page atlas.html.
    """
    from exitvoice.calibration.cases import read_cases
    from exitvoice.claims import read_judgement
    from exitvoice.claims.settling import settle

    cases, without = read_cases(folders)
    for left in without:
        messages().print(
            f"Left out, for no gate was run: {left}", style="yellow", markup=False, soft_wrap=True
        )
    judgement = None if claims is None else read_judgement(claims)
    settlings = () if judgement is None else settle(judgement, cases)
    words = [
        "exitvoice",
        NAME,
        *map(str, folders),
        *(("--claims", str(claims)) if claims is not None else ()),
    ]
    page = _write(folder or Path("runs") / NAME, cases, settlings, judgement, shlex.join(words))
    _print(cases, settlings)
    output().print(f"Page: {escaped(page)}", soft_wrap=True)


def _write(
    folder: Path,
    cases: "Cases",
    settlings: "tuple[Settling, ...]",
    judgement: "Judgement | None",
    again: str,
) -> Path:
    from exitvoice.calibration.cases import COLUMNS
    from exitvoice.report.atlas import render_atlas
    from exitvoice.results.folders import clear_errors, write_whole_file
    from exitvoice.results.tables import csv_text

    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "format": FORMAT,
        "command": again,
        "cases": [asdict(case) for case in cases.cases],
        "parameters": [dict(zip(COLUMNS, row, strict=True)) for row in cases.rows()],
        "never_asked": [item.name for item in cases.never_asked],
        "claims": [asdict(one) for one in settlings],
    }
    write_whole_file(folder / "atlas.json", json.dumps(kept, indent=1) + "\n")
    write_whole_file(folder / "atlas.csv", csv_text(COLUMNS, cases.rows()))
    page = folder / "atlas.html"
    write_whole_file(page, render_atlas(cases, settlings, judgement, command=again))
    return page


def _print(cases: "Cases", settlings: "tuple[Settling, ...]") -> None:
    from exitvoice.report.atlas import what_settles

    informed = sum(bool(cases.informing(item.name)) for item in cases.asked)
    output().print(
        f"{len(cases.parameters)} parameters: {informed} informed by some series, {len(cases.asked) - informed} asked "
        f"and told nothing, {len(cases.never_asked)} not asked by any case",
        soft_wrap=True,
    )
    if settlings:
        table = plain_table("claim", "verdict", "what would settle it")
        for one in settlings:
            table.add_row(one.claim, one.verdict, escaped(what_settles(one, cases)))
        output().print(table)
