"""Cost and memory a person over the number of persons, each size in a process of its own."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.whole_model import prepare

SCALES = (1e-4, 1e-3, 1e-2, 1e-1)
EVERYBODY = 1.0  # minutes of settling before the first step: only where asked for
LEAST_SECONDS = 1.5


@dataclass(frozen=True)
class Size:
    """What one size took; nanoseconds a person and step by number of threads, and the largest memory of the process."""

    persons: int
    nanoseconds: dict[int, float]
    bytes_a_person: float


def measure(scale: float, threads: tuple[int, ...]) -> Size:
    """Measure in a process of its own, so that its memory is its own."""
    counts = ",".join(map(str, threads))
    command = [sys.executable, "-m", "benchmarks.scaling", str(scale), counts]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    by_threads = {int(count): value for count, value in answer.pop("nanoseconds").items()}
    return Size(nanoseconds=by_threads, **answer)


def measure_here(scale: float, threads: tuple[int, ...]) -> Size:
    """Measure in this process."""
    from exitvoice.engine.targets.cpu import Threads
    from exitvoice.models.exit_control import begin, step

    before = largest_memory()
    model = prepare(scale)
    persons = model.people.units.members
    found = {}
    now = 0
    workers = Threads(max(threads))
    world = begin(model, workers)
    workers.close()
    for count in threads:
        workers = Threads(count)
        best, spent = float("inf"), 0.0
        while spent < LEAST_SECONDS or now % 8:  # drift takes turns of four steps
            started = time.perf_counter()
            for _ in range(4):
                step(model, world, now, workers)
                now = (now + 1) % (model.steps // 8 * 8)  # small worlds are through before the time is up
            seconds = time.perf_counter() - started
            best, spent = min(best, seconds / 4), spent + seconds
        workers.close()
        found[count] = 1e9 * best / persons
    return Size(persons, found, (largest_memory() - before) / persons)


def largest_memory() -> int:
    """Bytes that this process has held at most; the figure of `resource` starts with that of the parent."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    counts = tuple(int(count) for count in sys.argv[2].split(","))
    print(json.dumps(asdict(measure_here(float(sys.argv[1]), counts))))
