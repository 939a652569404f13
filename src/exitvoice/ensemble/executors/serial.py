"""One run after the other, in this process: for tests, for debugging, and for runs that need every thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exitvoice.ensemble.work import Bench, Job, Outcome, Task


class Serial:
    """Makes runs in the process that asks for them."""

    def outcomes(self, job: Job, tasks: Iterator[Task]) -> Iterator[Sequence[Outcome]]:
        """Yield one outcome at a time."""
        bench = Bench(job)
        for task in tasks:
            yield (bench.run(task),)
