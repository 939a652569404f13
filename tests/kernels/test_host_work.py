"""Outside the compiled loops a step costs the same whatever the number of persons: its sums are right, and few."""

import sys

import numpy as np
import pytest

from exitvoice.engine import sums
from exitvoice.engine.compile import FIXED
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.run.recorder import Recorder
from exitvoice.scenario import load_scenario

WARM, STEPS = 20, 10
MOST_CALLS = 1200  # of functions a step: 1,068 when this was written, 2,550 before it was looked at


def counts(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 1000, shape)


def test_threads_are_joined_and_what_was_before_is_taken_off():
    parts = counts(3, 5, 6, 4)
    whole = parts.sum(axis=0)
    assert np.array_equal(sums.join(parts, 0), whole)
    changed = np.concatenate([whole[:, 2:4] - whole[:, :2], whole[:, 4:]], axis=1)
    assert np.array_equal(sums.join(parts, 2), changed)


def test_members_are_weighed_by_their_stratum():
    tallied, weight = counts(6, 5, 4), np.array([0.0, 1.0, 2.0, 0.5, 8.0, 4.0])
    each = tallied * weight[:, np.newaxis, np.newaxis]
    some = np.array([4, 1])
    by_region = each.sum(axis=2)[:, some].reshape(2, 3, 2).sum(axis=0).T
    assert np.array_equal(sums.weighed(tallied, some, weight, 3), by_region)
    assert np.array_equal(sums.weighed_by_class(tallied, weight, 2), each.reshape(2, 3, 5, 4).sum(axis=1))


def test_signals_of_units_are_summed_to_the_bit():
    draws = np.random.default_rng(3)
    value, share = draws.random(500, np.float32), draws.integers(0, 96, 500).astype(np.float32)
    stratum = draws.integers(0, 7, 500).astype(np.int32)
    held = share.astype(np.float64) * FIXED
    whole = (np.floor(by + 0.5) for by in (value * held, held))
    wanted = np.array([np.bincount(stratum, by, 7) for by in whole]) / FIXED
    assert np.array_equal(sums.of_units(value, share, stratum, 7, FIXED), wanted)


@pytest.mark.parametrize("scale", [0.0001, 0.0003])
def test_a_step_calls_few_functions(scale: float):
    """Counted, not timed: calls of Python and C functions in a step and its record, of the default scenario."""
    model = compile_model(load_scenario("china-2024"), scale=scale, seed=1)
    workers, recorder, calls = Threads(1), Recorder(model), 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    world = begin(model, workers)
    for now in range(WARM + STEPS):
        if now == WARM:
            sys.setprofile(count)
        recorder.note(now, step(model, world, now, workers))
    sys.setprofile(None)
    assert calls / STEPS < MOST_CALLS
