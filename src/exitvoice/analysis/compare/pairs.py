"""One replication: both worlds with one seed, here or in another process, to what a comparison keeps of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from exitvoice.analysis.compare.reduced import by_quarter, first_difference, in_all
from exitvoice.ensemble.plan import RunKey, run_seed
from exitvoice.ensemble.work import Failure, Task
from exitvoice.run import simulate
from exitvoice.scenario import Scenario

#: Called with (world's place, steps done, steps of a run, persons); returns False to stop.
PairProgress = Callable[[int, int, int, int], bool]


@dataclass(frozen=True)
class Pair:
    """What both worlds gave in one replication, dimension `world` first; `first` is the day of the first difference."""

    key: RunKey
    quarters: xr.Dataset
    totals: xr.Dataset
    first: str


@dataclass(frozen=True)
class PairJob:
    """All that the replications of a comparison have in common, as plain data that can be sent anywhere."""

    texts: tuple[str, str]
    seed: int
    scale: float
    threads: int = 1

    def bench(self) -> PairBench:
        """Return a worker's place for it."""
        return PairBench(self)


class PairBench:
    """A worker's place: reads both worlds once, and makes replications of them."""

    def __init__(self, job: PairJob) -> None:
        self.job = job
        one, other = (Scenario.from_text(text, name=name) for text, name in zip(job.texts, "AB", strict=True))
        self._worlds = (one, other)

    def run(self, task: Task) -> Pair | Failure:
        """Make one replication; whatever goes wrong in it is an outcome too."""
        try:
            made = make_pair(self._worlds, task.key, self.job)
        except Exception as problem:
            return Failure.of(task.key, problem)
        return made if made is not None else Failure(task.key, "it was stopped")


def make_pair(
    worlds: tuple[Scenario, Scenario],
    key: RunKey,
    job: PairJob,
    progress: PairProgress | None = None,
    kept: tuple[Path, Path] | None = None,
) -> Pair | None:
    """Run both worlds of a replication, each kept in a file while it is under way; None where it was stopped."""
    runs = []
    for place, world in enumerate(worlds):

        def tell(done: int, steps: int, persons: int, place: int = place) -> bool:
            return progress is None or progress(place, done, steps, persons)

        seed = run_seed(job.seed, key.replication)
        own = None if kept is None else kept[place]
        run = simulate(world, seed=seed, scale=job.scale, threads=job.threads, progress=tell, kept=own)
        if not run.complete:
            return None
        runs.append(run.data)
    pair = xr.align(*runs, join="inner", exclude={"region", "rule"})
    quarters, totals = ([reduce(data) for data in pair] for reduce in (by_quarter, in_all))
    return Pair(
        key,
        xr.concat(quarters, "world", combine_attrs="override"),
        xr.concat(totals, "world", combine_attrs="override"),
        first_difference(*pair),
    )
