"""How a worker tells the store how far it is: not at each step, but often enough to watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from exitvoice.web.jobs.store import Store

TELL_SECONDS = 0.25
LIVE_SECONDS = 0.7


@dataclass
class Telling:
    """The line from a worker to the store, for one job under its lease."""

    store: Store
    job: str
    lease: str
    may_go_on: bool = True
    _told: float = field(default=0.0)
    _shown: float = field(default_factory=time.monotonic)

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
        if now - self._told < TELL_SECONDS and done < total:
            return self.may_go_on
        shown = None
        if live is not None and now - self._shown >= LIVE_SECONDS:
            shown = live()
            self._shown = time.monotonic()
        self._told = now
        self.may_go_on = self.store.tell(self.job, self.lease, done=done, total=total, note=note, live=shown)
        return self.may_go_on
