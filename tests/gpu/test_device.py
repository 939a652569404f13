"""On a real NVIDIA device: the same whole numbers as the processor, reals within the drift that is documented.

Run by ``make test-gpu``; skipped where there is no device. docs/design-notes/one-warp-a-unit.md says what is
expected: no drift at all, since both round every operation alike.
"""

import numpy as np
import pytest

from exitvoice.engine.targets import cuda_driver as driver
from exitvoice.engine.targets.cuda import Shape
from exitvoice.engine.targets.cuda_driver import DeviceError
from exitvoice.run import simulate
from exitvoice.scenario import load_scenario
from support_cuda import move, run_on_device, tallies_of
from support_kernels import differing, run_oracle, same_tallies, small_program, small_world, units_of
from support_lively import lively

DRIFT = 1e-6  # of opposition and confidence, both in [0, 1], after 1,200 steps
WEEKS = 1200

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def _on_a_device():
    if driver.is_simulated():
        pytest.skip("this is the simulator")
    try:
        driver.require_device()
    except DeviceError as problem:
        pytest.skip(str(problem).partition("\n")[0])


@pytest.mark.parametrize("shape", [Shape(), Shape(64, 8, 3), Shape(128, 1, 1 << 20)], ids=str)
def test_every_feature_of_the_engine_equals_the_oracle(shape):
    units = units_of((48, 0, 300, 7, 1000, 64, 33))
    world = small_world(units)
    tallies = run_oracle(small_program(), world, steps=3)
    got, counted, _ = run_on_device(units, steps=3, shape=shape)
    assert not differing(world, got)
    assert same_tallies(tallies, counted)


@pytest.mark.parametrize("theory", ["kuran", "epstein", "self_censorship"])
def test_a_lively_world_gives_the_same_bits(theory):
    here, there = (move(lively(theory), device, scale=0.05, steps=30) for device in ("cpu", "cuda"))
    assert not differing(here, there)
    assert same_tallies(tallies_of(here.records), tallies_of(there.records))


def test_whole_numbers_are_equal_and_reals_hardly_drift_over_1200_weeks():
    scenario = load_scenario("china-2024")
    steps = min(WEEKS, scenario.grid.steps)
    assert steps > 1000
    here, there = (move(scenario, device, scale=1e-3, steps=steps) for device in ("cpu", "cuda"))
    for name in ("word", "clock", "timer"):
        np.testing.assert_array_equal(there.population.columns[name], here.population.columns[name])
    for name, words in here.population.marks.items():
        np.testing.assert_array_equal(there.population.marks[name], words)
    for one, other in zip(tallies_of(here.records), tallies_of(there.records), strict=True):
        np.testing.assert_array_equal(other.counts, one.counts)
    held = [world.population.columns["opposition"].astype(np.float64) for world in (here, there)]
    assert np.abs(held[0] - held[1]).max() <= DRIFT
    np.testing.assert_allclose(there.signals.unit, here.signals.unit, rtol=0.0, atol=DRIFT)


def test_a_run_gives_the_same_results_and_names_the_device():
    def some(done, steps, persons):
        return done < 52

    scenario = load_scenario("china-2024")
    here, there = (simulate(scenario, scale=1e-3, device=d, progress=some) for d in ("cpu", "cuda"))
    assert there.data.attrs["device"].startswith("cuda: ")
    for name, values in here.data.items():
        np.testing.assert_allclose(there.data[name], values, rtol=1e-5, atol=DRIFT, err_msg=str(name))
