"""The claims board, a page a claim, a counter-example replayed with one click, and a board ordered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse

from exitvoice.claims.counterexamples import read_case
from exitvoice.errors import InputError
from exitvoice.report.board import board_rows
from exitvoice.report.claim_rows import ClaimRow, untested_chapter
from exitvoice.report.evidence_rows import origin_rows
from exitvoice.report.from_ledger import claim_cards
from exitvoice.report.numbers import amount
from exitvoice.web import rendering
from exitvoice.web.jobs.job import BoardOrder, ReplayOrder
from exitvoice.web.jobs.shown import figure_of
from exitvoice.web.jobs.work_replay import case_text
from exitvoice.web.pages.common import ClaimId, TheSettings, TheShelf
from exitvoice.web.pages.run import put
from exitvoice.web.shelf import CLAIMED, Shelf, read_once

router = APIRouter(default_response_class=HTMLResponse)
BUDGET, LEAST_BUDGET = 700, 40
SCALE = 0.0008


@router.get("/claims")
def board(shelf: TheShelf) -> HTMLResponse:
    """Show every claim with its verdict, where worlds were asked."""
    judgement = shelf.costed
    cost = judgement.cost[-1] if judgement else None
    return rendering.render(
        "claims",
        title="What analysts claim, put to the test",
        subtitle="Each claim of the evidence keeps its speaker and its doubts. A verdict says in how many plausible "
        "worlds it holds, and what that hinges on.",
        here="claims",
        rows=_rows(shelf),
        judgement=judgement,
        cost=cost,
        cost_says=amount(cost.middle) if cost else "",
        budget=BUDGET,
        testable=[item.claim for item in shelf.board.testable],
    )


@router.get("/claims/{claim_id}")
def claim(shelf: TheShelf, claim_id: ClaimId) -> HTMLResponse:
    """Show a claim: verdict, hinge, box, counter-example, sources and their origins."""
    row = next((one for one in _rows(shelf) if one.id == claim_id), None)
    if row is None:
        raise HTTPException(404, "The evidence has no such claim.")
    judgement = shelf.judgement_of(claim_id)
    found = judgement.finding(claim_id) if judgement else None
    # a board of other claims is no verdict on this one
    finding = found if found and found.is_tested else None
    figures = [figure_of(panel) for panel in row.panels]
    hypothesis = shelf.board.hypotheses[claim_id]
    return rendering.render(
        "claim",
        title=f"{row.id}: {row.text}",
        subtitle=row.kind,
        here="claims",
        plots={figure.key: figure.plot for figure in figures},
        row=row,
        finding=finding,
        figures=figures,
        question=hypothesis.question or "",
        is_testable=hypothesis.is_testable,
        origins=origin_rows(shelf.ledger, [claim_id]),
        tips=shelf.tips,
        budget=BUDGET,
    )


@router.post("/claims/{claim_id}/replay", status_code=303, response_class=RedirectResponse)
def replay(shelf: TheShelf, settings: TheSettings, claim_id: ClaimId) -> RedirectResponse:
    """Order the replay of a claim's counter-example."""
    folder = shelf.verdicts_folder(claim_id)
    if claim_id not in shelf.ledger.claims or folder is None:
        raise HTTPException(404, "No board with counter-examples is at hand.")
    try:
        case, scenario = read_case(folder, claim_id)
    except InputError as problem:
        raise HTTPException(404, "The board keeps no counter-example of this claim.") from problem
    order = ReplayOrder(claim=claim_id, case=case_text(case), text=scenario.text)
    return put(shelf, settings, order, f"Counter-example to {claim_id}")


@router.post("/claims", status_code=303, response_class=RedirectResponse)
def judge(
    shelf: TheShelf,
    settings: TheSettings,
    only: Annotated[str, Form(pattern=r"^(C[0-9]{1,3})?$")] = "",
    budget: Annotated[int, Form(ge=LEAST_BUDGET)] = BUDGET,
) -> RedirectResponse:
    """Order a board: of one claim, or of all that can be tested."""
    if only and only not in {item.claim for item in shelf.board.testable}:
        raise HTTPException(422, "This claim cannot be put to the test; its page says why.")
    if budget > settings.bounds.runs:
        raise HTTPException(
            422, f"At most {settings.bounds.runs:,} runs can be ordered at once; ask for fewer."
        )
    order = BoardOrder(world=CLAIMED, only=(only,) if only else (), budget=budget, scale=SCALE, seed=0)
    return put(shelf, settings, order, f"{only or 'Every claim'} put to the test, {budget:,} runs")


def _rows(shelf: Shelf) -> tuple[ClaimRow, ...]:
    """Return a row a claim, each from the board whose verdict stands; those that were tested first."""
    if not shelf.verdicts_folders:
        return untested_chapter(claim_cards(shelf.ledger)).rows
    asked: dict[Path, set[str]] = {}
    for claim in shelf.ledger.claims:
        folder = shelf.verdicts_folder(claim)
        assert folder is not None
        asked.setdefault(folder, set()).add(claim)
    boards = {folder: board_rows(read_once(folder), shelf.ledger) for folder in asked}
    rows = [row for folder, claims in asked.items() for row in boards[folder] if row.id in claims]
    return tuple(sorted(rows, key=lambda row: not row.panels))
