"""Generated kernels against the plain-Python oracle, bit for bit, on a program that uses every feature."""

from types import SimpleNamespace

import numpy as np
import pytest

from exitvoice.engine.columns import Units
from exitvoice.engine.compile import compile_program
from exitvoice.engine.targets.cpu import Threads
from support_kernels import (
    SPEAKS,
    differing,
    run_compiled,
    run_oracle,
    same_tallies,
    small_program,
    small_world,
    units_of,
)

# one member; a few; multiples of the lanes; more than a tally's bytes hold (240); so many chosen that a buffer fills
SIZES = (1, 1, 2, 16, 48, 240, 241, 500, 17, 3, 33, 700, 1, 5, 480, 255, 900)
STEPS = 2


@pytest.fixture(scope="module")
def compiled():
    return compile_program(small_program())


@pytest.fixture(scope="module")
def start(compiled):
    return small_world(units_of(SIZES), compiled.program)


@pytest.fixture(scope="module")
def wanted(compiled, start):
    """World and tallies after a run in plain Python."""
    world = start.copy()
    return SimpleNamespace(world=world, tallies=run_oracle(compiled.program, world, steps=STEPS))


@pytest.fixture(scope="module")
def got(compiled, start):
    world = start.copy()
    return SimpleNamespace(world=world, tallies=run_compiled(compiled, world, steps=STEPS))


def test_columns_marks_and_unit_signals_equal_the_oracle(got, wanted):
    assert not differing(got.world, wanted.world)


def test_tallies_equal_the_oracle(got, wanted):
    assert same_tallies(got.tallies, wanted.tallies)


def test_the_run_did_something_to_everything(start, wanted):
    # otherwise equality would be cheap
    population = wanted.world.population
    for name in ("mood", "trust", "level", "notes", "age", "state", "generation", "kind", "rank"):
        assert len(np.unique(population.get(name))) > 2, name
    for name, share in zip(SPEAKS, (0.3, 0.5, 0.8), strict=True):
        assert population.marked(name).mean() == pytest.approx(share, abs=0.05), name
    assert not population.marked("spare").any()
    assert "signals of units" in differing(start, wanted.world)
    assert set(np.unique(wanted.world.signals.unit[5])) == {1.0}  # each unit has rested in one of two steps
    seen = {
        (tallies.stage.name, counted.name)
        for tallies in wanted.tallies
        for counted in tallies.stage.counted
        if tallies.count(counted.name).any()
    }
    every = {(t.stage.name, counted.name) for t in wanted.tallies for counted in t.stage.counted}
    assert every - seen == {("talk", "anyone")}  # nobody comes or goes there


def recounted(world):
    """Calm and loud members, and trust in fixed point, by stratum and rank: (3, strata, ranks)."""
    population, units = world.population, world.population.units
    cell = np.repeat(units.stratum, np.diff(units.offsets)) * 4 + population.get("rank").astype(int)
    state, trust = population.get("state"), population.get("trust")
    fixed = (np.float32(65536.0) * (trust + trust) + np.float32(0.5)).astype(np.int64)
    return np.array([np.bincount(cell, w, 12).reshape(3, 4) for w in (state == 0, state == 2, fixed)])


@pytest.mark.parametrize(("place", "changes"), [(1, False), (4, True)])
def test_tallies_are_what_the_columns_say(compiled, got, place, changes):
    """The whole of a dense stage, what a stage of changes changed; ranks stay in both."""
    stage = compiled.program.stages[place]
    assert stage.changes is changes
    world = got.world.copy()
    before = recounted(world)
    tallies = compiled.run_stage(stage, world.population, world.signals, seed=7, step=9, threads=Threads(2))
    moved = recounted(world) - (before if changes else 0)
    assert moved.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(tallies.count("is_calm"), moved[0])
    if changes:
        np.testing.assert_array_equal(tallies.count("is_loud"), moved[1])
    np.testing.assert_array_equal(tallies.total("trust_held"), moved[2] / 65536.0)


def test_kept_counts_are_those_of_each_unit(got):
    population, units = got.world.population, got.world.population.units
    loud = np.add.reduceat(population.get("state") == 2, units.offsets[:-1], dtype=np.int64)
    np.testing.assert_array_equal(got.world.signals.unit[1], loud)
    np.testing.assert_array_equal(got.world.signals.unit[0], np.diff(units.offsets))


