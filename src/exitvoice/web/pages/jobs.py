"""The queue, a job that grows while it is watched, stopping and taking up again, results to take away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, StreamingResponse

from exitvoice.web import rendering
from exitvoice.web.jobs import FullError, Job, State
from exitvoice.web.jobs.files import FILES
from exitvoice.web.jobs.shown import Shown, from_json
from exitvoice.web.pages.common import JobId, TheSettings, TheShelf, find_job
from exitvoice.web.security.headers import REPORT_POLICY
from exitvoice.web.shelf import Shelf

router = APIRouter(default_response_class=HTMLResponse)
LOOK_SECONDS = 0.25
KEEP_ALIVE_SECONDS = 15.0
KINDS = {"run": "run", "twins": "twins", "replay": "replay", "board": "claims board"}
FileKind = Annotated[Literal["zarr", "csv", "report"], Path(description="What to take away.")]


@router.get("/jobs")
def queue(shelf: TheShelf, settings: TheSettings) -> HTMLResponse:
    """List the jobs, the newest first."""
    room = f" The newest {settings.bounds.kept:,} that are over are kept." if settings.public else ""
    jobs = shelf.store.jobs()
    waiting = [job.id for job in reversed(jobs) if job.state is State.WAITING]
    before = {job_id: place for place, job_id in enumerate(waiting)}
    return rendering.render(
        "jobs", title="Jobs", here="jobs",
        jobs=[(job, KINDS[job.kind], how_it_stands(job, before.get(job.id, 0))) for job in jobs],
        subtitle="Long work goes on when you close this tab, and is taken up again when the server is restarted."
        + room,
    )  # fmt: skip


@router.get("/jobs/{job_id}")
def show(shelf: TheShelf, job_id: JobId) -> HTMLResponse:
    """Show a job: what grows while it runs, what came of it when it is over."""
    job = find_job(shelf.store, job_id)
    text = shelf.store.outcome(job_id) or shelf.store.live(job_id)
    shown = from_json(text) if text else None
    return rendering.render(
        "job",
        title=job.title,
        subtitle="" if job.state.is_over else "You may close this page; the work goes on.",
        here="jobs",
        plots=_plots(shown, job),
        job=job,
        kind=KINDS[job.kind],
        says=how_it_stands(job, _before(job, shelf)),
        shown=shown,
        ways=_ways(shown, job),
        files=[(kind, FILES[kind][1]) for kind in shown.files] if shown else [],
    )


@router.get("/jobs/{job_id}/events", response_class=StreamingResponse)
async def events(shelf: TheShelf, job_id: JobId, request: Request) -> StreamingResponse:
    """Send how a job stands whenever that changes, until it is over."""
    find_job(shelf.store, job_id)
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(_watch(shelf, job_id, request), media_type="text/event-stream", headers=headers)


@router.post("/jobs/{job_id}/stop", status_code=303, response_class=RedirectResponse)
def stop(shelf: TheShelf, job_id: JobId) -> RedirectResponse:
    """Ask a job to stop and keep what is done."""
    find_job(shelf.store, job_id)
    shelf.store.ask_stop(job_id)
    return RedirectResponse(f"/jobs/{job_id}", status_code=303)


@router.post("/jobs/{job_id}/resume", status_code=303, response_class=RedirectResponse)
def resume(shelf: TheShelf, settings: TheSettings, job_id: JobId) -> RedirectResponse:
    """Let a stopped or failed job go on."""
    find_job(shelf.store, job_id)
    try:
        shelf.store.resume(job_id, most_waiting=settings.bounds.waiting)
    except FullError as problem:
        raise HTTPException(429, str(problem)) from problem
    return RedirectResponse(f"/jobs/{job_id}", status_code=303)


@router.get("/jobs/{job_id}/files/{kind}", response_class=FileResponse)
def take_away(shelf: TheShelf, job_id: JobId, kind: FileKind) -> FileResponse:
    """Hand out a result of a job: its numbers as Zarr or as a table, or its report."""
    return _file(shelf, job_id, kind, is_shown=False)


@router.get("/jobs/{job_id}/report", response_class=FileResponse)
def report(shelf: TheShelf, job_id: JobId) -> FileResponse:
    """Show the report of a job, in a sandbox of its own."""
    return _file(shelf, job_id, "report", is_shown=True)


def _file(shelf: Shelf, job_id: str, kind: str, *, is_shown: bool) -> FileResponse:
    job = find_job(shelf.store, job_id)
    inside, name, media = FILES[kind]
    path = shelf.store.place(job.id) / inside
    if not job.state.is_over or not path.is_file():
        raise HTTPException(404, "This job has no such result (yet).")
    headers = {"content-security-policy": REPORT_POLICY} if kind == "report" else None
    if is_shown:
        return FileResponse(path, media_type=media, headers=headers)
    return FileResponse(
        path, media_type=media, filename=f"exitvoice-{job.kind}-{job.id[:8]}-{name}", headers=headers
    )


async def _watch(shelf: Shelf, job_id: str, request: Request) -> AsyncIterator[str]:
    version, spoke = -1, time.monotonic()
    while not await request.is_disconnected() and not request.app.state.is_ending:
        job = await asyncio.to_thread(shelf.store.job, job_id)
        if job is None:
            return
        if job.version != version:
            version, spoke = job.version, time.monotonic()
            yield f"data: {json.dumps(await asyncio.to_thread(_event, shelf, job))}\n\n"
        if job.state.is_over:
            return
        if time.monotonic() - spoke > KEEP_ALIVE_SECONDS:
            spoke = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)


def _event(shelf: Shelf, job: Job) -> dict[str, object]:
    text = shelf.store.live(job.id)
    shown = from_json(text) if text else None
    figures = [figure for part in shown.parts for figure in part.figures] if shown else []
    return {
        "state": job.state,
        "share": round(job.share, 4),
        "says": how_it_stands(job, _before(job, shelf)),
        "total": shown.total if shown else "",
        "unit": shown.unit if shown else "",
        "plots": {figure.key: figure.plot for figure in figures},
        "readings": {figure.key: figure.reading for figure in figures},
        "axes": {figure.key: figure.axis for figure in figures},
    }


def _ways(shown: Shown | None, job: Job) -> dict[str, list[str]]:
    """Return where the rows of each part's table lead: to the claim of a verdict, else to the job's own traces."""
    base = "/trace/verdict/" if job.kind == "board" else f"/jobs/{job.id}/trace/"
    parts = shown.parts if shown else ()
    return {part.key: [f"{base}{name}" for name in part.traced] for part in parts}


def _before(job: Job, shelf: Shelf) -> int:
    return shelf.store.waiting_before(job) if job.state is State.WAITING else 0


def how_it_stands(job: Job, before: int) -> str:
    """Say in a sentence how a job stands; `before` is how many wait before it."""
    if job.state is State.WAITING:
        place = (
            f"{before} {'job stands' if before == 1 else 'jobs stand'} before it" if before else "it is next"
        )
        return f"{job.note} Waiting; {place}.".strip()
    if job.state is State.RUNNING:
        if job.is_stop_asked:
            return "Stopping after the step under way."
        if not job.done:
            return f"{job.note.capitalize() or 'Beginning'}."
        is_of_runs = job.kind in ("board", "replay")
        done = f"{job.done:,} of {job.total:,} runs" if is_of_runs else f"{job.share:.0%}"
        left = f", about {_duration(job.remaining)} left" if job.remaining else ""
        return f"{job.note.capitalize()}: {done} done{left}."
    if job.state is State.DONE:
        return f"Done in {_duration(job.ended - job.started)}."
    return job.note or job.state.capitalize()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _plots(shown: Shown | None, job: Job) -> dict[str, str]:
    found = {figure.key: figure.plot for part in shown.parts for figure in part.figures} if shown else {}
    if not found and job.kind == "run" and not job.state.is_over:
        return {"cost-by-year": "{}", "coverage": "{}"}  # there to be filled while it runs
    return found
