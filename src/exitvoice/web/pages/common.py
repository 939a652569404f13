"""What the pages have in common: how a request finds the shelf and the store, and what an id may look like."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, HTTPException, Path, Request

from exitvoice.errors import InputError
from exitvoice.scenario import Scenario
from exitvoice.web.jobs import Job, Store
from exitvoice.web.settings import Settings
from exitvoice.web.shelf import Shelf

WorldId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", description="A world, as the gallery names it.")]
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$", description="A job, as the list of jobs names it.")]
ClaimId = Annotated[str, Path(pattern=r"^C[0-9]{1,3}$", description="A claim of the evidence.")]
RecordId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{1,120}$", description="A record or a source of the evidence.")
]


def _shelf(request: Request) -> Shelf:
    return cast(Shelf, request.app.state.shelf)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


TheShelf = Annotated[Shelf, Depends(_shelf)]
TheSettings = Annotated[Settings, Depends(_settings)]


def find_world(shelf: Shelf, world_id: str) -> Scenario:
    """Look a world up, or answer 404."""
    found = shelf.world(world_id)
    if found is None:
        raise HTTPException(404, "There is no such world here.")
    return found


def find_job(store: Store, job_id: str) -> Job:
    """Look a job up, or answer 404."""
    found = store.job(job_id)
    if found is None:
        raise HTTPException(404, "There is no such job here.")
    return found


def refuse(problem: InputError) -> HTTPException:
    """Return the mistakes of an input as an answer: 422, each in words."""
    return HTTPException(422, "\n\n".join(str(mistake) for mistake in problem.mistakes[:40]))
