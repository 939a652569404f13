"""The primitives that are machine instructions in a kernel give the bits of their plain Python form."""

import math

import numpy as np
import pytest

from exitvoice.engine import oracle
from exitvoice.engine.columns import Column, Layout, Population
from exitvoice.engine.compile import compile_program
from exitvoice.engine.mathematics import clip, exponential, logarithm, normal_quantile
from exitvoice.engine.primitives import fused
from exitvoice.engine.program import Program, Signals, Stage
from exitvoice.engine.rule import rule
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads
from support_kernels import units_of

MEMBERS = 4000


@rule(writes=("sum",))
def add(x, y, z):
    return fused(x, y, z)


@rule(writes=("sum",))
def add_with_literals(x):
    return fused(fused(0.1, x, -0.3), 1.44269504, fused(x, x, 0.7))


@rule(writes=("sum",))
def polynomials(x, y):
    """What uses it: the polynomials."""
    share = clip(x * x / (x * x + y * y), 0.001, 0.999)
    return exponential(normal_quantile(share)) + logarithm(share)


def magnitudes(random, low: int, high: int) -> np.ndarray:
    mantissa = random.integers(2**23, 2**24, MEMBERS) * random.choice([-1, 1], MEMBERS)
    return np.ldexp(mantissa.astype(np.float64), random.integers(low, high, MEMBERS) - 23).astype(np.float32)


def numbers(kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three operands for each member."""
    random = np.random.default_rng(20261125)
    if kind == "alike":
        return magnitudes(random, -2, 2), magnitudes(random, -2, 2), magnitudes(random, -4, 4)
    x, y, z = magnitudes(random, -40, 40), magnitudes(random, -40, 40), magnitudes(random, -60, 60)
    if kind == "cancelling":
        z = -(x.astype(np.float64) * y).astype(np.float32)
        z += np.spacing(z) * random.integers(-2, 3, MEMBERS).astype(np.float32)
    if kind == "half a place":
        # products of half of the last place of z, and of less, but for a 2**46th of them or nothing
        z = magnitudes(random, -20, 20)
        x, y = (1.0 + random.choice([-1.0, 0.0, 1.0], MEMBERS) * 2.0**-23 for _ in range(2))
        x, y = x.astype(np.float32), y * np.spacing(z) * np.ldexp(1.0, -random.integers(1, 4, MEMBERS))
    return x, y.astype(np.float32), z


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    layout = Layout(tuple(Column(name, "float32") for name in ("x", "y", "z", "sum")), ())
    stages = (
        Stage("added", rules=(add,)),
        Stage("literal", rules=(add_with_literals,)),
        Stage("worked", rules=(polynomials,)),
    )
    return compile_program(Program("primitives", layout, stages, Signals()), tmp_path_factory.mktemp("fresh"))


def in_both(compiled, place: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Results of a stage in the kernel and in plain Python."""
    units = units_of((MEMBERS,), strata=1, regions=1)
    none, empty = np.zeros(0, np.float32), np.zeros((1, 0), np.float32)
    signals = SignalTables(none, none, empty, empty, empty, np.zeros((1, 0), np.int32), {})
    got, wanted = (Population.empty(compiled.program.layout, units) for _ in range(2))
    for population in (got, wanted):
        for name, values in zip("xyz", numbers(kind), strict=True):
            population.put(name, values)
    stage = compiled.program.stages[place]
    compiled.run_stage(stage, got, signals, seed=1, step=0, threads=Threads(1))
    oracle.run_stage(compiled.program, stage, wanted, signals, seed=1, step=0)
    return got.columns["sum"], wanted.columns["sum"]


@pytest.mark.parametrize("kind", ["alike", "wide", "cancelling", "half a place"])
def test_fused_is_the_same_bits_in_a_kernel(compiled, kind):
    got, wanted = in_both(compiled, 0, kind)
    assert len(np.unique(wanted)) > MEMBERS // 100  # a cancellation leaves few values, but not one
    assert got.tobytes() == wanted.tobytes()


def test_fused_of_literals_is_the_same_bits_in_a_kernel(compiled):
    got, wanted = in_both(compiled, 1, "alike")
    assert got.tobytes() == wanted.tobytes()


def test_the_polynomials_are_the_same_bits_in_a_kernel(compiled):
    got, wanted = in_both(compiled, 2, "alike")
    assert len(np.unique(wanted)) > MEMBERS // 2
    assert got.tobytes() == wanted.tobytes()


def test_the_numbers_tell_one_rounding_from_two():
    # negative control: with these, a sum in 64 bits rounded again would be found out
    differ = [
        np.float32(float(x) * float(y) + float(z)) != fused(x, y, z)
        for kind in ("half a place", "alike")
        for x, y, z in zip(*numbers(kind), strict=True)
    ]
    assert sum(differ) > 10


def test_the_numbers_tell_one_rounding_from_one_after_each_operation():
    x, y, z = numbers("alike")
    assert sum(fused(*row) != row[0] * row[1] + row[2] for row in zip(x, y, z, strict=True)) > MEMBERS // 10


def test_fused_is_one_instruction_on_all_lanes(compiled):
    in_both(compiled, 0, "alike")
    text = "\n".join(compiled.module.added.inspect_llvm().values())
    assert "@llvm.fma.v" in text
    assert "fmul" not in text


def test_what_the_numbers_are_made_of_is_normal():
    # below the normal reals some machines round otherwise or flush to zero
    for kind in ("alike", "wide", "cancelling", "half a place"):
        for values in numbers(kind):
            assert np.all((np.abs(values) >= math.ldexp(1.0, -126)) | (values == 0.0)), kind
