"""Run a world: change what matters, order the run."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from exitvoice.errors import InputError
from exitvoice.scenario import Scenario, held_on
from exitvoice.web import rendering
from exitvoice.web.jobs import FullError
from exitvoice.web.jobs.job import Order, RunOrder
from exitvoice.web.pages.common import TheSettings, TheShelf, WorldId, find_world, refuse
from exitvoice.web.pages.limits import largest_scale, persons_of, too_much, usual_scale
from exitvoice.web.pages.sliders import changes_of, sliders
from exitvoice.web.settings import Settings
from exitvoice.web.shelf import Shelf

router = APIRouter(default_response_class=HTMLResponse)
_FIELDS = 600
FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "scale": {"type": "number"},
                        "seed": {"type": "integer", "minimum": 0},
                        "theory": {"enum": ["kuran", "epstein", "self_censorship"]},
                    },
                    "additionalProperties": {"type": "string"},
                }
            }
        }
    }
}


@router.get("/run")
def choose(shelf: TheShelf) -> HTMLResponse:
    """Let a world be chosen."""
    worlds = shelf.worlds()
    return rendering.render("choose", title="Run a world", here="run", worlds=sorted(worlds.items()))


@router.get("/run/{world_id}")
def form(shelf: TheShelf, settings: TheSettings, world_id: WorldId) -> HTMLResponse:
    """Show what can be changed."""
    world = find_world(shelf, world_id)
    scale = usual_scale(world, settings.bounds)
    return rendering.render(
        "run",
        title=f"Run: {world.title}",
        here="run",
        world=world,
        world_id=world_id,
        groups=sliders(world, shelf.priors),
        scale=scale,
        persons=persons_of(world, 1.0),
        on=held_on(world, world.clock.end - timedelta(days=1)),
        most=largest_scale(world, settings.bounds),
    )


@router.post("/run/{world_id}", status_code=303, response_class=RedirectResponse, openapi_extra=FORM)
async def order(
    shelf: TheShelf, settings: TheSettings, world_id: WorldId, request: Request
) -> RedirectResponse:
    """Put a run into the queue."""
    world = find_world(shelf, world_id)
    async with request.form(max_files=0, max_fields=_FIELDS) as given:
        fields = [(key, value) for key, value in given.multi_items() if isinstance(value, str)]
    scale = number_of(fields, "scale", usual_scale(world, settings.bounds))
    seed = whole_of(fields, "seed", 0)
    changes: dict[str, object] = {}
    try:
        changes = changes_of(fields, world, shelf.priors)
        theory = dict(fields).get("theory", world.theory)
        if theory != world.theory:
            changes["theory"] = theory
        changed = world.with_changes(changes) if changes else world
    except InputError as problem:
        raise refuse(problem) from problem
    reason = too_much(changed, scale, settings.bounds)
    if reason:
        raise HTTPException(422, reason)
    made = RunOrder(text=changed.text, scale=scale, seed=seed)
    return put(shelf, settings, made, f"{world.title}{_said(changes, world)}")


def put(shelf: Shelf, settings: Settings, made: Order, title: str) -> RedirectResponse:
    """Put an order into the queue and send the browser to its page."""
    try:
        job = shelf.store.add(made, title=title[:300], most_waiting=settings.bounds.waiting)
    except FullError as problem:
        raise HTTPException(429, str(problem)) from problem
    if (
        settings.public is not None
    ):  # visitors' results must not fill the disk; those of one's own page are one's own
        shelf.store.make_room(settings.bounds.kept)
    return RedirectResponse(f"/jobs/{job.id}", status_code=303)


def number_of(fields: list[tuple[str, str]], name: str, default: float) -> float:
    """Return a number of a form, or answer 422."""
    text = dict(fields).get(name, "")
    try:
        return float(text[:40]) if text else default
    except ValueError:
        raise HTTPException(422, f"{name}: this is no number.") from None


def whole_of(fields: list[tuple[str, str]], name: str, default: int, *, most: int = 2**63 - 1) -> int:
    """Return a whole number of a form, or answer 422."""
    text = dict(fields).get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
        raise HTTPException(422, f"{name}: write a whole number from 0 to {most:,}.")
    return int(text)


def _said(changes: dict[str, object], world: Scenario) -> str:
    if not changes:
        return ""
    gone = [path.removeprefix("rules.") for path, value in changes.items() if value is None]
    moved = len(changes) - len(gone)
    parts = [f"without {', '.join(gone[:3])}{' and more' if len(gone) > 3 else ''}"] if gone else []
    parts += [f"{moved} {'assumption' if moved == 1 else 'assumptions'} changed"] if moved else []
    return f" ({'; '.join(parts)})"
