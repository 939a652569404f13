"""Who says so: what the evidence is worth, its checks, its statements side by side, its sources, one record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse

from exitvoice.evidence import counted
from exitvoice.report.evidence import evidence_section
from exitvoice.report.evidence_rows import origin_rows, record_lines
from exitvoice.report.tips import record_tip, source_tip
from exitvoice.scenario import load_priors
from exitvoice.trace import Node, dependents, trace_record
from exitvoice.web import rendering
from exitvoice.web.pages.common import RecordId, TheShelf
from exitvoice.web.shelf import Shelf

router = APIRouter(default_response_class=HTMLResponse)
_COUNTS = {
    "origins": "Independent origins",
    "relays": "Voices that repeat others",
    "one_origin": "Statements and claims that rest on one origin",
    "nobody": "Statements and claims that rest on no source",
    "anonymous_only": "Statements and claims on anonymous voices alone",
    "partisan_only": "Statements and claims on partisan voices alone",
    "upgraded": "Statements that were looked up, and marked better",
    "seen": "Statements read in the source named",
    "relayed": "Statements of which the original was not read",
    "derived": "Statements that are arithmetic on others",
    "recalled": "Statements from memory, to be checked",
}
_TILES = (
    *(
        f"/evidence/counts/{name}"
        for name in ("one_origin", "nobody", "anonymous_only", "partisan_only", "upgraded")
    ),
    "/evidence/checks",
)
"""Where the tiles of the evidence page lead, in their order."""
Count = Annotated[str, Path(pattern=r"^[a-z_]{1,20}$", description="A number of the evidence page.")]


@router.get("/evidence")
def evidence(shelf: TheShelf) -> HTMLResponse:
    """Say what the evidence is worth, and who is behind each claim."""
    worth = shelf.worth
    section = evidence_section(shelf.ledger, worth, claims_only=True)
    return rendering.render(
        "evidence",
        title="On whose word",
        subtitle=f"{worth.sources} sources, {worth.statements:,} statements, {worth.claims} claims.",
        here="evidence",
        worth=worth,
        section=section,
        tiles=list(zip(section.tiles, _TILES, strict=True)),
    )


@router.get("/evidence/checks")
def checks(shelf: TheShelf) -> HTMLResponse:
    """List what the checks found: contradictions, echoes, sums that do not add up."""
    section = evidence_section(shelf.ledger, shelf.worth, claims_only=True)
    return rendering.render("checks", title="What the checks found", here="evidence", section=section)


@router.get("/evidence/counts/{name}")
def counts(shelf: TheShelf, name: Count) -> HTMLResponse:
    """List what one number of the evidence page counts."""
    if name not in _COUNTS:
        raise HTTPException(404, "The evidence page has no such number.")
    ledger, ids = shelf.ledger, counted(shelf.ledger).get(name, ())
    rows = [
        (one, source_tip(ledger.sources[one]) if one in ledger.sources else record_tip(ledger, one))
        for one in ids
    ]
    return rendering.render(
        "sources", title=f"{_COUNTS[name]}: {len(rows)}", subtitle="Each leads to whose word it is.", here="evidence",
        rows=rows,
    )  # fmt: skip


@router.get("/evidence/statements")
def statements(shelf: TheShelf, series: Annotated[str, Query(max_length=300)] = "") -> HTMLResponse:
    """List the series of statements, or show one with its statements side by side."""
    groups = _series(shelf)
    if series and series not in groups:
        raise HTTPException(404, "The evidence has no such series.")
    lines = record_lines(shelf.ledger, groups[series]) if series else ()
    return rendering.render(
        "statements",
        title=series or "Every statement",
        subtitle="Statements of one matter stand side by side, so that contradictions show. Nothing is overwritten. "
        "Choose a matter, or search above for a word.",
        here="evidence",
        lines=lines,
        groups=[(name, len(ids)) for name, ids in groups.items()] if not series else [],
    )


@router.get("/evidence/sources")
def sources(shelf: TheShelf) -> HTMLResponse:
    """List every source."""
    rows = [(source.id, source_tip(source)) for source in shelf.ledger.sources.values()]
    return rendering.render(
        "sources",
        title=f"{len(rows)} sources",
        here="evidence",
        subtitle="Every voice that the evidence names. Each leads to what rests on it.",
        rows=rows,
    )


@router.get("/evidence/records/{record_id}")
def record(shelf: TheShelf, record_id: RecordId) -> HTMLResponse:
    """Show a statement, claim or source: what it says, its origins, and every number that rests on it."""
    ledger = shelf.ledger
    is_source = record_id in ledger.sources
    if not is_source and record_id not in ledger:
        raise HTTPException(404, "The evidence has no such record.")
    resting = dependents(
        record_id, ledger, priors=load_priors(), scenarios=shelf.shipped.values(), board=shelf.board
    )
    says = source_tip(ledger.sources[record_id]) if is_source else record_tip(ledger, record_id)
    tree: Node | None = None if is_source else trace_record(ledger, record_id)
    return rendering.render(
        "record",
        title=record_id,
        subtitle="a source" if is_source else "a record of the evidence",
        here="evidence",
        says=says,
        tree=tree,
        origins=() if is_source else origin_rows(ledger, [record_id]),
        resting=resting,
        is_claim=record_id in ledger.claims,
    )


def _series(shelf: Shelf) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for statement in shelf.ledger.statements.values():
        name = statement.series or f"{statement.subject}: {statement.property}"
        groups.setdefault(name, []).append(statement.id)
    return dict(sorted(groups.items()))
