"""A worker process: takes jobs from the store, one after another, until its server ends."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import threading
import time
import traceback
from pathlib import Path

from exitvoice.errors import ExitvoiceError
from exitvoice.web.jobs import work
from exitvoice.web.jobs.job import Job, State
from exitvoice.web.jobs.shown import to_json
from exitvoice.web.jobs.store import LeaseLostError, Store
from exitvoice.web.jobs.telling import Telling

IDLE_SECONDS = 0.2


def serve(folder: str, lease: str, memory: int) -> None:
    """Work until the server ends: the life of a worker process.

    Parameters
    ----------
    folder : str
        Of the store.
    lease : str
        The word under which this process takes jobs up.
    memory : int
        Bytes of data it may hold.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    store = Store(Path(folder))
    while True:
        job = store.take(lease)
        if job is None:
            time.sleep(IDLE_SECONDS)
        else:
            try:
                _do(store, job, lease)
            except LeaseLostError:
                continue


def _do(store: Store, job: Job, lease: str) -> None:
    place = store.place(job.id)
    try:
        place.mkdir(
            parents=True, exist_ok=True
        )  # or it is there, with what was done before the job was interrupted
        order = store.order(job.id)
        assert order is not None
        shown, is_whole = work.perform(order, place, Telling(store, job.id, lease))
    except LeaseLostError:
        raise
    except ExitvoiceError as problem:
        store.end(job.id, lease, State.FAILED, note=str(problem)[:2000])
    except Exception as problem:  # a worker outlives whatever befalls one job; the trace is for the log
        if _is_out_of_memory(problem):
            store.end(job.id, lease, State.FAILED, note=_too_large())
        else:
            traceback.print_exc()
            store.end(job.id, lease, State.FAILED, note=f"A fault of the program: {type(problem).__name__}.")
    else:
        state = State.DONE if is_whole else State.STOPPED
        note = "" if is_whole else "Stopped when asked. What was done until then is kept."
        store.end(job.id, lease, state, note=note, outcome="" if shown is None else to_json(shown))


def _is_out_of_memory(problem: Exception) -> bool:
    # with no memory for its stack a thread cannot be started, which Python says in this way
    return (
        isinstance(problem, MemoryError)
        or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM)
        or (isinstance(problem, RuntimeError) and "can't start new thread" in str(problem))
    )


def _too_large() -> str:
    most = resource.getrlimit(resource.RLIMIT_DATA)[0] / 2**30
    return f"It needs more memory than a job may have here, which is {most:.2g} GiB. Order it with a smaller scale."


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the server is gone; the next one takes the job up again
