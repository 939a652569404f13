"""Ensembles: throughput as a share of cores x single-run speed, and memory of the main process as an ensemble grows.

``python -m benchmarks.ensembles`` runs it alone: a few minutes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import xarray as xr

from benchmarks.table import number, table
from exitvoice.ensemble import Plan, execute
from exitvoice.ensemble.placement import available_cores
from exitvoice.run import simulate
from exitvoice.scenario import Scenario, load_scenario

ROOT = Path(__file__).parents[1]
SCALE = 0.0004
RUNS_A_CORE = 12
FEW, MANY = 100, 10_000


@dataclass(frozen=True)
class Throughput:
    """Seconds, of one run alone and of an ensemble; processor seconds of every process of the ensemble together."""

    cores: int
    runs: int
    alone_wall: float
    alone_processor: float
    first_result: float
    wall: float
    processor: float

    @property
    def share(self) -> float:
        """Runs a second, from the first call to the last result, as a share of cores x single-run speed."""
        return self.runs * self.alone_wall / (self.cores * self.wall)

    @property
    def steady_share(self) -> float:
        """The same after the first results: without compiling and starting, which a long ensemble does once.

        Every process has its first run nearly done when the first result is in, so that none of these counts.
        """
        return (self.runs - self.cores) * self.alone_wall / (self.cores * (self.wall - self.first_result))

    @property
    def processor_share(self) -> float:
        """Processor seconds of a run alone over those that a run of the ensemble took, starts and all.

        Other work on the machine changes it little, unlike wall time.
        """
        return self.runs * self.alone_processor / self.processor


def measure_throughput() -> Throughput:
    """Run one world alone, then an ensemble of it with a process a core."""
    world, cores = load_scenario("china-2024"), available_cores()
    runs = RUNS_A_CORE * cores
    simulate(world, seed=0, scale=SCALE, threads=1, progress=lambda done, steps, persons: done < 5)
    wall, processor = time.perf_counter(), time.process_time()
    for seed in range(2):
        simulate(world, seed=seed, scale=SCALE, threads=1)
    alone_wall, alone_processor = (
        (time.perf_counter() - wall) / 2,
        (time.process_time() - processor) / 2,
    )
    first: list[float] = []

    def progress(done: int, planned: int, failed: int) -> bool:
        if done and not first:
            first.append(time.perf_counter() - started)
        return True

    with tempfile.TemporaryDirectory() as folder:
        before = _processor_seconds()
        started = time.perf_counter()
        plan = Plan(world, scale=SCALE, replications=runs)
        execute(plan, Path(folder) / "ensemble", workers=cores, progress=progress)
        taken = time.perf_counter() - started
        return Throughput(
            cores, runs, alone_wall, alone_processor, first[0], taken, _processor_seconds() - before
        )


def _processor_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


@dataclass(frozen=True)
class Memory:
    """Of the main process, in bytes: when the first run is in, and the highest; seconds in all."""

    runs: int
    first: float
    highest: float
    seconds: float


def measure_memory(runs: int) -> Memory:
    """Memory of a main process that commits so many runs, each of which costs its worker next to nothing."""
    with tempfile.TemporaryDirectory() as folder:
        finished = subprocess.run(
            [sys.executable, "-m", "benchmarks.ensembles", "--child", str(runs), folder],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
            },
            capture_output=True,
            text=True,
            check=True,
        )
    return Memory(**json.loads(finished.stdout.splitlines()[-1]))


def child(runs: int, folder: str) -> None:
    """Execute an ensemble of stand-ins and say what it took."""
    seen: list[int] = []
    started = time.perf_counter()

    def progress(done: int, planned: int, failed: int) -> bool:
        if done:
            seen.append(_resident())
        return True

    plan = Plan(load_scenario("china-2024"), scale=SCALE, replications=runs)
    execute(plan, Path(folder) / "ensemble", progress=progress, runner=stand_in)
    print(
        json.dumps(
            {
                "runs": runs,
                "first": seen[0],
                "highest": max(seen),
                "seconds": time.perf_counter() - started,
            }
        )
    )


def stand_in(scenario: Scenario, **_: Any) -> xr.Dataset:
    """Return the numbers of a whole run that was simulated once in this process."""
    return _once()


@cache
def _once() -> xr.Dataset:
    return simulate(load_scenario("china-2024"), seed=0, scale=1e-5, threads=1).data


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def report() -> str:
    """Measure and return the chapter."""
    pace = measure_throughput()
    rows = [
        ("one run alone, one core", f"{pace.alone_wall:.2f} s ({pace.alone_processor:.2f} s of processor)"),
        (
            f"{pace.runs} runs, {pace.cores} processes",
            f"{pace.wall:.1f} s, the first after {pace.first_result:.1f} s",
        ),
        ("throughput / (cores x single-run speed), all in", f"{pace.share:.0%}"),
        ("the same after the first results", f"{pace.steady_share:.0%}"),
        ("the same in processor time, all in", f"{pace.processor_share:.0%}"),
    ]
    for memory in (measure_memory(FEW), measure_memory(MANY)):
        rows.append(
            (
                f"main process at {memory.runs:,} runs",
                f"{memory.highest / 2**20:.0f} MiB at most, {memory.first / 2**20:.0f} MiB at the first result; "
                f"{number(1e3 * memory.seconds / memory.runs)} ms a run that costs nothing",
            )
        )
    title = f"## Ensembles (china-2024 at scale {SCALE}, {load_scenario('china-2024').grid.steps:,} steps)"
    return f"{title}\n\n" + table(("what", "value"), rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(int(sys.argv[2]), sys.argv[3])
    else:
        print(report())
