"""Keeps worker processes alive beside the server, and lets their jobs wait again when one is killed."""

from __future__ import annotations

import fcntl
import multiprocessing
import secrets
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

from exitvoice.errors import OutputError
from exitvoice.web.jobs import worker
from exitvoice.web.jobs.store import Store

LOOK_SECONDS = 0.2
REST_SECONDS = 2.0
LOCK = "server.lock"


class Crew:
    """So many worker processes for one store; one crew for a folder."""

    def __init__(self, store: Store, *, workers: int, memory: int) -> None:
        self._store, self._size, self._memory = store, workers, memory
        self._members: dict[str, BaseProcess] = {}
        self._is_over = threading.Event()
        self._lock: IO[str] | None = None
        self._watch: threading.Thread | None = None

    def begin(self) -> None:
        """Take jobs up that an earlier server left, and start the workers.

        Raises
        ------
        OutputError
            If another server works in this folder.
        """
        self._lock = _locked(self._store.folder / LOCK)
        self._store.take_back()
        self._watch = threading.Thread(target=self._keep, name="crew", daemon=True)
        self._watch.start()

    def end(self) -> None:
        """End the workers; what was under way waits for the next server."""
        self._is_over.set()
        if self._watch is not None:
            self._watch.join(timeout=10.0)
        for process in self._members.values():
            process.terminate()
        for process in self._members.values():
            process.join(timeout=5.0)
        self._members.clear()
        if self._lock is not None:
            self._store.put_back()
            self._lock.close()
            self._lock = None

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the worker processes."""
        return tuple(process.pid or 0 for process in self._members.values())

    def _keep(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            for lease, process in list(self._members.items()):
                if not process.is_alive():
                    del self._members[lease]
                    if not self._store.take_back(lease=lease):  # it ended without a job: do not spin
                        self._is_over.wait(REST_SECONDS)
            while len(self._members) < self._size and not self._is_over.is_set():
                self._hire()

    def _hire(self) -> None:
        lease = secrets.token_hex(8)
        spawn = multiprocessing.get_context("spawn")  # a fork of a server with threads can hang
        process = spawn.Process(
            target=worker.serve, args=(str(self._store.folder), lease, self._memory), daemon=False
        )
        process.start()
        self._members[lease] = process


def _locked(path: Path) -> IO[str]:
    stream = path.open("w")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        stream.close()
        raise OutputError(
            f"another server works in {path.parent}; stop it, or name another folder with --folder"
        ) from problem
    return stream
