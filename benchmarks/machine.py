"""The machine and the versions, and how fast memory is: what every other number must be read against."""

import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np

MEGABYTES = 256  # an array far larger than any cache
REPEATS = 7
LIBRARIES = ("numpy", "numba", "llvmlite")


def processors() -> int:
    """Number of processors this process may use."""
    return len(os.sched_getaffinity(0))


def processor_name() -> str:
    """What the processor calls itself."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def describe() -> list[tuple[str, str]]:
    """Machine, processors, load at the start, and versions."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        ("processor", f"{processor_name()}, {processors()} usable"),
        ("load average at the start", f"{load} (of this machine, which others may share)"),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in LIBRARIES),
    ]


def copy_bandwidth(threads: int) -> float:
    """Bytes read and written a second by a copy (the STREAM benchmark's `copy`), best of several."""
    count = MEGABYTES * 2**20 // 8
    source, target = np.ones(count), np.zeros(count)
    edges = np.linspace(0, count, threads + 1).astype(int)
    parts = list(zip(edges[:-1], edges[1:], strict=True))

    def copy(part: tuple[int, int]) -> None:
        np.copyto(target[part[0] : part[1]], source[part[0] : part[1]])

    best = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(REPEATS):
            started = time.perf_counter()
            list(pool.map(copy, parts))
            best = min(best, time.perf_counter() - started)
    return 2.0 * source.nbytes / best
