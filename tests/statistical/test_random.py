"""The seven uniforms of a block are uniform and pairwise independent, as the compiled loops draw them.

Declared false-alarm rate: each test compares the smallest of its p-values, times their number, with one in
a thousand; statistics too small to be chance fail as well. Seeds are fixed, so a pass stays a pass. Each test
comes with a generator that is broken and must be found out.
"""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from exitvoice.engine.columns import Column, Layout, Population, Units
from exitvoice.engine.compile import compile_program
from exitvoice.engine.program import Program, Signals, Stage
from exitvoice.engine.random import UNIFORMS_PER_BLOCK
from exitvoice.engine.rule import rule
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads

FALSE_ALARMS = 1e-3
BINS = 256  # resolution 2**-8
MEMBERS = 2**20
UNIT = 2**14
SEED = 20261123
FRESH = tuple(f"u_{place}" for place in range(UNIFORMS_PER_BLOCK))
FIXED = tuple(f"u_fixed_{place}" for place in range(UNIFORMS_PER_BLOCK))

Reals = NDArray[np.float32]


@rule(writes=("d_0", "d_1", "d_2", "d_3", "d_4", "d_5", "d_6"))
def draw_fresh(u_0, u_1, u_2, u_3, u_4, u_5, u_6):
    return u_0, u_1, u_2, u_3, u_4, u_5, u_6


@rule(writes=("d_0", "d_1", "d_2", "d_3", "d_4", "d_5", "d_6"))
def draw_fixed(u_fixed_0, u_fixed_1, u_fixed_2, u_fixed_3, u_fixed_4, u_fixed_5, u_fixed_6):
    return u_fixed_0, u_fixed_1, u_fixed_2, u_fixed_3, u_fixed_4, u_fixed_5, u_fixed_6


@pytest.fixture(scope="module")
def compiled():
    columns = tuple(Column(f"d_{place}", "float32") for place in range(UNIFORMS_PER_BLOCK))
    stages = (Stage("fresh", rules=(draw_fresh,)), Stage("fixed", rules=(draw_fixed,)))
    program = Program("draws", Layout(columns, ()), stages, Signals(), fresh=FRESH, fixed=FIXED)
    return compile_program(program)


def draws(compiled, *, stage: int = 0, seed: int = SEED, step: int = 0, round_: int = 0) -> Reals:
    """Uniforms of every member, shape (7, members)."""
    count = MEMBERS // UNIT
    rows = np.zeros(count, np.int32)
    units = Units(
        np.arange(count + 1, dtype=np.int64) * UNIT,
        np.arange(count, dtype=np.uint32),
        np.full(count, 99, np.uint32),
        rows,
        rows,
    )
    population = Population.empty(compiled.program.layout, units)
    none = np.zeros(0, np.float32)
    empty = np.zeros((1, 0), np.float32)
    signals = SignalTables(
        none, none, empty, empty, np.zeros((0, count), np.float32), np.zeros((0, count), np.int32), {}
    )
    compiled.run_stage(
        compiled.program.stages[stage],
        population,
        signals,
        seed=seed,
        step=step,
        round=round_,
        threads=Threads(1),
    )
    return np.stack([np.asarray(column, np.float32) for column in population.columns.values()])


@pytest.fixture(scope="module")
def fresh(compiled) -> Reals:
    return draws(compiled)


def cells(u: Reals) -> NDArray[np.int64]:
    return (u * BINS).astype(np.int64)


def alarm(counts: NDArray[np.int64]) -> float:
    """Two-sided p-value of equal expected counts."""
    expected = counts.sum() / counts.size
    statistic = float(((counts - expected) ** 2).sum() / expected)
    freedom = counts.size - 1
    return 2.0 * min(chi2.sf(statistic, freedom), chi2.cdf(statistic, freedom))


def evenness(u: Reals) -> float:
    return alarm(np.bincount(cells(u), minlength=BINS))


def independence(u: Reals, v: Reals) -> float:
    return alarm(np.bincount(cells(u) * BINS + cells(v), minlength=BINS * BINS))


def is_alarmed(chances: list[float]) -> bool:
    """Whether the smallest of several p-values is too small (Bonferroni)."""
    return min(chances) * len(chances) < FALSE_ALARMS


def test_each_of_the_seven_is_uniform(fresh):
    assert not is_alarmed([evenness(u) for u in fresh])


def test_each_of_the_seven_is_uniform_near_zero_where_rare_events_live(fresh):
    # below 2**-8 the same bins lie 256 times closer, and use the lower bits that all seven share
    assert not is_alarmed([evenness(u[u < 1.0 / BINS] * BINS) for u in fresh])


def test_a_generator_with_a_short_cell_is_found_out(fresh):
    worse = fresh[0].copy()
    worse[(cells(worse) == 77) & (np.arange(MEMBERS) % 8 == 0)] = 0.5
    assert is_alarmed([evenness(worse)])


def test_a_generator_that_is_too_even_is_found_out():
    assert is_alarmed(
        [evenness((np.arange(MEMBERS, dtype=np.float64) * 0.6180339887498949 % 1.0).astype(np.float32))]
    )


def test_each_pair_of_the_seven_is_independent(fresh):
    assert not is_alarmed([independence(u, v) for u, v in combinations(fresh, 2)])


def test_a_pair_that_is_the_same_once_in_a_hundred_times_is_found_out(fresh):
    u, v = fresh[0], fresh[1].copy()
    some = np.arange(MEMBERS) % 100 == 0
    v[some] = u[some]
    assert is_alarmed([independence(u, v)])


def test_too_few_rounds_of_the_mixing_are_found_out():
    assert is_alarmed([independence(*pair) for pair in combinations(weak_draws(rounds=2), 2)])
    assert not is_alarmed([independence(*pair) for pair in combinations(weak_draws(rounds=10), 2)])


def test_neighbours_are_independent(compiled, fresh):
    others = {
        "member": [(u[:-1], u[1:]) for u in fresh],
        "step": zip(fresh, draws(compiled, step=1), strict=True),
        "round": zip(fresh, draws(compiled, round_=1), strict=True),
        "seed": zip(fresh, draws(compiled, seed=SEED + 1), strict=True),
        "fixed": zip(fresh, draws(compiled, stage=1), strict=True),
        "unit": [(u[:-UNIT], u[UNIT:]) for u in fresh],
    }
    assert not is_alarmed([independence(u, v) for pairs in others.values() for u, v in pairs])


def test_fixed_draws_stay_and_fresh_draws_do_not(compiled, fresh):
    first, later = draws(compiled, stage=1, step=0), draws(compiled, stage=1, step=9)
    assert np.array_equal(first, later)
    assert not np.array_equal(fresh, draws(compiled, step=9))


def weak_draws(*, rounds: int) -> Reals:
    """Seven uniforms by Philox with another number of rounds, whole arrays."""
    member = np.arange(MEMBERS, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    c0, c1, c2, c3 = (
        member // np.uint64(UNIT),
        member * np.uint64(0),
        member % np.uint64(UNIT),
        member * np.uint64(0),
    )
    k0, k1 = SEED, 0
    for _ in range(rounds):
        low, high = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0 = (high >> np.uint64(32)) ^ c1 ^ np.uint64(k0)
        c2 = (low >> np.uint64(32)) ^ c3 ^ np.uint64(k1)
        c1, c3 = high & mask, low & mask
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    halves = [part for word in (c0, c1, c2) for part in (word >> np.uint64(16), word & np.uint64(0xFFFF))]
    drawn = [*(half / 65536.0 for half in halves), (c3 >> np.uint64(16)) / 65536.0]
    return np.stack(drawn).astype(np.float32)
