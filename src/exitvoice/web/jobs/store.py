"""The queue on disk: one SQLite file that the server and its workers share.

Every change is one transaction, so a kill at any moment leaves each job in one state. A worker that takes a job up gets
a lease, a random word; it may write only while the job still carries it. So a worker of a server that was killed cannot
write into a job that another has taken up since.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from pathlib import Path

from pydantic import TypeAdapter

from exitvoice.web.jobs.database import Database
from exitvoice.web.jobs.job import Job, Order, State

PATIENCE = 3
"""Attempts after which a job whose worker ends each time is given up."""
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_COLUMNS = (
    "id, title, kind, state, done, total, note, created, started, ended, "
    "stop_asked, attempts, version, remaining"
)


class FullError(Exception):
    """There is no room for more; says what and how to mend it."""


class LeaseLostError(Exception):
    """Somebody else has taken the job up; whoever held it before must write no more."""


class Store:
    """Jobs and the scenarios that visitors brought; safe for many threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        database = Database(folder)
        self._read, self._change = database.read, database.change

    def add(self, order: Order, *, title: str, most_waiting: int) -> Job:
        """Put an order at the end of the queue.

        Raises
        ------
        FullError
            Where so many wait already.
        """
        made = secrets.token_hex(12)
        with self._change() as database:
            _check_room(database, most_waiting)
            database.execute(
                "INSERT INTO jobs (id, title, kind, order_json, state, created) VALUES (?, ?, ?, ?, ?, ?)",
                (made, title, order.kind, _ORDER.dump_json(order).decode(), State.WAITING, time.time()),
            )
        job = self.job(made)
        assert job is not None
        return job

    def job(self, job_id: str) -> Job | None:
        """Look a job up; None if there is none of this id."""
        row = self._read(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", job_id).fetchone()
        return None if row is None else _job(row)

    def order(self, job_id: str) -> Order | None:
        """Return what was ordered; None if there is no job of this id."""
        row = self._read("SELECT order_json FROM jobs WHERE id = ?", job_id).fetchone()
        return None if row is None else _ORDER.validate_json(row[0])

    def jobs(self, most: int = 200) -> list[Job]:
        """Return the newest jobs, the newest first."""
        rows = self._read(f"SELECT {_COLUMNS} FROM jobs ORDER BY created DESC, rowid DESC LIMIT ?", most)
        return [_job(row) for row in rows]

    def edition(self) -> tuple[int, int]:
        """Return something that changes whenever a job comes or says something new."""
        count, versions = self._read("SELECT count(*), sum(version) FROM jobs").fetchone()
        return int(count), int(versions or 0)

    def waiting_before(self, job: Job) -> int:
        """Return how many jobs stand before one in the queue."""
        found = self._read(
            "SELECT count(*) FROM jobs WHERE state = ? AND created < ?", State.WAITING, job.created
        )
        return int(found.fetchone()[0])

    def live(self, job_id: str) -> str:
        """Return what a job shows while it runs, as JSON; empty where there is nothing yet."""
        row = self._read("SELECT live FROM jobs WHERE id = ?", job_id).fetchone()
        return "" if row is None else str(row[0])

    def outcome(self, job_id: str) -> str:
        """Return what came of a job, as JSON; empty where there is nothing yet."""
        row = self._read("SELECT outcome FROM jobs WHERE id = ?", job_id).fetchone()
        return "" if row is None else str(row[0])

    def take(self, lease: str) -> Job | None:
        """Take the longest waiting job up under a lease; None where none waits."""
        with self._change() as database:
            row = database.execute(
                "UPDATE jobs SET state = ?, lease = ?, started = ?, attempts = attempts + 1, version = version + 1, "
                "note = '', live = '', remaining = 0 "
                "WHERE id = (SELECT id FROM jobs WHERE state = ? ORDER BY created, rowid LIMIT 1) "
                f"RETURNING {_COLUMNS}",
                (State.RUNNING, lease, time.time(), State.WAITING),
            ).fetchone()
        return None if row is None else _job(row)

    def tell(
        self,
        job_id: str,
        lease: str,
        *,
        done: int,
        total: int,
        note: str,
        remaining: float = 0.0,
        live: str | None = None,
    ) -> bool:
        """Note how far a job is, and about how many seconds it still takes; return whether it may go on.

        Raises
        ------
        LeaseLostError
        """
        more = "" if live is None else ", live = :live"
        with self._change() as database:
            row = database.execute(
                "UPDATE jobs SET done = :done, total = :total, note = :note, remaining = :remaining, "
                f"version = version + 1{more} "
                "WHERE id = :id AND lease = :lease AND state = :running RETURNING stop_asked",
                {"done": done, "total": total, "note": note, "remaining": remaining, "live": live, "id": job_id,
                 "lease": lease, "running": State.RUNNING},
            ).fetchone()  # fmt: skip
        if row is None:
            raise LeaseLostError(job_id)
        return not row[0]

    def end(self, job_id: str, lease: str, state: State, *, note: str = "", outcome: str = "") -> None:
        """Note that a job is over.

        Raises
        ------
        LeaseLostError
        """
        with self._change() as database:
            changed = database.execute(
                "UPDATE jobs SET state = ?, note = ?, outcome = ?, ended = ?, lease = '', live = '', "
                "version = version + 1 WHERE id = ? AND lease = ? AND state = ?",
                (state, note, outcome, time.time(), job_id, lease, State.RUNNING),
            ).rowcount
        if not changed:
            raise LeaseLostError(job_id)

    def ask_stop(self, job_id: str) -> None:
        """Ask a running job to stop and keep what it has; a waiting one is stopped at once."""
        with self._change() as database:
            database.execute(
                "UPDATE jobs SET stop_asked = 1, version = version + 1 WHERE id = ? AND state = ?",
                (job_id, State.RUNNING),
            )
            database.execute(
                "UPDATE jobs SET state = ?, note = 'Stopped before it began.', ended = ?, version = version + 1 "
                "WHERE id = ? AND state = ?",
                (State.STOPPED, time.time(), job_id, State.WAITING),
            )

    def resume(self, job_id: str, *, most_waiting: int) -> None:
        """Let a stopped or failed job wait again.

        Raises
        ------
        FullError
        """
        with self._change() as database:
            _check_room(database, most_waiting)
            database.execute(
                "UPDATE jobs SET state = ?, note = '', stop_asked = 0, attempts = 0, ended = 0, "
                "version = version + 1 WHERE id = ? AND state IN (?, ?)",
                (State.WAITING, job_id, State.STOPPED, State.FAILED),
            )

    def make_room(self, most: int) -> None:
        """Let go of the jobs that ended longest ago, results and all, but for so many."""
        with self._change() as database:
            gone = database.execute(
                "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state IN (?, ?, ?) "
                "ORDER BY ended DESC, rowid DESC LIMIT -1 OFFSET ?) RETURNING id",
                (State.DONE, State.STOPPED, State.FAILED, most),
            ).fetchall()
        for (job_id,) in gone:
            shutil.rmtree(self.place(job_id), ignore_errors=True)

    def put_back(self) -> None:
        """Let every running job wait again because the server ends in order; that is no attempt of theirs."""
        with self._change() as database:
            database.execute(
                "UPDATE jobs SET state = ?, lease = '', attempts = max(attempts - 1, 0), version = version + 1, "
                "note = 'Interrupted; taken up again.' WHERE state = ?",
                (State.WAITING, State.RUNNING),
            )

    def take_back(self, *, lease: str | None = None) -> int:
        """Let jobs wait again whose worker was killed: one by its lease, or every running one when a server begins.

        A job that has been taken up so often that it seems to be what ends its workers is given up.
        """
        of_one = "" if lease is None else " AND lease = :lease"
        with self._change() as database:
            given_up = database.execute(
                "UPDATE jobs SET state = :failed, ended = :now, lease = '', version = version + 1, note = :why "
                f"WHERE state = :running AND attempts >= :most{of_one}",
                {"failed": State.FAILED, "running": State.RUNNING, "now": time.time(), "most": PATIENCE,
                 "lease": lease, "why": f"Its process ended {PATIENCE} times before it was done: killed, or out of "
                 "memory. A smaller scale may help."},
            )  # fmt: skip
            again = database.execute(
                "UPDATE jobs SET state = :waiting, lease = '', version = version + 1, note = 'Interrupted; taken up "
                f"again.' WHERE state = :running{of_one}",
                {"waiting": State.WAITING, "running": State.RUNNING, "lease": lease},
            )
            return given_up.rowcount + again.rowcount

    def keep_world(self, world_id: str, text: str, *, most: int) -> None:
        """Keep a scenario that a visitor brought.

        Raises
        ------
        FullError
        """
        with self._change() as database:
            count = database.execute("SELECT count(*) FROM worlds WHERE id != ?", (world_id,)).fetchone()[0]
            if count >= most:
                raise FullError(
                    f"{most} scenarios of visitors are kept already; use one of them, or start with a new --folder."
                )
            database.execute("INSERT OR REPLACE INTO worlds VALUES (?, ?, ?)", (world_id, text, time.time()))

    def done(self, kind: str) -> list[str]:
        """Return the ids of the jobs of a kind that are done, the newest first."""
        query = "SELECT id FROM jobs WHERE kind = ? AND state = ? ORDER BY ended DESC"
        return [str(row[0]) for row in self._read(query, kind, State.DONE)]

    def count_worlds(self) -> int:
        """Return how many scenarios visitors brought."""
        return int(self._read("SELECT count(*) FROM worlds").fetchone()[0])

    def worlds(self) -> list[tuple[str, str]]:
        """Return id and text of the scenarios that visitors brought, the oldest first."""
        return [
            (str(row[0]), str(row[1])) for row in self._read("SELECT id, text FROM worlds ORDER BY created")
        ]

    def place(self, job_id: str) -> Path:
        """Return the folder of a job that the store knows; its name is the job's own id, drawn here."""
        return self.folder / "jobs" / job_id


def _check_room(database: sqlite3.Connection, most_waiting: int) -> None:
    waiting = database.execute("SELECT count(*) FROM jobs WHERE state = ?", (State.WAITING,))
    if waiting.fetchone()[0] >= most_waiting:
        raise FullError(f"{most_waiting} jobs are waiting already; wait until some are done, or stop some.")


def _job(row: tuple[object, ...]) -> Job:
    made, title, kind, state, done, total, note, created, started, ended, stop, attempts, version, left = row
    return Job(
        id=str(made), title=str(title), kind=str(kind), state=State(str(state)),
        done=int(str(done)), total=int(str(total)), note=str(note), created=float(str(created)),
        started=float(str(started)), ended=float(str(ended)), is_stop_asked=bool(stop),
        attempts=int(str(attempts)), version=int(str(version)), remaining=float(str(left)),
    )  # fmt: skip
