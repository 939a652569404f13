"""Outside the compiled loops a step costs the same whatever the number of persons: its sums are right, and few."""

import sys

import numpy as np
import pytest

from exitvoice.engine import sums
from exitvoice.engine.columns import Units
from exitvoice.engine.compile import FIXED
from exitvoice.engine.functions import compile_function
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.thresholds import NOT_YET, pass_units
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.compiled import tables
from exitvoice.models.exit_control.compiled.policy import places_with
from exitvoice.models.exit_control.people import zeal_keys
from exitvoice.models.exit_control.signals import BITS
from exitvoice.models.exit_control.world import unowned
from exitvoice.run.recorder import Recorder
from exitvoice.scenario import Lay, compile_policy, load_scenario

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


def test_several_tallies_are_weighed_side_by_side():
    first, second, weight = counts(6, 5, 4), counts(6, 2, 4), np.array([0.0, 1.0, 2.0, 0.5, 8.0, 1 / 3])
    both = np.concatenate([first, second], axis=1) * weight[:, np.newaxis, np.newaxis]
    by_class = both.reshape(2, 3, 7, 4).sum(axis=1)
    wanted, exact = np.array([6, 0, 4]), np.array([5, 3])
    found, kept = np.empty((2, 3, 3), np.float32), np.empty((2, 2, 3))
    sums.weigh((first, second), weight, wanted, found, exact, kept)
    assert np.array_equal(found, by_class[:, wanted, :3].astype(np.float32))
    assert np.array_equal(kept, by_class[:, exact, :3])


def test_signals_of_units_are_summed_to_the_bit():
    draws = np.random.default_rng(3)
    value, share = draws.random(500, np.float32), draws.integers(0, 96, 500).astype(np.float32)
    stratum = draws.integers(0, 7, 500).astype(np.int32)
    held = share.astype(np.float64) * FIXED
    whole = (np.floor(by + 0.5) for by in (value * held, held))
    wanted = np.array([np.bincount(stratum, by, 7) for by in whole]) / FIXED
    none = np.zeros(500, np.uint32)
    for order in (np.arange(500), np.argsort(stratum)):  # alone, and in long rows of one stratum
        units = Units(np.arange(501), none, none, stratum[order], stratum[order])
        found = sums.of_units(value[order], share[order], units.stratum, units.runs, 7, FIXED)
        assert np.array_equal(found, wanted)


def test_a_units_row_tells_how_many_coverages_lie_above_its_zeal():
    draws = np.random.default_rng(5)
    stratum, zeal = draws.integers(0, 4, 300), draws.random(300, np.float32)
    keys = zeal_keys(stratum, zeal)
    order, keys = np.argsort(keys), np.sort(keys)
    first = np.searchsorted(keys, np.arange(4, dtype=np.uint64) << np.uint64(32))
    reached, rows = np.repeat(first[:, np.newaxis], 3, axis=1), np.zeros(300, np.int32)
    edges = np.full((4, 3, 2), NOT_YET)
    which, coverages = draws.integers(0, 5, (4, 3)), np.zeros(5, np.float32)
    for change in (0.0, 0.5, 1e-3, 1e-3, -0.4, 1.0, -1e6):
        coverages = np.clip(coverages + np.float32(change) * draws.random(5, np.float32), 0.0, 1.0)
        before = rows.copy()
        has_moved = pass_units(coverages.view(np.uint32), which, keys, order, reached, edges, rows, 32)
        above = coverages[which][stratum] > zeal[:, np.newaxis]
        assert np.array_equal(rows, 32 * above.sum(axis=1))
        assert has_moved == (rows != before).any()
        which = (
            draws.permuted(which, axis=1) if change < 0.0 else which
        )  # another order of the same coverages
    assert not rows.any()


def test_tables_of_rules_are_laid_alike_by_compiled_and_plain_functions():
    scenario = load_scenario(
        "russia-2022"
    )  # rules that are announced, that spread, that begin and end within a step
    plain = compile_policy(scenario)
    compiled = compile_policy(scenario, lay=Lay(tables().lay_words, tables().lay_timings))
    ran = 0
    for at in range(scenario.grid.steps):
        one, other = plain.at(at), compiled.at(at)
        ran += one.highest_run > 0.0
        for mine, theirs in zip(one, other, strict=True):
            assert np.array_equal(mine, theirs)
        for bits in BITS.values():
            assert np.array_equal(places_with(one.words, bits), tables().places_with(other.words, bits))
    assert 0 < ran < scenario.grid.steps
    assert len({plain.at(at).words.tobytes() for at in range(scenario.grid.steps)}) > 3
    for name in ("lay_words", "lay_timings", "places_with"):  # once, whatever the world
        assert len(getattr(tables(), name).signatures) == 1


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
