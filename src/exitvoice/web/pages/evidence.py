"""Who says so: what the evidence is worth, its checks, its statements side by side, its sources, one record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from exitvoice.report.evidence import evidence_section
from exitvoice.report.evidence_rows import origin_rows, record_lines
from exitvoice.report.tips import record_tip, source_tip
from exitvoice.scenario import load_priors
from exitvoice.trace import Node, dependents, trace_record
from exitvoice.web import rendering
from exitvoice.web.pages.common import RecordId, TheShelf
from exitvoice.web.shelf import Shelf

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/evidence")
def evidence(shelf: TheShelf) -> HTMLResponse:
    """Say what the evidence is worth, and who is behind each claim."""
    worth = shelf.worth
    return rendering.render(
        "evidence",
        title="On whose word",
        subtitle=f"{worth.sources} sources, {worth.statements} statements, {worth.claims} claims.",
        here="evidence",
        worth=worth,
        section=evidence_section(shelf.ledger, worth, claims_only=True),
        series=len(_series(shelf)),
    )


@router.get("/evidence/checks")
def checks(shelf: TheShelf) -> HTMLResponse:
    """List what the checks found: contradictions, echoes, sums that do not add up."""
    section = evidence_section(shelf.ledger, shelf.worth, claims_only=True)
    return rendering.render("checks", title="What the checks found", here="evidence", section=section)


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
        subtitle="Statements of one matter stand side by side, so that contradictions show. Nothing is overwritten.",
        here="evidence",
        lines=lines,
        groups=[(name, len(ids)) for name, ids in groups.items()] if not series else [],
    )


@router.get("/evidence/sources")
def sources(shelf: TheShelf) -> HTMLResponse:
    """List every source."""
    rows = [(source.id, source_tip(source)) for source in shelf.ledger.sources.values()]
    return rendering.render("sources", title=f"{len(rows)} sources", here="evidence", rows=rows)


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
