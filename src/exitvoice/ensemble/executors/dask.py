"""Runs on a Dask cluster: one on this machine, one that is there, or one that SLURM starts.

Needs the extra `dask` (and `slurm`). Dask keeps nothing for us: results are committed by the main process as they come,
so that a scheduler that dies costs the runs under way and nothing else.
"""

from __future__ import annotations

import logging
import queue
import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import dask
from distributed import Client, Future, LocalCluster
from distributed.scheduler import KilledWorker

from exitvoice.ensemble.executors.base import GLANCE_SECONDS, KILLED, MadeT, Pace
from exitvoice.ensemble.work import Failure, Place, Task, Work
from exitvoice.errors import OutputError

BATCHES_A_WORKER = 2
"""Under way and waiting at each worker: a task costs Dask about 2 ms, and no worker shall wait for it."""
CONNECT_SECONDS = 10
LOOK_SECONDS = 2.0
_THRESHOLD = 128 * 2**20
_TRIM = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": _THRESHOLD}
"""Dask's own 64 KiB gives memory back after every array, which made array work 1.6 times slower here."""


class Dask:
    """Makes runs on a Dask cluster.

    Parameters
    ----------
    connect : callable
        Gives a client, and what is to be closed after it; see `local`, `at` and `slurm`.
    """

    def __init__(self, connect: Callable[[], tuple[Client, Any]]) -> None:
        self._connect = connect

    @staticmethod
    def local(workers: int) -> Dask:
        """Return an executor with a cluster of its own on this machine, one process a worker."""

        def connect() -> tuple[Client, Any]:
            with dask.config.set(_TRIM):
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            return Client(cluster, set_as_default=False), cluster

        return Dask(connect)

    @staticmethod
    def at(address: str) -> Dask:
        """Return an executor that uses the scheduler at an address such as ``tcp://node1:8786``."""

        def connect() -> tuple[Client, Any]:
            try:
                return Client(address, timeout=CONNECT_SECONDS, set_as_default=False), None
            except (OSError, ValueError) as problem:
                raise OutputError(
                    f"no Dask scheduler answers at {address} ({problem}); start one with `dask scheduler`, or leave "
                    "out --dask"
                ) from problem

        return Dask(connect)

    @staticmethod
    def slurm(jobs: int, options: Mapping[str, Any]) -> Dask:
        """Return an executor whose workers are jobs of SLURM; see `slurm_cluster`."""
        return Dask.of_jobs(jobs, lambda: slurm_cluster(options))

    @staticmethod
    def of_jobs(jobs: int, make: Callable[[], Any]) -> Dask:
        """Return an executor whose workers are jobs of a queue; `make` gives a cluster of dask-jobqueue."""

        def connect() -> tuple[Client, Any]:
            cluster = make()
            cluster.scale(jobs=jobs)
            return Client(cluster, set_as_default=False), cluster

        return Dask(connect)

    def outcomes(self, job: Work[MadeT], tasks: Iterator[Task]) -> Iterator[Sequence[MadeT | Failure]]:
        """Yield outcomes as they come.

        Raises
        ------
        OutputError
            If there is no scheduler, or none any more.
        """
        with _quiet():
            client, cluster = self._connect()
            try:
                hand = _Hand(client, job, tasks)
                while hand.fill():
                    yield hand.gather()
            finally:
                for closing in (client, cluster):
                    _close(closing)


