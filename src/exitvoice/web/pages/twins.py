"""Two worlds side by side: choose them, change as much as you like, order the comparison."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from exitvoice.analysis.compare import check_comparable
from exitvoice.errors import InputError
from exitvoice.scenario import Scenario
from exitvoice.web import rendering
from exitvoice.web.jobs.job import TwinsOrder
from exitvoice.web.pages.changes import DEEDS, PLACES, Changes, rows_of
from exitvoice.web.pages.common import TheSettings, TheShelf, find_world, refuse
from exitvoice.web.pages.limits import persons_of, too_much, usual_scale
from exitvoice.web.pages.run import put
from exitvoice.web.pages.sliders import sliders
from exitvoice.web.settings import Bounds
from exitvoice.web.shelf import CLAIMED

router = APIRouter(default_response_class=HTMLResponse)
World = r"^[a-z0-9-]{1,64}$"
REPLICATIONS, LIVES, PERSONS = 3, 3, 2e4
FORM: dict[str, Any] = {"description": "The same form with a row more.", "content": {"text/html": {}}}
Words = Annotated[list[str], Field(max_length=PLACES)]


class TwinsForm(BaseModel):
    """What the form sends: world A, what changes in world B, how often, how large (0: as the page proposes).

    Lists hold a row of the form at each place: a rule with what is done to it and a day, an assumption with its value.
    """

    model_config = ConfigDict(extra="forbid")

    one: str = Field(default=CLAIMED, pattern=World)
    other: str = Field(default="", pattern=r"^[a-z0-9-]{0,64}$")
    rule: Words = []
    deed: Words = []
    day: Words = []
    assumption: Words = []
    value: Words = []
    more_changes: str = Field(default="", max_length=2_000)
    more: str = Field(default="", pattern=r"^(rule|assumption)?$")
    scale: float = Field(default=0.0, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    replications: int = Field(default=REPLICATIONS, ge=1, le=50)
    lives: int = Field(default=LIVES, ge=0, le=20)

    @property
    def changes(self) -> Changes:
        """What world B gets."""
        return Changes(
            rules=rows_of(self.rule, self.deed, self.day),
            assumptions=rows_of(self.assumption, self.value),
            text=self.more_changes,
        )


@router.get("/twins")
def form(shelf: TheShelf, settings: TheSettings, given: Annotated[TwinsForm, Query()]) -> HTMLResponse:
    """Show what can be compared with a world."""
    world, worlds = find_world(shelf, given.one), shelf.worlds()
    changes = given.changes
    return rendering.render(
        "twins",
        title="Two worlds side by side",
        subtitle="Both meet the same chances, person by person and week by week. What differs is what you change.",
        here="twins",
        world=world,
        world_id=given.one,
        worlds=sorted(worlds.items()),
        given=given,
        rules=_with_blank(changes.rules, 3, is_asked=given.more == "rule"),
        moved=_with_blank(changes.assumptions, 2, is_asked=given.more == "assumption"),
        deeds=DEEDS,
        most=PLACES,
        groups=sliders(world, shelf.priors),
        scale=_scale(given, world, settings.bounds),
        persons=persons_of(world, 1.0),
    )


def _scale(given: TwinsForm, world: Scenario, bounds: Bounds) -> float:
    return given.scale or usual_scale(world, bounds, persons=PERSONS, runs=2 * given.replications)


def _with_blank(
    rows: tuple[tuple[str, ...], ...], width: int, *, is_asked: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the rows, and an empty one where there is none yet or one more is asked for."""
    return (*rows, ("",) * width) if not rows or (is_asked and len(rows) < PLACES) else rows


@router.post("/twins", status_code=303, response_class=RedirectResponse, responses={200: FORM})
def order(shelf: TheShelf, settings: TheSettings, given: Annotated[TwinsForm, Form()]) -> Response:
    """Put a comparison into the queue; 'add another change' asks for the same form with a row more instead.

    Asked here, not in an address, the form may be longer than an address.
    """
    if given.more:
        return form(shelf, settings, given)
    first = find_world(shelf, given.one)
    second = find_world(shelf, given.other) if given.other else first
    name = second.title if second is not first else "the same world"
    changes = given.changes
    try:
        settled = changes.of(second, shelf.priors)
        if settled:
            second = second.with_changes(settled)
        check_comparable(first, second)
    except InputError as problem:
        raise refuse(problem) from problem
    if second.tree == first.tree:
        raise HTTPException(
            422, "Nothing differs yet: change a rule, move an assumption, or choose another world."
        )
    scale = _scale(given, first, settings.bounds)
    reasons = (
        too_much(world, scale, settings.bounds, runs=2 * given.replications) for world in (first, second)
    )
    reason = next((one for one in reasons if one), "")
    if reason:
        raise HTTPException(422, reason)
    said, title = (
        f"{name} {words}".strip() for words in (changes.said(shelf.priors), changes.title(shelf.priors))
    )
    made = TwinsOrder(
        texts=(first.text, second.text), names=(first.title, said), scale=scale,
        seed=given.seed, replications=given.replications, lives=given.lives,
    )  # fmt: skip
    return put(shelf, settings, made, f"{first.title} beside {title}")
