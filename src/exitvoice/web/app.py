"""The application: pages behind the door, a crew of workers beside them."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException as AnyHTTPException

from exitvoice import __version__
from exitvoice.web import rendering
from exitvoice.web.jobs import Store
from exitvoice.web.jobs.crew import Crew
from exitvoice.web.kept import Kept
from exitvoice.web.pages import claims, enter, evidence, job_trace, jobs, run, search, trace, twins, worlds
from exitvoice.web.security.guard import Guard, Sessions
from exitvoice.web.security.headers import HEADERS
from exitvoice.web.settings import Settings
from exitvoice.web.shelf import Shelf

_FOREVER = "private, max-age=31536000, immutable"
_HTML = {"content": {"text/html": {"schema": {"type": "string"}}}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    403: {"description": "Not from here, or without the key."},
    404: {"description": "There is no such thing here.", **_HTML},
    413: {"description": "Too large."},
    421: {"description": "Not the address of this page."},
    422: {"description": "What was asked has mistakes; the page lists them.", **_HTML},
    429: {"description": "Too often, or too much at once.", **_HTML},
}
_TITLES = {
    400: "This cannot be read",
    404: "There is nothing here",
    405: "This cannot be done",
    413: "This is too large",
    422: "This cannot be done so",
    429: "Not now",
}
_PLAIN = {
    "Not Found": "This address leads nowhere: it may be old, or mistyped. Search above, or begin with the worlds.",
    "Method Not Allowed": "This address only takes what a form of the page sends.",
}
"""What the library says of an address that nobody serves, in words."""


def create_app(settings: Settings, *, with_workers: bool = True) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings : Settings
    with_workers : bool
        Whether jobs are done; without, they wait (for tests, and where another process works).
    """
    settings.prepare()
    store = Store(settings.folder)
    crew = Crew(store, workers=settings.bounds.workers, memory=settings.bounds.memory)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.shelf.load()
        if with_workers:
            crew.begin()
            threading.Thread(target=worlds.warm, args=(app.state.shelf,), name="warm", daemon=True).start()
        yield
        app.state.is_ending = True
        if with_workers:
            crew.end()

    app = FastAPI(
        title="exitvoice", version=__version__, lifespan=life,
        redirect_slashes=False, docs_url=None, redoc_url=None, responses=_ANSWERS,
        description="A laboratory for exit-control regimes. Persons are synthetic.",
    )  # fmt: skip
    app.state.settings, app.state.shelf, app.state.crew = settings, Shelf(store, settings.board), crew
    app.state.is_ending = False
    for page in (
        worlds,
        run,
        twins,
        claims,
        evidence,
        trace,
        search,
        jobs,
        job_trace,
        *((enter,) if settings.public else ()),
    ):
        app.include_router(page.router)
    _add_static(app)
    app.add_exception_handler(AnyHTTPException, _say)
    app.add_exception_handler(RequestValidationError, _say_what_is_wrong)
    app.add_exception_handler(Exception, _say_fault)
    app.add_middleware(Kept, edition=app.state.shelf.edition, jobs_edition=store.edition)
    app.add_middleware(Guard, settings=settings, sessions=Sessions())
    return app


def _add_static(app: FastAPI) -> None:
    @app.get("/static/{name}", include_in_schema=False)
    async def static(name: Annotated[str, Path(max_length=40)]) -> Response:
        found = rendering.assets().get(name)
        if found is None:
            raise HTTPException(404, "There is no such file.")
        content, media = found
        return Response(content, media_type=media, headers={"cache-control": _FOREVER})


async def _say(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, AnyHTTPException)
    title = _TITLES.get(problem.status_code, "Something went wrong")
    detail = _PLAIN.get(str(problem.detail), str(problem.detail))
    texts = detail.split("\n\n")
    answer = rendering.problem(problem.status_code, title, texts)
    answer.headers.update(problem.headers or {})
    return answer


async def _say_what_is_wrong(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    texts = [
        f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}"
        for fault in problem.errors()[:20]
    ]
    return rendering.problem(422, _TITLES[422], texts)


async def _say_fault(request: Request, problem: Exception) -> Response:
    answer = rendering.problem(500, "A fault of this program", ["It has been written to the terminal."])
    answer.headers.update(HEADERS)  # this one is made outside the door
    return answer
