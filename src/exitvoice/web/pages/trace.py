"""From any number on any page back to whose word it rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse

from exitvoice import trace as tracing
from exitvoice.run.variables import EVERY
from exitvoice.scenario import Scenario
from exitvoice.trace.backward import origins_of
from exitvoice.web import rendering
from exitvoice.web.pages.common import TheShelf, find_world
from exitvoice.web.shelf import CLAIMED, Shelf

router = APIRouter(default_response_class=HTMLResponse)
What = Annotated[Literal["parameter", "rule", "figure", "verdict"], Path(description="What is traced.")]
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,120}$", description="Its name.")]


@router.get("/trace/{what}/{name}")
def trace(
    shelf: TheShelf,
    what: What,
    name: Name,
    world: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,64}$")] = CLAIMED,
) -> HTMLResponse:
    """Show the way from a number to its sources, as a tree that opens."""
    found = find_world(shelf, world)
    node = _node(shelf, what, name, found)
    if node is None:
        raise HTTPException(404, f"There is no such {what} in this world.")
    origins, assumed = origins_of([node]), sum(end.kind == "assumed" for end in node.ends)
    return rendering.render(
        "trace",
        title=f"Where it comes from: {node.says}"[:200],
        subtitle=f"{found.title}. It ends in {len(origins)} independent origins and {assumed} assumptions that say so.",
        here="evidence",
        node=node,
        tips=shelf.tips,
    )


def _node(shelf: Shelf, what: str, name: str, world: Scenario) -> tracing.Node | None:
    ledger, priors = shelf.ledger, shelf.priors
    if what == "parameter" and name in priors:
        return tracing.trace_parameter(name, world, ledger, priors)
    if what == "rule" and name in {rule.id for rule in world.rules}:
        return tracing.trace_rule(name, world, ledger)
    if what == "figure":
        variable = next((one for one in EVERY if one.name == name), None)
        return None if variable is None else tracing.trace_figure(variable, world, ledger, priors)
    if what == "verdict" and name in shelf.board.hypotheses:
        judgement = shelf.judgement
        finding = judgement.finding(name) if judgement else None
        return tracing.trace_verdict(name, finding, shelf.board, world, ledger, priors)
    return None
