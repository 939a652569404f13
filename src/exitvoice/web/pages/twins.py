"""Two worlds side by side: choose them, order the comparison."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from exitvoice.analysis.compare import check_comparable
from exitvoice.errors import InputError
from exitvoice.scenario import Scenario
from exitvoice.web import rendering
from exitvoice.web.jobs.job import TwinsOrder
from exitvoice.web.pages.common import TheSettings, TheShelf, find_world, refuse
from exitvoice.web.pages.limits import persons_of, too_much, usual_scale
from exitvoice.web.pages.run import put
from exitvoice.web.pages.sliders import FIRST, sliders
from exitvoice.web.shelf import CLAIMED

router = APIRouter(default_response_class=HTMLResponse)
World = r"^[a-z0-9-]{1,64}$"
Part = r"^[A-Za-z0-9_-]{0,80}$"
REPLICATIONS, LIVES, PERSONS = 3, 3, 2e4


@router.get("/twins")
def form(
    shelf: TheShelf, settings: TheSettings, one: Annotated[str, Query(pattern=World)] = CLAIMED
) -> HTMLResponse:
    """Show what can be compared with a world: the same without a rule, or with another assumption."""
    world = find_world(shelf, one)
    worlds = shelf.worlds()
    scale = usual_scale(world, settings.bounds, persons=PERSONS, runs=2 * REPLICATIONS)
    return rendering.render(
        "twins",
        title="Two worlds side by side",
        subtitle="Both meet the same chances, person by person and week by week. What differs is what you change.",
        here="twins",
        world=world,
        world_id=one,
        worlds=sorted(worlds.items()),
        assumptions=sliders(world, shelf.priors)[""],
        scale=scale,
        persons=persons_of(world, 1.0),
        replications=REPLICATIONS,
        lives=LIVES,
    )


class TwinsForm(BaseModel):
    """What the form sends: world A, what changes in world B, how often, how large (0: as the page proposes)."""

    model_config = ConfigDict(extra="forbid")

    one: str = Field(default=CLAIMED, pattern=World)
    other: str = Field(default="", pattern=r"^[a-z0-9-]{0,64}$")
    without: str = Field(default="", pattern=Part)
    assumption: str = Field(default="", pattern=Part)
    value: float = Field(default=0.0, allow_inf_nan=False)
    scale: float = Field(default=0.0, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    replications: int = Field(default=REPLICATIONS, ge=1, le=50)
    lives: int = Field(default=LIVES, ge=0, le=20)


@router.post("/twins", status_code=303, response_class=RedirectResponse)
def order(shelf: TheShelf, settings: TheSettings, given: Annotated[TwinsForm, Form()]) -> RedirectResponse:
    """Put a comparison into the queue."""
    first = find_world(shelf, given.one)
    second = find_world(shelf, given.other) if given.other else first
    name = second.title if second is not first else "the same world"
    try:
        changes = _changes(second, given.without, given.assumption, given.value)
        if changes:
            second = second.with_changes(changes)
        check_comparable(first, second)
    except InputError as problem:
        raise refuse(problem) from problem
    if second.tree == first.tree:
        raise HTTPException(
            422, "Nothing differs yet: take out a rule, move an assumption, or choose another world."
        )
    runs = 2 * given.replications
    scale = given.scale or usual_scale(first, settings.bounds, persons=PERSONS, runs=runs)
    reasons = (too_much(world, scale, settings.bounds, runs=runs) for world in (first, second))
    reason = next((one for one in reasons if one), "")
    if reason:
        raise HTTPException(422, reason)
    said = name + (f" without {given.without}" if given.without else "")
    said += f" with {given.assumption} {given.value:g}" if given.assumption else ""
    made = TwinsOrder(
        texts=(first.text, second.text), names=(first.title, said), scale=scale, seed=given.seed,
        replications=given.replications, lives=given.lives,
    )  # fmt: skip
    return put(shelf, settings, made, f"{first.title} beside {said}")


def _changes(world: Scenario, without: str, assumption: str, value: float) -> dict[str, object]:
    changes: dict[str, object] = {}
    if without:
        changes[f"rules.{without}"] = None
    if assumption:
        if assumption not in FIRST:
            raise InputError.of(
                "the form", f"{assumption} cannot be moved here", why="this form knows a few assumptions only",
                mend="move it on the page of a run, or use `exitvoice compare`",
            )  # fmt: skip
        changes[f"parameters.{assumption}"] = {"value": value, "assumed": "Set on the page."}
    return changes