@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_bits_for_any_number_of_threads(compiled, start, got, threads):
    world = start.copy()
    tallies = run_compiled(compiled, world, steps=STEPS, threads=threads)
    assert not differing(world, got.world)
    assert same_tallies(tallies, got.tallies)


@pytest.mark.parametrize("cuts", [(1,), (16,), (3, 4, 5), (5, 11), tuple(range(1, len(SIZES)))], ids=str)
def test_the_same_bits_for_any_partition_of_the_units(compiled, start, got, cuts, monkeypatch):
    edges = (0, *cuts, len(SIZES))
    ranges = list(zip(edges[:-1], edges[1:], strict=True))
    monkeypatch.setattr(Units, "ranges", lambda units, parts: ranges)
    world = start.copy()
    tallies = run_compiled(compiled, world, steps=STEPS, threads=len(ranges))
    assert not differing(world, got.world)
    assert same_tallies(tallies, got.tallies)


def arranged(units: Units, order: list[int]) -> Units:
    """The same units in another order, or some of them."""
    sizes = np.diff(units.offsets)[order]
    return Units(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        units.number[order],
        units.key[order],
        units.stratum[order],
        units.region[order],
    )


def members_of(world, unit: int) -> bytes:
    offsets = world.population.units.offsets
    inside = slice(int(offsets[unit]), int(offsets[unit + 1]))
    columns = b"".join(column[inside].tobytes() for column in world.population.columns.values())
    blocks = slice(*world.population.units.blocks[unit : unit + 2].tolist())
    marks = b"".join(words[blocks].tobytes() for words in world.population.marks.values())
    return columns + marks + world.signals.unit[:, unit].tobytes()


@pytest.mark.parametrize("absent", [0, 6, len(SIZES) - 1])
def test_adding_one_unit_changes_nobody_else(compiled, got, absent):
    order = [unit for unit in range(len(SIZES)) if unit != absent]
    world = small_world(arranged(units_of(SIZES), order), compiled.program)
    run_compiled(compiled, world, steps=STEPS)
    for place, unit in enumerate(order):
        assert members_of(world, place) == members_of(got.world, unit), unit


def test_the_order_of_the_units_changes_nobody(compiled, got):
    order = np.random.default_rng(5).permutation(len(SIZES)).tolist()
    world = small_world(arranged(units_of(SIZES), order), compiled.program)
    tallies = run_compiled(compiled, world, steps=STEPS)
    assert all(members_of(world, place) == members_of(got.world, unit) for place, unit in enumerate(order))
    assert same_tallies(tallies, got.tallies)


def test_another_seed_gives_another_world(compiled, start, got, monkeypatch):
    # negative control: the comparison above can fail
    monkeypatch.setattr("support_kernels.SEED", 7)
    world = start.copy()
    tallies = run_compiled(compiled, world, steps=STEPS)
    assert set(differing(world, got.world)) >= {"mood", "trust", "word", "flags", *SPEAKS}
    assert not same_tallies(tallies, got.tallies)


@pytest.mark.parametrize("bit", [0, 31, 32, 63])
def test_every_bit_of_the_seed_matters(compiled, start, bit, monkeypatch):
    worlds = []
    for seed in (0, 1 << bit):
        monkeypatch.setattr("support_kernels.SEED", seed)
        world = start.copy()
        run_compiled(compiled, world, steps=1)
        worlds.append(world)
    assert "mood" in differing(*worlds)


def test_one_last_place_of_one_member_is_seen(got):
    # negative control of the comparison itself
    other = got.world.copy()
    other.population.columns["mood"][1234] = np.nextafter(
        other.population.columns["mood"][1234], np.float32(2.0)
    )
    assert differing(other, got.world) == ["mood"]


def test_one_mark_of_one_member_is_seen(got):
    # negative control of the comparison itself
    other = got.world.copy()
    other.population.marks[SPEAKS[0]][7] ^= np.uint64(1 << 40)
    assert differing(other, got.world) == [SPEAKS[0]]
