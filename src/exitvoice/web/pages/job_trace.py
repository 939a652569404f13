"""From a number of a result to the run that made it: world, changes, seed; then on to parameters, rules and sources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import HTMLResponse

from exitvoice import trace as tracing
from exitvoice.scenario import Scenario
from exitvoice.trace import Node
from exitvoice.web.jobs.job import BoardOrder, Order, ReplayOrder, RunOrder, TwinsOrder
from exitvoice.web.jobs.work_replay import read_case
from exitvoice.web.pages.common import JobId, TheShelf, find_job
from exitvoice.web.pages.trace import ALL, show, trace_shown
from exitvoice.web.shelf import CLAIMED, Shelf

router = APIRouter(default_response_class=HTMLResponse)
Name = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9_-]{1,120}$", description="A figure or a variable; 'all' for the job as a whole."
    ),
]
_DRAWN_FROM = ("over-time-", "by-sector-", "by-rank-")
"""How the keys of figures of differences begin; the variable follows."""


@router.get("/jobs/{job_id}/trace/{name}")
def trace(shelf: TheShelf, job_id: JobId, name: Name) -> HTMLResponse:
    """Show the way from a number of a job's result to its run, and on to its sources."""
    job = find_job(shelf.store, job_id)
    order = shelf.store.order(job_id)
    node = None if order is None else _node(shelf, order, name)
    if node is None:
        raise HTTPException(404, "This job shows no such number.")
    world = node.beneath[0].name
    return show(node, job.title, here="jobs", world_id=world if world in shelf.shipped else "")


def _node(shelf: Shelf, order: Order, name: str) -> Node | None:
    match order:
        case RunOrder():
            return _of_run(shelf, order, name)
        case TwinsOrder():
            return _of_twins(shelf, order, name)
        case ReplayOrder():
            return _of_replay(shelf, order)
        case BoardOrder():
            return _of_board(shelf, order, name)


def _of_run(shelf: Shelf, order: RunOrder, name: str) -> Node | None:
    world = Scenario.from_text(order.text, name="the scenario of this run")
    return _result(name, [_made(shelf, world, scale=order.scale, seed=order.seed)], world, shelf)


def _of_twins(shelf: Shelf, order: TwinsOrder, name: str) -> Node | None:
    first, second = (
        Scenario.from_text(text, name=title) for text, title in zip(order.texts, order.names, strict=True)
    )
    one = _made(shelf, first, scale=order.scale, seed=order.seed, runs=order.replications)
    other = tracing.trace_run(
        second, first, shelf.ledger, scale=order.scale, seed=order.seed, runs=order.replications
    )
    made = [
        Node("world A", one.name, one.says, one.beneath),
        Node("world B", other.name, other.says, other.beneath),
    ]
    return _result(name, made, second, shelf)


def _of_replay(shelf: Shelf, order: ReplayOrder) -> Node:
    world, case = Scenario.from_text(order.text, name="the scenario of the board"), read_case(order)
    says = ", ".join(f"{path} moved to {value:g}" for path, value in case.values.items())
    run = _made(shelf, world, scale=case.scale, seed=case.seed)
    verdict = tracing.trace_verdict(
        order.claim,
        shelf.judgement_of(order.claim),
        shelf.board,
        shelf.shipped[CLAIMED],
        shelf.ledger,
        shelf.priors,
    )
    return Node("replay", order.claim, f"both sides of the counter-example: {says}", (run, verdict))


def _of_board(shelf: Shelf, order: BoardOrder, name: str) -> Node | None:
    world = shelf.shipped[order.world]
    only = ", ".join(order.only) or "every claim that can be tested"
    says = f"{only} over about {order.budget:,} runs, scale {order.scale:g}, seed {order.seed}"
    return _result(name, [Node("board", order.world, says)], world, shelf)


def _result(name: str, made: list[Node], world: Scenario, shelf: Shelf) -> Node | None:
    """Return a number below how it was made; the whole of a job is traced to head-counts and rules."""
    if name == ALL:
        rules = tuple(tracing.trace_rule(rule.id, world, shelf.ledger) for rule in world.rules)
        bound = Node("rules", world.name, f"{len(rules)} dated rules say who is bound when", rules)
        people = tracing.trace_persons(world, shelf.ledger)
        return Node("result", world.name, "everything that this job shows", (*made, people, bound))
    figure = trace_shown(_variable(name), world, shelf)
    return None if figure is None else Node("result", figure.name, figure.says, (*made, *figure.beneath))


def _variable(name: str) -> str:
    for begin in _DRAWN_FROM:
        if name.startswith(begin) and name != "falsification-by-sector":
            return name.removeprefix(begin).replace("-", "_")
    return name


def _made(shelf: Shelf, world: Scenario, *, scale: float, seed: int, runs: int = 1) -> Node:
    base = shelf.shipped.get(world.name)
    return tracing.trace_run(world, base, shelf.ledger, scale=scale, seed=seed, runs=runs)
