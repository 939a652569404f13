"""One core a run, or all cores for one run: the one place where that is decided."""

from __future__ import annotations

import os
from dataclasses import dataclass

from exitvoice.scenario import Scenario

BYTES_A_PERSON = 60
"""Stored state, tallies and what one step needs beside them, rounded up."""
BYTES_A_RUN = 400e6
"""Interpreter, libraries, kernels and a run's records."""
LARGE_RUN = 5e6
"""Simulated persons from which a step is long enough for several threads to share."""


@dataclass(frozen=True)
class Placement:
    """How runs lie on a machine: `workers` processes, each with `threads` threads."""

    workers: int
    threads: int


def available_cores() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0))


def choose_placement(
    scenario: Scenario, scale: float, runs: int, *, cores: int | None = None, memory: float | None = None
) -> Placement:
    """Choose: processes for many small runs, threads for few large ones.

    Most of a small run's step is the work of one thread; one process a core then uses every core. Threads pay where
    there are fewer runs than cores, or where a run is so large that not every core can have one in memory.

    Parameters
    ----------
    scenario : Scenario
    scale : float
    runs : int
        Runs still to be made.
    cores : int, optional
        Processors of this process if not given.
    memory : float, optional
        Bytes; the machine's if not given. Two thirds of it are used at most.
    """
    cores = available_cores() if cores is None else cores
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if memory is None else memory
    persons = scale * sum(sector.persons.value for sector in scenario.sectors)
    fitting = int(memory * 2 / 3 // (BYTES_A_RUN + BYTES_A_PERSON * persons))
    workers = max(1, min(cores, runs, fitting))
    threads = max(1, cores // workers) if persons >= LARGE_RUN else 1
    return Placement(workers, threads)
