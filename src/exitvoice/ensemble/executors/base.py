"""The seam between an ensemble and the machines that make its runs: one method."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from exitvoice.ensemble.work import Failure, Task, Work

GLANCE_SECONDS = 0.25
"""How often an executor that waits gives its caller the chance to stop it."""
TASK_SECONDS = 1.0
"""Work that is handed out at once lasts about so long: less would be spent on handing it out."""
MOST_AT_ONCE = 64
PATIENCE = 3
"""A run that was under way when a worker died is tried so often; then it counts as failed."""
KILLED = "its worker died each of the {count} times it was tried (out of memory, perhaps)"


MadeT = TypeVar("MadeT")


class Executor(Protocol):
    """Makes runs and gives back what came of them, in whatever order they end.

    Every executor keeps these promises, which tests/unit/test_ensemble_executors.py holds them to: each task has
    exactly one outcome; a task that fails does not touch the others; tasks are taken one by one, and never many more
    than are under way, so that memory stays flat; closing the iterator ends the work at once.
    """

    def outcomes(self, job: Work[MadeT], tasks: Iterator[Task]) -> Iterator[Sequence[MadeT | Failure]]:
        """Yield outcomes as they come, and an empty sequence now and then while there are none."""
        ...


@contextmanager
def closed(arriving: Iterator[Sequence[MadeT | Failure]]) -> Iterator[Iterator[Sequence[MadeT | Failure]]]:
    """End the work when it is left, however it is left."""
    try:
        yield arriving
    finally:
        if isinstance(arriving, Generator):
            arriving.close()


@dataclass
class Pace:
    """Mean seconds of a run so far, which says how many to hand out at once."""

    seconds: float = 0.0
    runs: int = 0

    def note(self, seconds: float, runs: int = 1) -> None:
        """Take note of runs that took so long together."""
        self.seconds += seconds
        self.runs += runs

    @property
    def at_once(self) -> int:
        """Runs that last about `TASK_SECONDS` together; 1 as long as nothing is known."""
        if self.runs == 0 or self.seconds <= 0.0:
            return 1
        return min(MOST_AT_ONCE, max(1, math.ceil(TASK_SECONDS * self.runs / self.seconds)))
