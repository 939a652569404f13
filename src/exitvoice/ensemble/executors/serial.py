"""One run after the other, in this process: for tests, for debugging, and for runs that need every thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exitvoice.ensemble.executors.base import MadeT
from exitvoice.ensemble.work import Failure, Task, Work


class Serial:
    """Makes runs in the process that asks for them."""

    def outcomes(self, job: Work[MadeT], tasks: Iterator[Task]) -> Iterator[Sequence[MadeT | Failure]]:
        """Yield one outcome at a time."""
        bench = job.bench()
        for task in tasks:
            yield (bench.run(task),)
