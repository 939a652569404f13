"""The atlas at rest: its page, its table and its numbers."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exitvoice.calibration.atlas.cases import Case, Cases
    from exitvoice.claims import Judgement
    from exitvoice.claims.settling import Settling

FORMAT = "exitvoice-atlas/2"


def write_atlas(
    folder: Path,
    cases: "Cases",
    settlings: "tuple[Settling, ...]",
    judgement: "Judgement | None",
    again: str,
) -> Path:
    """Write atlas.json, atlas.csv and atlas.html, and return the page."""
    from exitvoice import __version__
    from exitvoice.calibration.atlas.cases import COLUMNS
    from exitvoice.report.atlas import render_atlas
    from exitvoice.results.folders import clear_errors, write_whole_file
    from exitvoice.results.tables import csv_text

    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "format": FORMAT,
        "version": __version__,
        "command": again,
        "cases": [_plain(case) for case in cases.cases],
        "parameters": [dict(zip(COLUMNS, row, strict=True)) for row in cases.rows()],
        "never_asked": [item.name for item in cases.never_asked],
        "claims": [asdict(one) for one in settlings],
    }
    write_whole_file(folder / "atlas.json", json.dumps(kept, indent=1) + "\n")
    write_whole_file(folder / "atlas.csv", csv_text(COLUMNS, cases.rows()))
    page = folder / "atlas.html"
    write_whole_file(page, render_atlas(cases, settlings, judgement, command=again))
    return page


def _plain(case: "Case") -> dict[str, Any]:
    """Return a case as plain data; what it tells stands in the table of parameters, once."""
    said = asdict(case)
    del said["cells"]
    return said | {"absent": sorted(case.absent)}
