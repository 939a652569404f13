"""How long a person waits: the first run ever, a later one, and the answer to --help."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
FIRST_STEP = """\
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.scenario import load_scenario
model = compile_model(load_scenario("china-2024"), scale=0.002, seed=1)
threads = Threads(1)
step(model, begin(model, threads), 0, threads)
"""


def seconds(arguments: list[str], cache: str) -> float:
    """Wall time of a process of its own."""
    path = os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "EXITVOICE_CACHE": cache}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def measure() -> dict[str, float]:
    """Seconds of a cold start, a warm start (best of three) and --help (best of five)."""
    with tempfile.TemporaryDirectory() as cache:
        first = ["-c", FIRST_STEP]
        ask = ["-m", "exitvoice", "--help"]
        return {
            "cold start: process to first step, nothing compiled": seconds(first, cache),
            "warm start: the same from the cache": min(seconds(first, cache) for _ in range(3)),
            "exitvoice --help": min(seconds(ask, cache) for _ in range(5)),
        }
