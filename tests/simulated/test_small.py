"""Every feature of the engine in device kernels: the same bits as the oracle, however units are laid out."""

import numpy as np
import pytest

from exitvoice.engine.compile import compile_program
from exitvoice.engine.targets.cuda import Shape, compile_cuda
from exitvoice.engine.targets.cuda_driver import device_name, is_simulated
from support_cuda import run_on_device
from support_kernels import differing, run_oracle, same_tallies, small_program, small_world, units_of

SIZES = (5, 0, 70, 1, 33)
STEPS = 2
SHAPES = [Shape(4, 3, 64), Shape(3, 1, 64), Shape(1, 64, 1)]


@pytest.fixture(scope="module")
def wanted():
    units = units_of(SIZES)
    world = small_world(units)
    return world, run_oracle(small_program(), world, steps=STEPS)


def test_the_simulator_is_on():
    assert is_simulated()
    assert device_name() == "CUDA simulator"


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_kernels_equal_the_oracle_whatever_the_shape(wanted, shape):
    world, tallies = wanted
    got, counted, _ = run_on_device(units_of(SIZES), steps=STEPS, shape=shape)
    assert not differing(world, got)
    assert same_tallies(tallies, counted)


def test_a_unit_of_more_members_than_registers_can_count():
    # one lane, 600 members: counts of 8 bits must be emptied on the way
    units = units_of((600,), strata=1, regions=1)
    world = small_world(units)
    program = small_program()
    with np.errstate(all="ignore"):
        tallies = run_oracle(program, world, steps=0)
    got, counted, _ = run_on_device(units, steps=0, shape=Shape(1, 1, 1))
    assert not differing(world, got)
    assert same_tallies(tallies, counted)
    assert counted[0].count("anyone").sum() == 600


def test_another_seed_is_seen(wanted):
    # negative control
    world, tallies = wanted
    got, counted, _ = run_on_device(units_of(SIZES), steps=STEPS, seed=1)
    assert {"mood", "trust", "word"} <= set(differing(world, got))
    assert not same_tallies(tallies, counted)


def by_hand(units, signals):
    memory, size = (signals.unit[place].astype(np.float64) for place in (2, 0))
    return [np.bincount(units.stratum, values) for values in (memory * size, size)]


def test_what_the_host_needs_of_units_is_reduced_as_the_processor_does():
    program, units = small_program(), units_of(range(2, 40), strata=5)
    signals = small_world(units).signals
    signals.unit[:] = np.random.default_rng(1).random(signals.unit.shape, np.float32)
    here = compile_program(program)
    there = compile_cuda(program)
    placed = there.place(signals)
    for name in ("unit_size", "unit_rests"):
        assert there.lowest(placed, name) == here.lowest(signals, name)
    wanted = here.sums(units, signals, "unit_memory", "unit_size")
    got = there.sums(units, placed, "unit_memory", "unit_size")
    np.testing.assert_array_equal(got, wanted)
    np.testing.assert_allclose(got, by_hand(units, signals), rtol=1e-7)
