"""How many machine instructions a member takes in each kernel: a measure that does not depend on the machine's mood.

Counted in the text that the compiler writes for one fixed processor: of each function's innermost loops, the one that
uses 512-bit registers most, divided by the members it takes at once. `python -m benchmarks.instructions --write` keeps
the counts; a test compares them with what the present rules and the present compiler give.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

COUNTS = Path(__file__).parent / "instructions.json"
FIXED = {"NUMBA_CPU_NAME": "skylake-avx512", "NUMBA_CPU_FEATURES": "-prefer-256-bit"}
LEAST = 5  # instructions on wide registers that make a loop worth counting
LANES = 16  # 32-bit numbers in a register of 512 bits


def count_now() -> dict[str, float]:
    """Instructions a member by kernel function, compiled afresh for the fixed processor, in a process of its own."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, **FIXED, "EXITVOICE_CACHE": cache}
        command = [sys.executable, "-m", "benchmarks.instructions", "--here"]
        answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    counts: dict[str, float] = json.loads(answer)
    return counts


def compiler() -> str:
    """Version of what writes the machine code."""
    return f"llvmlite {version('llvmlite')}, numba {version('numba')}"


def count_here() -> dict[str, float]:
    """Compile every kernel of the default model without running one, and count."""
    from numba import typeof

    from benchmarks.whole_model import prepare
    from exitvoice.engine.compile import CompiledProgram
    from exitvoice.engine.targets.cpu import Threads
    from exitvoice.models.exit_control.signals import blank_board

    class Compiling(Threads):
        """Compiles for the arguments instead of calling with them."""

        def run(self, kernel, ranges, *arguments):  # type: ignore[no-untyped-def]
            first, last = ranges[0]
            kernel.compile(tuple(typeof(value) for value in (0, first, last, 0, *arguments)))

    model = prepare(0.0001)
    compiled: CompiledProgram = model.compiled
    board = blank_board(compiled.program, model.people, model.values)
    board.set_policy(model.book.at(0), model.people)
    tables = board.tables.tables
    for name in ("served_chances", "refusal_words"):
        tables[name] = _like(name)
    population = model.compiled.empty_population(model.people.units)
    found = {}
    for stage in compiled.program.stages:
        compiled.run_stage(stage, population, board.tables, seed=1, step=0, threads=Compiling(1))
        name = f"{stage.name}_selected" if stage.select else stage.name
        kernel = getattr(compiled.module, name)
        found[name] = vector_loop(next(iter(kernel.inspect_asm().values()))) / LANES
    return found


def _like(name: str):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.zeros((1, 1, 1), np.float32 if name == "served_chances" else np.uint32)


def vector_loop(assembly: str) -> int:
    """Instructions of the innermost loop that uses 512-bit registers most: the one that does the work."""
    lines = [line.split("#")[0].strip() for line in assembly.splitlines()]
    labels = {line[:-1]: place for place, line in enumerate(lines) if re.fullmatch(r"\.L\w+:", line)}
    best, widest, latest = 0, LEAST - 1, -1
    for place, line in enumerate(lines):
        jump = re.match(r"j\w+\s+(\.L\w+)$", line)
        start = labels.get(jump.group(1), place) if jump else place
        if start >= place or start <= latest:  # no jump back, or one around a loop that ended before
            continue
        latest = start
        body = [
            text for text in lines[start : place + 1] if text and not text.endswith(":") and text[0] != "."
        ]
        wide = sum("zmm" in text for text in body)
        if wide > widest:
            best, widest = len(body), wide
    return best


def main() -> None:
    """Print the counts, beside those kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__)
    parser.add_argument("--here", action="store_true", help="count in this process (used by the other forms)")
    parser.add_argument("--write", action="store_true", help=f"keep the counts in benchmarks/{COUNTS.name}")
    chosen = parser.parse_args()
    if chosen.here:
        print(json.dumps(count_here()))
        return
    counts = count_now()
    kept = json.loads(COUNTS.read_text(encoding="utf-8"))["instructions"] if COUNTS.exists() else {}
    for name, count in counts.items():
        print(
            f"{name:20} {count:8.1f} instructions a member"
            + (f", kept {kept[name]:.1f}" if name in kept else "")
        )
    if chosen.write:
        text = json.dumps({"compiler": compiler(), "instructions": counts}, indent=2)
        COUNTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
