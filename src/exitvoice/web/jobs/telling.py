"""How a worker tells the store how far it is: not at each step, but often enough to watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from exitvoice.web.jobs.store import Store

TELL_SECONDS = 0.25
LIVE_SECONDS = 0.7
LEAST_WORK = 4.0
"""Seconds of work for each second in which what is shown meanwhile is made."""
LEAST_SECONDS, LEAST_SHARE = 1.0, 0.01
"""Work after which the time left can be told."""


@dataclass
class Telling:
    """The line from a worker to the store, for one job under its lease."""

    store: Store
    job: str
    lease: str
    may_go_on: bool = True
    _told: float = field(default=0.0)
    _show_at: float = field(default_factory=lambda: time.monotonic() + LIVE_SECONDS)
    _first: tuple[int, int, float] = field(default=(0, 0, 0.0))

    def __call__(self, done: int, total: int, note: str, live: Callable[[], str] | None = None) -> bool:
        """Say how far it is; return False where a person asked to stop.

        Parameters
        ----------
        done, total : int
            Steps or runs.
        note : str
        live : callable, optional
            Makes what the page shows meanwhile; called now and then.
        """
        now = time.monotonic()
        remaining = self._remaining(done, total, now)
        if now - self._told < TELL_SECONDS and done < total:
            return self.may_go_on
        shown = None
        if live is not None and now >= self._show_at:
            shown = live()
            made = time.monotonic()
            self._show_at = made + max(LIVE_SECONDS, LEAST_WORK * (made - now))
        self._told = now
        self.may_go_on = self.store.tell(
            self.job, self.lease, done=done, total=total, note=note, remaining=remaining, live=shown
        )
        return self.may_go_on

    def _remaining(self, done: int, total: int, now: float) -> float:
        """Return the seconds left, from what was done since work of this kind began or went on; 0 where unknown."""
        first, of, since = self._first
        if total != of or not 0 < first <= done:  # compiling counts for nothing, what was done before neither
            self._first = (done, total, now)
            return 0.0
        passed, made = now - since, done - first
        if passed < LEAST_SECONDS or made < LEAST_SHARE * total:
            return 0.0
        return passed * (total - done) / made
