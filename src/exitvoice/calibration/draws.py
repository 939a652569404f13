"""Simulate some proposals, in their order, on an executor; what is in the journal is not simulated again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from exitvoice.calibration.journal import Kept
from exitvoice.calibration.simulator import Simulated, Simulates
from exitvoice.ensemble.executors import Executor
from exitvoice.ensemble.executors.base import closed
from exitvoice.ensemble.plan import RunKey
from exitvoice.ensemble.work import Failure, Task


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """Somebody said stop; what is done is kept."""


@dataclass
class Simulations:
    """Where simulations are made and kept, and how many.

    Attributes
    ----------
    work : Simulates
    executor : Executor
    kept : Kept or None
        None: nothing is kept.
    watch : callable
        Called now and then with (simulations done in all, failed); returns False to stop.
    """

    work: Simulates
    executor: Executor
    kept: Kept | None = None
    watch: Callable[[int, int], bool] = lambda done, failed: True
    done: int = 0
    failed: int = 0

    def in_order(self, tasks: Iterator[Task]) -> Generator[tuple[Task, Simulated | Failure]]:
        """Yield each task with its outcome, in the order of the tasks; close it to have no more made.

        Those under way when it is closed are waited for and kept: workers stay for the next ones.

        Raises
        ------
        Stopped
            If `watch` says so.
        """
        first = None
        for task in tasks:  # what is known needs no workers
            found = None if self.kept is None else self.kept.find(task)
            if found is None:
                first = task
                break
            yield from self._counted(task, found)
        if first is not None:
            yield from self._make(chain((first,), tasks))

    def _make(self, tasks: Iterator[Task]) -> Generator[tuple[Task, Simulated | Failure]]:
        asked: deque[Task] = deque()
        known: dict[RunKey, Simulated | Failure] = {}
        is_enough = False

        def missing() -> Iterator[Task]:
            for task in tasks:
                if is_enough:
                    return
                asked.append(task)
                found = None if self.kept is None else self.kept.find(task)
                if found is None:
                    yield task
                else:
                    known[task.key] = found

        with closed(self.executor.outcomes(self.work, missing())) as arriving:
            try:
                for outcomes in arriving:
                    self._take(asked, outcomes, known)
                    while asked and asked[0].key in known:
                        task = asked.popleft()
                        yield from self._counted(task, known.pop(task.key))
                    self._look()
                while asked:
                    task = asked.popleft()
                    yield from self._counted(task, known.pop(task.key))
            except GeneratorExit:
                is_enough = True
                for outcomes in arriving:
                    self._take(asked, outcomes, known)
                raise

    def _counted(
        self, task: Task, outcome: Simulated | Failure
    ) -> Generator[tuple[Task, Simulated | Failure]]:
        self.done += 1
        self.failed += isinstance(outcome, Failure)
        yield task, outcome

    def _look(self) -> None:
        if not self.watch(self.done, self.failed):
            raise Stopped

    def _take(
        self,
        asked: deque[Task],
        outcomes: Sequence[Simulated | Failure],
        known: dict[RunKey, Simulated | Failure],
    ) -> None:
        known.update({outcome.key: outcome for outcome in outcomes})
        if self.kept is not None and outcomes:
            tasks = {task.key: task for task in asked}
            self.kept.add([tasks[outcome.key] for outcome in outcomes], outcomes)