class _Hand:
    """What has been handed to the cluster and is not back."""

    def __init__(self, client: Client, job: Work[Any], tasks: Iterator[Task]) -> None:
        self._client = client
        self._tasks = tasks
        self._alone: deque[Task] = deque()
        self._job = job
        self._pace = Pace()
        self._waiting: dict[str, tuple[Future, tuple[Task, ...]]] = {}
        self._back: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._workers, self._looked = 1, float("-inf")

    def fill(self) -> bool:
        """Hand out until every worker has enough; tell whether anything is out."""
        with _answering():
            self._look()
            while len(self._waiting) < BATCHES_A_WORKER * self._workers:
                batch = self._batch()
                if not batch:
                    break
                future = self._client.submit(run_batch, self._job, batch, pure=False)
                self._waiting[future.key] = (future, batch)
                future.add_done_callback(lambda done: self._back.put(done.key))
        return bool(self._waiting)

    def _look(self) -> None:
        """Count the workers now and then: they come and go, and asking costs a message."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._workers, self._looked = max(1, len(self._client.nthreads())), time.monotonic()

    def _batch(self) -> tuple[Task, ...]:
        if self._alone:
            return (self._alone.popleft(),)
        return tuple(islice(self._tasks, self._pace.at_once))

    def gather(self) -> list[Any]:
        """Wait a moment for a batch to come back."""
        try:
            key = self._back.get(timeout=GLANCE_SECONDS)
        except queue.Empty:
            key = ""
        with _answering():
            if self._client.status != "running":
                raise OSError(self._client.status)
            if key not in self._waiting:
                return []
            future, batch = self._waiting.pop(key)
            if future.status == "finished":
                outcomes, seconds = future.result()
                self._pace.note(seconds, len(batch))
                return list(outcomes)
            return self._lost(future, batch)

    def _lost(self, future: Future, batch: tuple[Task, ...]) -> list[Any]:
        problem = future.exception() if future.status == "error" else None
        if isinstance(problem, KilledWorker) and len(batch) == 1:
            count = dask.config.get("distributed.scheduler.allowed-failures") + 1
            return [Failure(batch[0].key, KILLED.format(count=count))]
        if problem is not None and not isinstance(problem, KilledWorker):
            return [Failure(task.key, f"{type(problem).__name__}: {problem}") for task in batch]
        self._alone.extend(batch)  # one by one: the run that kills its worker must not take others with it
        return []


@contextmanager
def _answering() -> Iterator[None]:
    """Say in one sentence that the scheduler does not answer any more."""
    try:
        yield
    except (OSError, CancelledError) as problem:
        raise OutputError(
            "the Dask scheduler is gone; what is done is kept, `exitvoice resume` does what is missing"
        ) from problem


def run_batch(job: Work[Any], tasks: Sequence[Task]) -> tuple[list[Any], float]:
    """Make runs on a worker; return their outcomes and the seconds they took."""
    if not _benches or _benches[0][0] != job:
        _benches[:] = [(job, job.bench())]
    started = time.monotonic()
    return [_benches[0][1].run(task) for task in tasks], time.monotonic() - started


_benches: list[tuple[Work[Any], Place[Any]]] = []
"""The bench of the job this process is at, kept from one task to the next."""


def slurm_cluster(options: Mapping[str, Any]) -> Any:
    """Return a cluster whose workers are SLURM jobs; nothing is submitted until it is scaled.

    Parameters
    ----------
    options : mapping
        As dask-jobqueue's `SLURMCluster` takes them: cores, memory, walltime, queue, account ...
        What is not given is read from Dask's configuration (``jobqueue.slurm``).
    """
    from dask_jobqueue import SLURMCluster  # noqa: PLC0415  (an extra of its own)

    cores = int(options.get("cores", 1))
    usual = {
        "cores": cores,
        "processes": cores,
        "memory": f"{cores} GB",
        "walltime": "01:00:00",
        # a worker's nanny keeps what its environment says already
        "job_script_prologue": [f"export MALLOC_TRIM_THRESHOLD_={_THRESHOLD}"],
    }
    return SLURMCluster(**(usual | dict(options)), scheduler_options={"dashboard_address": None})


def slurm_script(options: Mapping[str, Any]) -> str:
    """Return the script that each SLURM job would run, without a cluster being there."""
    cluster = slurm_cluster(options)
    try:
        return str(cluster.job_script())
    finally:
        _close(cluster)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask and what it stands on say nothing about lost connections: we say it, in one sentence."""
    talkers = ("distributed", "asyncio", "tornado")
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in talkers]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _close(closing: Any) -> None:
    if closing is None:
        return
    with suppress(OSError, TimeoutError):  # a scheduler that is gone cannot be told good-bye
        closing.close(timeout=5) if isinstance(closing, Client) else closing.close()
