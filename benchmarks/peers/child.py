"""What one process measures: ``python -m benchmarks.peers.child time|shares MODULE BUILDER SIZE ...``.

It says on its output what it is about to do, so that whoever ends it knows where it was, and last of all its result.
"""

import argparse
import importlib
import json
import resource
import time
from importlib.metadata import version

from benchmarks.peers.protocol import MOST_STEPS, Build, Model
from benchmarks.peers.registry import PACKAGE

STAGE, RESULT = "STAGE ", "RESULT "
WARM_UP = 3  # steps before the clock counts; slow models take only the first
BLOCK_SECONDS, LONGEST_BLOCK = 0.1, 200
MEASURE_SECONDS, FEWEST_BLOCKS = 3.0, 2
FEWEST_WORLDS, MOST_WORLDS = 4, 60


def say(stage: str) -> None:
    """Tell what comes next."""
    print(STAGE + stage, flush=True)


def finish(result: dict[str, object]) -> None:
    """Tell the result."""
    print(RESULT + json.dumps(result), flush=True)


def builder(module: str, name: str) -> Build:
    """Import a peer's builder."""
    say("importing")
    found: Build = getattr(importlib.import_module(f"{PACKAGE}.{module}"), name)
    return found


def seconds_of(model: Model, steps: int) -> float:
    """Wall time of some steps."""
    started = time.perf_counter()
    for _ in range(steps):
        model.step()
    return time.perf_counter() - started


def measure(build: Build, size: int, seed: int) -> dict[str, object]:
    """Agent-updates a second: the best block of steps within three seconds, after a warm-up."""
    say("building")
    started = time.perf_counter()
    model = build(size, seed)
    built = time.perf_counter() - started
    say("in the first step")
    first = seconds_of(model, 1)
    say("stepping")
    warm = min(first, seconds_of(model, WARM_UP - 1) / (WARM_UP - 1)) if first < MEASURE_SECONDS else first
    steps = max(1, min(LONGEST_BLOCK, int(BLOCK_SECONDS / warm)))
    blocks: list[tuple[float, float]] = []  # wall time, and processor time of all threads
    spent, done = 0.0, WARM_UP
    while (spent < MEASURE_SECONDS or len(blocks) < FEWEST_BLOCKS) and done + steps <= MOST_STEPS:
        processor = time.process_time()
        wall = seconds_of(model, steps)
        blocks.append((wall, time.process_time() - processor))
        spent, done = spent + wall, done + steps
    wall, processor = min(blocks)
    return {
        "activated": model.activated,
        "updates_per_second": model.activated * steps / wall,
        "seconds_per_step": wall / steps,
        "cores_used": processor / wall,
        "blocks": len(blocks),
        "steps_per_block": steps,
        "seconds_measured": spent,
        "seconds_to_build": built,
        "seconds_of_first_step": first,
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "open_share": model.open_share(),
    }


def shares(build: Build, size: int, seed: int, seconds: float, moments: list[int]) -> dict[str, object]:
    """Open share at some moments in worlds of successive seeds, as many as fit the time."""
    found: list[list[float]] = []
    started = time.perf_counter()
    while len(found) < FEWEST_WORLDS or (
        len(found) < MOST_WORLDS and time.perf_counter() - started < seconds
    ):
        say(f"in world {len(found) + 1}")
        model, now, row = build(size, seed + len(found)), 0, []
        for moment in moments:
            seconds_of(model, moment - now)
            now = moment
            row.append(model.open_share())
        found.append(row)
    return {"shares": found}


def versions(distributions: list[str]) -> dict[str, object]:
    """Versions of what is installed here."""
    return {name: version(name) for name in distributions}


def main() -> None:
    """Do one of the three."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.child", description=__doc__)
    parser.add_argument("what", choices=("time", "shares", "versions"))
    parser.add_argument("--module", default="")
    parser.add_argument("--builder", default="build")
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--moments", type=int, nargs="*", default=[])
    parser.add_argument("--distributions", nargs="*", default=[])
    chosen = parser.parse_args()
    if chosen.what == "versions":
        finish(versions(chosen.distributions))
        return
    build = builder(chosen.module, chosen.builder)
    if chosen.what == "time":
        finish(measure(build, chosen.size, chosen.seed))
    else:
        finish(shares(build, chosen.size, chosen.seed, chosen.seconds, chosen.moments))


if __name__ == "__main__":
    main()
