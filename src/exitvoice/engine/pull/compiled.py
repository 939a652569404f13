"""Compiles the loop of a network and runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import random
from exitvoice.engine.compile import load_module
from exitvoice.engine.networks.base import Network
from exitvoice.engine.pull.program import PullProgram
from exitvoice.engine.pull.writer import PullWriter
from exitvoice.engine.source import helper_sources
from exitvoice.engine.targets.cpu import PREAMBLE, Threads

State = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class CompiledPull:
    """A program with its generated module."""

    program: PullProgram
    module: ModuleType
    path: Path

    def step(
        self,
        network: Network,
        state: State,
        parameters: Mapping[str, float],
        *,
        seed: int,
        step: int,
        threads: Threads,
    ) -> dict[str, int]:
        """Move every node once; replaces the doubled columns in `state` and returns the counts."""
        program = self.program
        after = {name: np.empty_like(state[name]) for name in program.doubled}
        ranges = network.ranges(threads.count)
        counts = np.zeros((len(ranges), max(len(program.counts), 1)), np.int64)
        threads.run(
            getattr(self.module, program.name),
            ranges,
            np.int32(step),
            *random.seed_words(seed),
            network.offsets,
            network.sources,
            np.array([parameters[name] for name in program.parameters], np.float32),
            *(state[column.name] for column in program.columns),
            *after.values(),
            counts,
        )
        state.update(after)
        return {name: int(counts[:, place].sum()) for place, name in enumerate(program.counts)}


@cache
def compile_pull(program: PullProgram, folder: Path | None = None) -> CompiledPull:
    """Write (once), import and return the module of a program; its loop compiles on first use.

    Raises
    ------
    SourceError
        If a rule uses something that a generated module cannot hold.
    OSError
        If the cache folder cannot be written.
    """
    module, path = load_module(program.name, write_pull(program), folder)
    return CompiledPull(program, module, path)


def write_pull(program: PullProgram) -> str:
    """Text of the generated module of a program."""
    draws = (random.philox, random.uniform, random.upper_uniform, random.lower_uniform)
    sources = helper_sources(draws, program.rules)
    blocks = [f"@helper\n{text}" for text in sources.values()]
    title = f'"""Generated from the rules of {program.name} by exitvoice; do not edit."""'
    loop = PullWriter(program).write()
    return "\n\n\n".join([f"{title}\n\n{PREAMBLE}", *blocks, loop]) + "\n"
