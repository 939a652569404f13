"""Search over everything that has a page: worlds, rules, assumptions, claims, statements, sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from exitvoice.report.tips import source_tip
from exitvoice.web import rendering
from exitvoice.web.pages.common import TheShelf
from exitvoice.web.shelf import Shelf

router = APIRouter(default_response_class=HTMLResponse)
MOST = 25
Entry = tuple[str, str, str, str]


@router.get("/search")
def search(shelf: TheShelf, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Find what holds every word that was asked for."""
    words = q.lower().split()[:12]
    found: dict[str, list[Entry]] = {}
    for entry in _entries(shelf) if words else ():
        if all(word in entry[3] for word in words):
            found.setdefault(entry[0], []).append(entry)
    total = sum(len(entries) for entries in found.values())
    return rendering.render(
        "search",
        title="Search",
        subtitle=f"{total} found for: {q}"
        if words
        else "Write a word above, such as teachers, passport or C24.",
        words=words,
        found=[(kind, entries[:MOST], len(entries)) for kind, entries in found.items()],
    )


@lru_cache(maxsize=2)
def _entries(shelf: Shelf) -> tuple[Entry, ...]:
    return tuple(_all(shelf))


def _all(shelf: Shelf) -> Iterator[Entry]:
    """Yield kind, address, words to show, and words to look in."""
    for name, world in shelf.shipped.items():
        yield _entry("Worlds", f"/worlds/{name}", world.title, f"{name} {world.about}")
        for rule in world.rules:
            yield _entry(
                "Rules", f"/trace/rule/{rule.id}?world={name}", f"{rule.title} ({world.title})", rule.id
            )
    for key, prior in shelf.priors.items():
        yield _entry("Assumptions", f"/trace/parameter/{key}", prior.title, f"{key} {prior.mechanism}")
    for claim in shelf.ledger.claims.values():
        text = f"{claim.id}: {claim.text}"
        yield _entry("Claims", f"/claims/{claim.id}", text, " ".join(claim.speakers))
    for one in shelf.ledger.statements.values():
        text = f"{one.subject}: {one.property}, {one.period}"
        yield _entry("Statements", f"/evidence/records/{one.id}", text, f"{one.id} {one.series or ''}")
    for source in shelf.ledger.sources.values():
        yield _entry("Sources", f"/evidence/records/{source.id}", source_tip(source), source.id)


def _entry(kind: str, address: str, text: str, more: str) -> Entry:
    return kind, address, text, f"{text} {more}".lower()
