"""The loops over the cells of a leadership's grid give the bits of plain Python, on wide registers."""

import re

import numpy as np
import pytest

from exitvoice.engine.exponential import exponential
from exitvoice.engine.host import compile_host
from exitvoice.models.exit_control.compiled.belief import heaviest, weigh_cells, weights_of_opposed
from exitvoice.models.exit_control.institutions.leadership import Evidence, grid_leader, start_belief
from exitvoice.models.exit_control.institutions.leadership.sophisticated import looks_of, next_log_weight

LOOPS = (weigh_cells, weights_of_opposed, heaviest)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Only what was compiled in this process can be looked at."""
    return compile_host("belief", LOOPS, tmp_path_factory.mktemp("fresh"))


def test_they_give_the_same_bits_on_wide_registers(compiled):
    leader = grid_leader()
    held = start_belief(leader).held
    looks = looks_of(Evidence(0.1, 0.05, 0.01, 0.2), leader.rules)
    wanted = next_log_weight(held, leader.grid.cells, looks, kept=0.9, weeks=2.0)
    compiled.weigh_cells(held, leader.grid.cells, looks, 0.9, 2.0)
    assert np.array_equal(held, wanted)
    assert compiled.heaviest(held) == wanted.max()
    weights = compiled.weights_of_opposed(held)
    assert np.array_equal(held, wanted - wanted.max())
    assert np.array_equal(weights, exponential(held).sum(axis=0))
    for loop, instruction in {
        "weigh_cells": "fmul",
        "weights_of_opposed": "fdiv",
        "heaviest": "fcmp ogt",
    }.items():
        text = "\n".join(getattr(compiled, loop).inspect_llvm().values())
        assert re.search(rf"{instruction} <\d+ x double>", text), loop
