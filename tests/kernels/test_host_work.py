"""Outside the compiled loops a step costs the same whatever the number of persons: its sums are right, and few."""

import sys

import numpy as np
import pytest

from exitvoice.engine import sums
from exitvoice.engine.compile import FIXED
from exitvoice.engine.functions import compile_function
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.thresholds import pass_units
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.people import zeal_keys
from exitvoice.models.exit_control.world import unowned
from exitvoice.run.recorder import Recorder
from exitvoice.scenario import load_scenario

WARM, STEPS = 20, 10
MOST_CALLS = 450  # of functions a step: 400 when this was written, 2,550 before it was looked at


def counts(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 1000, shape)


def test_what_threads_counted_is_taken_and_what_was_before_is_taken_off():
    parts, totals = counts(3, 5, 6, 4), counts(3, 5, 2, 4)
    strata = np.array([[0, 2], [1, 5], [3, 3]])  # the third thread counted nobody
    for thread, (first, last) in enumerate(strata):
        for counted in (parts[thread], totals[thread]):
            counted[:first] = counted[last:] = 0
    whole, both = parts.sum(axis=0), totals.sum(axis=0)
    for before, wanted in (
        (0, whole),
        (2, np.concatenate([whole[:, 2:4] - whole[:, :2], whole[:, 4:]], axis=1)),
    ):
        left = parts.copy(), totals.copy()
        counted, summed = sums.take(*left, before, strata)
        assert np.array_equal(counted, wanted)
        assert np.array_equal(summed, both)
        assert not left[0].any()  # emptied for the next time
        assert not left[1].any()


def test_changes_are_added_at_their_places():
    running, changes = counts(5, 6, 4), counts(5, 3, 4)
    wanted = running.copy()
    wanted[:, [4, 0]] += changes[:, :2]
    sums.move(running, np.array([4, 0]), changes)
    assert np.array_equal(running, wanted)


def test_members_are_weighed_by_their_stratum():
    tallied, weight = counts(6, 5, 4), np.array([0.0, 1.0, 2.0, 0.5, 8.0, 4.0])
    each = tallied * weight[:, np.newaxis, np.newaxis]
    some = np.array([4, 1])
    by_region = each.sum(axis=2)[:, some].reshape(2, 3, 2).sum(axis=0).T
    assert np.array_equal(sums.weighed(tallied, some, weight, 3), by_region)
    by_class = each.reshape(2, 3, 5, 4).sum(axis=1)
    found, together = np.empty((2, 5, 3), np.float32), np.empty((2, 3))
    sums.weigh(tallied, weight, found)
    assert np.array_equal(found, by_class[..., :3])
    sums.weigh_together(tallied, some, weight, together)
    assert np.array_equal(together, by_class[:, some, :3].sum(axis=1))


def test_signals_of_units_are_summed_to_the_bit():
    draws = np.random.default_rng(3)
    value, share = draws.random(500, np.float32), draws.integers(0, 96, 500).astype(np.float32)
    stratum = draws.integers(0, 7, 500).astype(np.int32)
    held = share.astype(np.float64) * FIXED
    whole = (np.floor(by + 0.5) for by in (value * held, held))
    wanted = np.array([np.bincount(stratum, by, 7) for by in whole]) / FIXED
    assert np.array_equal(sums.of_units(value, share, stratum, 7, FIXED), wanted)


def test_a_units_row_tells_how_many_coverages_lie_above_its_zeal():
    draws = np.random.default_rng(5)
    stratum, zeal = draws.integers(0, 4, 300), draws.random(300, np.float32)
    keys = zeal_keys(stratum, zeal)
    order, keys = np.argsort(keys), np.sort(keys)
    first = np.searchsorted(keys, np.arange(4, dtype=np.uint64) << np.uint64(32))
    reached, rows = np.repeat(first[:, np.newaxis], 3, axis=1), np.zeros(300, np.int32)
    coverage = np.zeros((4, 3), np.float32)
    for change in (0.0, 0.5, 1e-3, -0.4, 1.0, -1e6):
        coverage = np.clip(coverage + np.float32(change) * draws.random((4, 3), np.float32), 0.0, 1.0)
        before = rows.copy()
        has_moved = pass_units(coverage.view(np.uint32), keys, order, reached, rows, 32)
        assert np.array_equal(rows, 32 * (coverage[stratum] > zeal[:, np.newaxis]).sum(axis=1))
        assert has_moved == (rows != before).any()
    assert not rows.any()


def test_a_draw_of_nobodys_is_that_of_the_random_function_to_the_bit():
    compiled = compile_function(unowned)
    for given in ((0, 7, 241, 1, 0), (4, 60_040, 240, 0xFFFFFFFF, 0x80000001)):
        assert compiled(*given) == float(unowned(*given))
    assert compiled(0, 7, 241, 1, 0) != compiled(0, 7, 241, 2, 0)


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
