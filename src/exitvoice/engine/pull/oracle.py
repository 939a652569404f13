"""The same step in plain Python, one node at a time: slow, readable, and what the loop must equal."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from exitvoice.engine.networks.base import Network
from exitvoice.engine.primitives import integer
from exitvoice.engine.pull.compiled import State
from exitvoice.engine.pull.program import PULL_STREAM, PullProgram
from exitvoice.engine.random import UNIFORMS_PER_BLOCK, lower_uniform, philox, seed_halves, upper_uniform


def plain_step(
    program: PullProgram,
    network: Network,
    state: State,
    parameters: Mapping[str, float],
    *,
    seed: int,
    step: int,
) -> dict[str, int]:
    """Move every node once, as the compiled loop does; mutates `state` and returns the counts."""
    before = {name: values.copy() for name, values in state.items()}
    counts = dict.fromkeys(program.counts, 0)
    constants = {name: np.float32(parameters[name]) for name in program.parameters}
    for node in range(network.nodes):
        values: dict[str, Any] = {"node": node, "step": step, **constants}
        around = network.sources[network.offsets[node] : network.offsets[node + 1]]
        values["ties"] = len(around)
        for pull in program.pulls:
            values[pull.name] = sum(int(before[pull.column][source]) for source in around)
        for column in program.columns:
            stored = before[column.name][node]
            values[column.name] = stored if column.dtype == "float32" else int(stored)
        values.update(_draws(program, node, step, seed))
        for rule in program.rules:
            result = rule.function(*(values[name] for name in rule.reads))
            values.update(zip(rule.writes, result if len(rule.writes) > 1 else (result,), strict=True))
        for name in program.written:
            state[name][node] = values[name]
        for name in program.counts:
            counts[name] += integer(values[name])
    return counts


def _draws(program: PullProgram, node: int, step: int, seed: int) -> dict[str, float]:
    drawn = {}
    for place, name in enumerate(program.fresh):
        block, at = divmod(place, UNIFORMS_PER_BLOCK)
        words = philox(node, 0, step, PULL_STREAM + block, *seed_halves(seed))
        half = lower_uniform if at % 2 else upper_uniform
        drawn[name] = half(words[at // 2], words[3])
    return drawn
