"""From any number on any page back to whose word it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse

from exitvoice import trace as tracing
from exitvoice.report.figures.base import shorten
from exitvoice.report.shown import find_shown
from exitvoice.run.variables import EVERY
from exitvoice.scenario import Scenario
from exitvoice.trace import Node
from exitvoice.trace.backward import origins_of
from exitvoice.web import rendering
from exitvoice.web.pages.common import TheShelf, find_world
from exitvoice.web.pages.day import within_reason
from exitvoice.web.shelf import CLAIMED, Shelf

router = APIRouter(default_response_class=HTMLResponse)
What = Annotated[
    Literal["parameter", "rule", "part", "persons", "held", "figure", "verdict", "board"],
    Path(description="What is traced."),
]
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,120}$", description="Its name; 'all' for the whole.")]
ALL = "all"
TITLE = 150
_VARIABLES = {one.name: one for one in EVERY}


@dataclass(frozen=True)
class Asked:
    """What is traced, in which world, on which day."""

    shelf: Shelf
    name: str
    world: Scenario
    day: date


@router.get("/trace/{what}/{name}")
def trace(
    shelf: TheShelf,
    what: What,
    name: Name,
    world: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,64}$")] = CLAIMED,
    on: Annotated[date | None, Query(description="The day, of who is held.")] = None,
) -> HTMLResponse:
    """Show the way from a number to its sources, as a tree that opens."""
    found = find_world(shelf, world)
    node = _WAYS[what](Asked(shelf, name, found, within_reason(on or found.clock.end)))
    if node is None:
        raise HTTPException(404, f"There is no such {what} in this world.")
    return show(node, found.title, world_id=world)


def show(node: Node, where: str, *, here: str = "evidence", world_id: str = "") -> HTMLResponse:
    """Return a trace as a page; `where` is what the number stands in, `world_id` the page of its world."""
    origins, assumed = origins_of([node]), sum(end.kind == "assumed" for end in node.ends)
    return rendering.render(
        "trace",
        title=f"Where it comes from: {shorten(node.says.partition(': ')[0], TITLE)}",
        subtitle=f"{where}. It ends in {len(origins)} independent {'origin' if len(origins) == 1 else 'origins'} and "
        f"{assumed} {'assumption that says' if assumed == 1 else 'assumptions that say'} so.",
        here=here,
        node=node,
        world_id=world_id,
    )


def trace_shown(name: str, world: Scenario, shelf: Shelf) -> Node | None:
    """Return a figure by the key of its panel, or a variable by its name, with what it is drawn from."""
    ledger, priors = shelf.ledger, shelf.priors
    if name in _VARIABLES:
        return tracing.trace_figure(_VARIABLES[name], world, ledger, priors)
    shown = find_shown(name)
    if shown is None:
        return None
    drawn = [_VARIABLES[one] for one in shown.variables]
    return tracing.trace_panel(shown.title, drawn, world, ledger, priors)


def _parameter(asked: Asked) -> Node | None:
    ledger, priors = asked.shelf.ledger, asked.shelf.priors
    return tracing.trace_parameter(asked.name, asked.world, ledger, priors) if asked.name in priors else None


def _rule(asked: Asked) -> Node | None:
    has_it = any(rule.id == asked.name for rule in asked.world.rules)
    return tracing.trace_rule(asked.name, asked.world, asked.shelf.ledger) if has_it else None


def _part(asked: Asked) -> Node | None:
    return tracing.trace_part(asked.name, asked.world, asked.shelf.ledger)


def _persons(asked: Asked) -> Node | None:
    return tracing.trace_persons(asked.world, asked.shelf.ledger) if asked.name == ALL else None


def _held(asked: Asked) -> Node | None:
    sector = None if asked.name == ALL else asked.name
    if sector is not None and sector not in asked.world.sector_names:
        return None
    return tracing.trace_held(asked.world, asked.day, asked.shelf.ledger, sector=sector)


def _figure(asked: Asked) -> Node | None:
    return trace_shown(asked.name, asked.world, asked.shelf)


def _verdict(asked: Asked) -> Node | None:
    shelf = asked.shelf
    if asked.name not in shelf.board.hypotheses:
        return None
    return tracing.trace_verdict(
        asked.name, shelf.judgement_of(asked.name), shelf.board, asked.world, shelf.ledger, shelf.priors
    )


def _board(asked: Asked) -> Node | None:
    """Trace a number that the whole board gives: its runs, and the figure it comes from."""
    figure, judgement = _figure(asked), asked.shelf.costed
    if figure is None or judgement is None:
        return None
    return Node("board", asked.name, figure.says, (tracing.trace_board(judgement), figure))


_WAYS: Mapping[str, Callable[[Asked], Node | None]] = {
    "parameter": _parameter,
    "rule": _rule,
    "part": _part,
    "persons": _persons,
    "held": _held,
    "figure": _figure,
    "verdict": _verdict,
    "board": _board,
}
