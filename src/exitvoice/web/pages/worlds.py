"""The gallery, a world, a day of it, and scenarios that visitors bring."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

import xarray as xr
from fastapi import APIRouter, File, Form, HTTPException, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from exitvoice.errors import InputError
from exitvoice.report import from_scenario
from exitvoice.report.figures import rules as rules_figure
from exitvoice.report.figures.base import Material
from exitvoice.report.numbers import people, share
from exitvoice.scenario import Scenario, build_timeline, compile_policy, held_on
from exitvoice.web import rendering
from exitvoice.web.jobs import FullError
from exitvoice.web.jobs.shown import Figure, figure_of
from exitvoice.web.pages.common import TheSettings, TheShelf, WorldId, find_world, refuse
from exitvoice.web.pages.day import day_of, within_reason
from exitvoice.web.pages.pictures import area
from exitvoice.web.shelf import CLAIMED, OWN, Shelf

router = APIRouter(default_response_class=HTMLResponse)
POINTS = 80
_DRAWING = threading.Lock()


@dataclass(frozen=True)
class Card:
    """A world in the gallery."""

    id: str
    title: str
    sentence: str
    held: str
    years: str
    size: str
    picture: Markup
    is_own: bool


@router.get("/")
def gallery(shelf: TheShelf) -> HTMLResponse:
    """Show every world: a picture, a sentence, its years, its size."""
    worlds = shelf.worlds()
    order = sorted(worlds, key=lambda name: (name.startswith(OWN), name == "minimal", name != CLAIMED, name))
    return rendering.render(
        "gallery",
        title="Who may leave, and who is held",
        subtitle="When a state restricts who may leave: who is held, what do they hide, what breaks, and on whose word "
        "do we think so?",
        here="worlds",
        cards=[_card(name, worlds[name].hash, shelf) for name in order],
    )


@router.get("/worlds/{world_id}")
def world(shelf: TheShelf, world_id: WorldId, day: Annotated[date | None, Query()] = None) -> HTMLResponse:
    """Show a world: who is held on a day, its rules, its head-counts, its assumptions."""
    found = find_world(shelf, world_id)
    chosen = within_reason(day or found.clock.end - timedelta(days=1))
    timeline = _timeline(world_id, found.hash, shelf)
    rules = from_scenario.rule_rows(found, shelf.ledger)
    assumptions = from_scenario.grouped(from_scenario.assumption_rows(found, shelf.ledger))
    last = found.clock.end - timedelta(days=1)
    return rendering.render(
        "world",
        title=found.title,
        subtitle=f"{found.clock.start} to {last}. {people(_persons(found)).capitalize()} persons in "
        f"{len(found.sectors)} sectors, {len(found.rules)} dated rules.",
        here="worlds",
        plots={timeline.key: timeline.plot},
        world=found,
        world_id=world_id,
        last=last,
        on=day_of(found, chosen, shelf.ledger),
        days=(last - found.clock.start).days,
        timeline=timeline,
        timeline_ways=[f"/trace/rule/{rule.id}?world={world_id}" for rule in rules],
        sectors=[row for name, rows in assumptions if name.startswith("Sectors: head") for row in rows],
        assumptions=[(name, rows) for name, rows in assumptions if not name.startswith("Sectors: head")],
        tips=shelf.tips,
    )


@router.get("/worlds/{world_id}/day")
def day(shelf: TheShelf, world_id: WorldId, on: Annotated[date, Query()]) -> HTMLResponse:
    """Return the part of a world's page that says who is held on a day."""
    found = find_world(shelf, world_id)
    shown = day_of(found, within_reason(on), shelf.ledger)
    return HTMLResponse(rendering.part("day", on=shown, world_id=world_id, tips=shelf.tips))


@router.post("/worlds", status_code=303, response_class=RedirectResponse)
def bring(
    shelf: TheShelf,
    settings: TheSettings,
    text: Annotated[str, Form(max_length=512 * 1024)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> RedirectResponse:
    """Take a scenario that a visitor brings, check it as `exitvoice check` does, and keep it."""
    content = (
        file.file.read(settings.bounds.upload + 1)
        if file is not None and file.size
        else text.encode("utf-8", "replace")
    )
    if not content.strip():
        raise HTTPException(422, "Nothing was brought: choose a file, or write a scenario into the field.")
    try:
        world_id = shelf.bring(content, most=settings.bounds.own_worlds)
    except InputError as problem:
        raise refuse(problem) from problem
    except FullError as problem:
        raise HTTPException(429, str(problem)) from problem
    return RedirectResponse(f"/worlds/{world_id}", status_code=303)


def warm(shelf: Shelf) -> None:
    """Draw what every first visitor asks for, so that nobody waits for it."""
    for name, found in shelf.shipped.items():
        _card(name, found.hash, shelf)
    for name in sorted(shelf.shipped, key=lambda one: one != CLAIMED):
        _timeline(name, shelf.shipped[name].hash, shelf)
    shelf.tips.pattern.search("")


def _persons(scenario: Scenario) -> float:
    return sum(sector.persons.value for sector in scenario.sectors)


@lru_cache(maxsize=200)
def _card(world_id: str, _hash: str, shelf: Shelf) -> Card:
    found = find_world(shelf, world_id)
    last = found.clock.end - timedelta(days=1)
    length = (last - found.clock.start).days
    days = [found.clock.start + timedelta(days=round(length * at / (POINTS - 1))) for at in range(POINTS)]
    held = [(on.held, on.persons) for on in (held_on(found, day) for day in days)]
    shares = [persons and part / persons for part, persons in held]
    picture = area(
        shares, f"Share held over time: {share(shares[0])} at the start, {share(shares[-1])} at the end."
    )
    return Card(
        id=world_id,
        title=found.title,
        sentence=_first_sentence(str(found.about)),
        held=f"{people(max(part for part, _ in held)).capitalize()} held at once",
        years=f"{found.clock.start.year} to {last.year}",
        size=f"{people(_persons(found))} persons, {len(found.rules)} {'rule' if len(found.rules) == 1 else 'rules'}",
        picture=picture,
        is_own=world_id.startswith(OWN),
    )


def _timeline(world_id: str, world_hash: str, shelf: Shelf) -> Figure:
    with _DRAWING:  # two visitors at once would draw it twice
        return _drawn(world_id, world_hash, shelf)


@lru_cache(maxsize=200)
def _drawn(world_id: str, _hash: str, shelf: Shelf) -> Figure:
    """Return the rules as bars in time; drawn once for a world."""
    found = find_world(shelf, world_id)
    timeline = build_timeline(found, found.grid)
    book = compile_policy(found, timeline)
    data = xr.Dataset(
        {"rule_coverage": (("time", "rule"), book.coverage * book.in_force)},
        coords={"time": timeline.starts.astype("datetime64[ns]"), "rule": list(book.rule_ids)},
    )
    material = Material(data, {}, {}, {}, from_scenario.rule_rows(found, shelf.ledger))
    return figure_of(rules_figure.panel(material))


def _first_sentence(text: str) -> str:
    """Return what comes before the first full stop that ends a sentence, or before its first colon.

    Examples
    --------
    >>> _first_sentence("About 9.2 million persons. More follows.")
    'About 9.2 million persons.'
    """
    begin = " ".join(text.split()).partition(". ")[0].partition(": ")[0].rstrip(".")
    return f"{begin}." if begin else ""
