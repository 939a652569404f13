"""The file of the queue: one SQLite database, a connection a thread, every change whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "jobs.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL,
  order_json TEXT NOT NULL, state TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
  created REAL NOT NULL, started REAL NOT NULL DEFAULT 0, ended REAL NOT NULL DEFAULT 0,
  stop_asked INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
  lease TEXT NOT NULL DEFAULT '', live TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '',
  remaining REAL NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created);
CREATE TABLE IF NOT EXISTS worlds (id TEXT PRIMARY KEY, text TEXT NOT NULL, created REAL NOT NULL);
"""
_ADDED = "ALTER TABLE jobs ADD COLUMN remaining REAL NOT NULL DEFAULT 0"


class _Closing(sqlite3.Connection):
    """A thread's connection: it is closed when the thread, or the store, is gone."""

    def __del__(self) -> None:
        self.close()


class Database:
    """A database that the server's threads and its workers share; made where there is none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._local = threading.local()
        with self.change() as database:
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            if not any(row[1] == "remaining" for row in database.execute("PRAGMA table_info(jobs)")):
                database.execute(_ADDED)  # a folder of an earlier version

    def read(self, query: str, *values: object) -> sqlite3.Cursor:
        """Ask for rows."""
        return self._connection().execute(query, values)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Give a transaction, which is committed where the block ends well."""
        database = self._connection()
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        made: sqlite3.Connection | None = getattr(self._local, "database", None)
        if made is None:
            made = sqlite3.connect(
                self._path,
                timeout=30.0,
                isolation_level=None,
                factory=_Closing,
                check_same_thread=False,  # used by one thread, and closed by whichever clears up after it
            )
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = FULL")
            self._local.database = made
        return made
