"""One process a core, each alive for many runs; a worker that is killed is replaced and its run made again.

Not a pool of the standard library: those end as a whole when one of their processes is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from exitvoice.ensemble.executors.base import GLANCE_SECONDS, KILLED, PATIENCE, MadeT, Pace
from exitvoice.ensemble.plan import RunKey
from exitvoice.ensemble.work import Failure, Task, Work
from exitvoice.errors import InternalError

_READY = "ready"
_GONE = (EOFError, ConnectionError, OSError)
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class Processes:
    """Makes runs in processes of this machine.

    As a context it keeps its workers from one execution to the next, so that many small plans, one after the other, do
    not start them anew: ``with Processes(8) as executor: execute(plan, folder, executor=executor)``.

    Parameters
    ----------
    workers : int
        Processes; one a core is best.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._keeps = False
        self._kept: list[_Worker] = []

    def __enter__(self) -> Self:
        self._keeps = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeps = False
        self._dismiss()

    def outcomes(self, job: Work[MadeT], tasks: Iterator[Task]) -> Iterator[Sequence[MadeT | Failure]]:
        """Yield outcomes as they come."""
        if any(worker.job.threads != job.threads for worker in self._kept):
            self._dismiss()
        for worker in self._kept:
            worker.turn_to(job)
        crew = _Crew(job, tasks, self.workers, self._kept)
        self._kept = []
        try:
            while crew.has_work():
                yield crew.gather()
            if self._keeps:
                self._kept = crew.release()
        finally:
            crew.end()

    def _dismiss(self) -> None:
        for worker in self._kept:
            worker.end()
        self._kept = []


class _Worker:
    """The main process's side of one worker: its pipe, and what was handed to it and is not back."""

    def __init__(self, job: Work[Any]) -> None:
        self.job = job
        context = multiprocessing.get_context("spawn")  # a fork would copy threads and locks in any state
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=_serve, args=(far_end, job), daemon=True)
        with _one_thread_each(job.threads):
            self.process.start()
        far_end.close()  # else the pipe would stay open when the worker dies
        self.waiting: deque[Task] = deque()
        self.is_ready = False
        self.since = time.monotonic()

    def turn_to(self, job: Work[Any]) -> None:
        """Set an idle worker up for another job."""
        if job != self.job:
            self.job, self.is_ready = job, False
            self._send(job)

    def hand(self, tasks: Sequence[Task]) -> None:
        """Give it tasks, to be done after those it has."""
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.extend(tasks)
        self._send(list(tasks))

    def _send(self, message: object) -> None:
        # if it has died, the next look at its pipe finds out; `waiting` holds what it had
        with suppress(*_GONE):
            self.pipe.send(message)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class _Crew:
    """All workers, the tasks still to be handed out, and those to be handed out again."""

    def __init__(self, job: Work[Any], tasks: Iterator[Task], size: int, workers: list[_Worker]) -> None:
        self._job = job
        self._tasks = tasks
        self._again: deque[Task] = deque()
        self._deaths: Counter[RunKey] = Counter()
        self._early_deaths = 0
        self._pace = Pace()
        self._size = size
        self._workers = workers
        self._next: deque[Task] = deque(islice(tasks, 1))

    def has_work(self) -> bool:
        return bool(self._next or self._again or any(worker.waiting for worker in self._workers))

    def gather(self) -> list[Any]:
        self._staff()
        ready = wait([worker.pipe for worker in self._workers], timeout=GLANCE_SECONDS)
        found: list[Any] = []
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            found += self._listen(worker)
        return found

    def release(self) -> list[_Worker]:
        """Let go of the workers, all of whose runs are back."""
        workers, self._workers = self._workers, []
        return workers

    def end(self) -> None:
        for worker in self._workers:
            worker.end()

    def _staff(self) -> None:
        """Start workers while there is work for one more, and keep all of them busy."""
        idle = sum(1 for worker in self._workers if not worker.waiting)
        while len(self._workers) < self._size and idle < len(self._next) + len(self._again):
            self._workers.append(_Worker(self._job))
            idle += 1
            self._hand(self._workers[-1])
            idle -= bool(self._workers[-1].waiting)
        for worker in self._workers:
            self._hand(worker)

    def _hand(self, worker: _Worker) -> None:
        wanted = self._pace.at_once if worker.is_ready else 1
        if len(worker.waiting) * 2 <= wanted - (wanted == 1):
            tasks = list(self._take(wanted - len(worker.waiting)))
            if tasks:
                worker.hand(tasks)

    def _take(self, count: int) -> Iterator[Task]:
        for _ in range(count):
            if self._again:
                yield self._again.popleft()
            elif self._next:
                task = self._next.popleft()
                self._next.extend(islice(self._tasks, 1))  # one ahead, to know whether there is more
                yield task
            else:
                return

    def _listen(self, worker: _Worker) -> list[Any]:
        """Take one message: more of them wait in the pipe, not in our memory."""
        try:
            message = worker.pipe.recv()
        except _GONE:
            return self._bury(worker)
        if message == _READY:
            worker.is_ready = True
            worker.since = time.monotonic()
            return []
        now = time.monotonic()
        worker.waiting.popleft()
        self._pace.note(now - worker.since)
        worker.since = now
        return [message]

    def _bury(self, worker: _Worker) -> list[Any]:
        self._workers.remove(worker)
        worker.end()
        if not worker.is_ready:
            self._again.extendleft(reversed(worker.waiting))
            return self._count_early_death(worker)
        found: list[Any] = []
        if worker.waiting:  # runs come back in the order they were handed out: the first was under way
            task = worker.waiting[0]
            self._deaths[task.key] += 1
            if self._deaths[task.key] >= PATIENCE:
                worker.waiting.popleft()
                found.append(Failure(task.key, KILLED.format(count=PATIENCE)))
        self._again.extendleft(reversed(worker.waiting))
        return found

    def _count_early_death(self, worker: _Worker) -> list[Any]:
        self._early_deaths += 1
        if self._early_deaths >= PATIENCE + self._size:
            raise InternalError(
                f"worker processes end before they begin (exit code {worker.process.exitcode}); in a script, call "
                'execute() under `if __name__ == "__main__":`, as worker processes read the script too'
            )
        return []


def _serve(pipe: Connection, job: Work[Any]) -> None:
    """Make runs until the pipe closes: the life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the main process decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    bench = job.bench()
    try:
        pipe.send(_READY)
        while True:
            message = pipe.recv()
            if isinstance(message, list):
                for task in message:
                    pipe.send(bench.run(task))
            else:
                bench = message.bench()
                pipe.send(_READY)
    except _GONE:
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to take the result


@contextmanager
def _one_thread_each(threads: int) -> Iterator[None]:
    """Keep libraries of linear algebra from starting a thread a core in every process."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update({name: str(threads) for name in _ONE_THREAD})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
