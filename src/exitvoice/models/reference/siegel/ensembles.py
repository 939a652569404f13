"""Many drawn worlds of one kind, and how what they end with changes along one parameter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.networks import Network
from exitvoice.engine.targets.cpu import Threads, default_threads
from exitvoice.models.reference.siegel.shapes import SHAPE, TIES, build, elite
from exitvoice.models.reference.siegel.world import Motivation, Siegel

SIZES = (100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
GRIDS: Mapping[str, tuple[float, ...]] = {
    "rewired": (0.0, 0.01, 0.03, 0.1, 0.3, 1.0),
    "far": (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0),
    "exponent": (1.8, 2.0, 2.25, 2.5, 3.0, 4.0),
    "level": (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
    "radius": (1, 2, 3, 5, 10, 25, 50),
    "village": (2, 5, 10, 25, 50, 100, 200),
    "fewest": (1, 2, 3, 5, 10),
    "branches": (2, 3, 5, 10, 20, 50),
    "elites": (-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0),
}
LARGE = 100_000  # people from which one world uses every processor
WORK = 100_000  # people at a size, over all runs, beyond which fewer runs are made


@dataclass(frozen=True)
class Case:
    """A kind of network with its parameters, and the motivation of people on it."""

    kind: str
    values: Mapping[str, float]

    def change(self, name: str, value: float) -> "Case":
        """Return the same with one parameter changed."""
        return Case(self.kind, {**self.values, name: value})

    def network(self, seed: int) -> Network:
        """Draw its network."""
        return build(self.kind, self.values, seed)

    def world(self, seed: int, memory: float) -> Siegel:
        """Draw its network and its people."""
        network = self.network(seed)
        shift = None
        if self.values["elites"]:
            top = elite(self.kind, network, int(self.values["branches"]))
            shift = np.where(top, self.values["elites"], 0.0).astype(np.float32)
        motivation = Motivation(self.values["mean"], self.values["spread"], shift)
        return Siegel(network, motivation, memory=memory, seed=seed)


@dataclass(frozen=True, eq=False)
class Sweep:
    """What shares worlds end with along one parameter: `ends[i]` are the runs at `grid[i]`."""

    name: str
    grid: tuple[float, ...]
    ends: tuple[NDArray[np.float64], ...]

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean of the runs at each value."""
        return np.array([ends.mean() for ends in self.ends])

    @property
    def errors(self) -> NDArray[np.float64]:
        """Standard error of each mean."""
        return np.array(
            [ends.std(ddof=1) / np.sqrt(len(ends)) if len(ends) > 1 else 0.0 for ends in self.ends]
        )

    def fall(self) -> tuple[float, float]:
        """Largest fall of the mean as the parameter grows, and the same in standard errors of the difference."""
        means, errors = self.means, self.errors
        pairs = [(i, j) for j in range(len(means)) for i in range(j)]
        best = max(pairs, key=lambda pair: means[pair[0]] - means[pair[1]], default=None)
        if best is None:
            return 0.0, 0.0
        drop = float(means[best[0]] - means[best[1]])
        error = float(np.hypot(errors[best[0]], errors[best[1]]))
        return drop, drop / error if error else 0.0


def swept(case: Case, against: str) -> tuple[str, tuple[float, ...]]:
    """Name of the parameter that is varied, and its values; an empty name where the network has no such parameter."""
    if against == "size":
        return "size", tuple(size for size in SIZES if size <= case.values["size"])
    names = {"shape": SHAPE[case.kind], "ties": TIES[case.kind], "elites": "elites", "nothing": ""}
    name = names[against]
    return name, tuple(value for value in GRIDS.get(name, ()) if _fits(case, name, value))


def sweep(case: Case, against: str, *, runs: int, seed: int, tick: Callable[[], None]) -> Sweep:
    """Run a case along one parameter. Worlds have no memory here: it changes when they end, not where."""
    name, grid = swept(case, against)
    threads = Threads(default_threads() if case.values["size"] >= LARGE else 1)
    ends = []
    for value in grid:
        varied = case.change(name, value)
        ends.append(np.array([end(varied, seed + run, threads) for run in range(runs_at(varied, runs))]))
        tick()
    threads.close()
    return Sweep(name, grid, tuple(ends))


def end(case: Case, seed: int, threads: Threads) -> float:
    """Share that takes part when all is at rest."""
    return float(case.world(seed, memory=0.0).run(threads)[-1])


def runs_at(case: Case, runs: int) -> int:
    """Fewer runs of large worlds, one at least: they differ less."""
    return max(1, min(runs, round(WORK * runs / 20 / case.values["size"])))


def _fits(case: Case, name: str, value: float) -> bool:
    size = case.values["size"]
    limits = {"radius": (size - 1) // 2, "village": size - 1, "fewest": size // 10, "branches": size - 1}
    return value <= limits.get(name, float("inf"))
