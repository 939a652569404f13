"""Marks: a dense stage writes them, a later stage works on those who bear them and leaves no trace on the others.

Marks that a team shares are drawn for 64 members at once; the stage that selects by them works on whole teams.

The picked of many units are worked on side by side, up to a whole number of lanes: beyond the last of them stand
others, of an earlier batch or nobody. Their state, their events and their tallies must not show.
"""

import numpy as np
import pytest

from exitvoice.engine import oracle
from exitvoice.engine.columns import Column, Layout, Population
from exitvoice.engine.compile import compile_program
from exitvoice.engine.program import Program, Signals, Stage
from exitvoice.engine.rule import rule
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads
from support_kernels import (
    SEED,
    SPEAKS,
    differing,
    run_compiled,
    same_tallies,
    small_program,
    small_world,
    units_of,
    words_of,
)

EDGES = (1, 63, 64, 65, 200)
MIXED = tuple(
    np.random.default_rng(130).permutation(np.arange(1, 131)).tolist()
)  # two batches and a bit: 8515


@rule(writes=("tall", "shrunk"))
def measure(height, limit):
    return height > limit, height < 0.1


@pytest.fixture(scope="module")
def measuring():
    layout = Layout((Column("height", "float32"),), (), marks=("shrunk", "tall"))
    signals = Signals(parameters=("limit",))
    return compile_program(Program("measuring", layout, (Stage("look", rules=(measure,)),), signals))


def looked(compiled, population, limit: float, threads: int = 1) -> None:
    none, empty = np.zeros(0, np.float32), np.zeros((1, 0), np.float32)
    rows, units = (np.zeros((0, population.units.count), kind) for kind in (np.int32, np.float32))
    signals = SignalTables(np.array([limit], np.float32), none, empty, empty, units, rows, {})
    workers = Threads(threads)
    compiled.run_stage(compiled.program.stages[0], population, signals, seed=0, step=0, threads=workers)
    workers.close()


@pytest.mark.parametrize("sizes", [*((size,) for size in EDGES), EDGES * 3, MIXED], ids=lambda s: str(s[:5]))
@pytest.mark.parametrize("threads", [1, 3])
def test_marks_are_what_the_rule_says_of_each_member(measuring, sizes, threads):
    units = units_of(sizes, strata=1, regions=1)
    population = Population.empty(measuring.program.layout, units)
    for limit, seed in (
        (0.5, 1),
        (0.99, 2),
        (-1.0, 3),
        (2.0, 4),
    ):  # each time over the marks of the time before
        heights = np.random.default_rng(seed).random(units.members, dtype=np.float32)
        population.put("height", heights)
        looked(measuring, population, limit, threads)
        np.testing.assert_array_equal(population.marked("tall"), heights > np.float32(limit))
        np.testing.assert_array_equal(population.marked("shrunk"), heights < np.float32(0.1))
        # no bit beyond a unit's last member either: a stage that selects looks at every bit
        np.testing.assert_array_equal(population.marks["tall"], words_of(units, population.marked("tall")))


# -- stages that select -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled():
    return compile_program(small_program())


@pytest.fixture(scope="module")
def lived_in(compiled):
    """Mixed units after a step, so that no state is zero."""
    world = small_world(units_of(MIXED), compiled.program)
    run_compiled(compiled, world, steps=1)
    return world


def at(members: int, *places: int) -> np.ndarray:
    return np.isin(np.arange(members), [place % members for place in places])


def share(members: int, wanted: float) -> np.ndarray:
    return np.random.default_rng(int(1000 * wanted)).random(members) < wanted


def first_batch(members: int) -> np.ndarray:
    """All of the first batch and one far behind it: what is beyond the one are members of the first."""
    return (np.arange(members) < 4000) | at(members, -3)


def of_units(members: int, keep: int) -> np.ndarray:
    """All members of some units and none of the others."""
    offsets = units_of(MIXED).offsets
    return (np.searchsorted(offsets, np.arange(members), side="right") - 1) % 5 == keep


PICKED = {
    "nobody": lambda n: np.zeros(n, np.bool_),
    "everybody": lambda n: np.ones(n, np.bool_),
    "the first": lambda n: at(n, 0),
    "the last": lambda n: at(n, -1),
    "the first and the last": lambda n: at(n, 0, -1),
    "fifteen, sixteen and seventeen": lambda n: at(n, *range(15)) | at(n, *range(5000, 5033)),
    "one in a thousand": lambda n: share(n, 0.001),
    "one in twenty": lambda n: share(n, 0.05),
    "half": lambda n: share(n, 0.5),
    "all but a few": lambda n: share(n, 0.99),
    "all of some units": lambda n: of_units(n, 0),
    "a full batch, then one": first_batch,
}


def repeated(compiled, world, stage_name: str, picked, *, round_: int, threads: int):
    """The world after a selected stage in the kernel and in plain Python, with the tallies of both."""
    stage = next(item for item in compiled.program.stages if item.name == stage_name)
    mark = stage.select[min(round_, len(stage.select) - 1)]
    got, wanted = world.copy(), world.copy()
    for item in (got, wanted):
        item.population.marks[mark][:] = words_of(item.population.units, picked)
    options = {"seed": SEED, "step": 5, "round": round_}
    workers = Threads(threads)
    counted = compiled.run_stage(stage, got.population, got.signals, threads=workers, **options)
    workers.close()
    with np.errstate(all="ignore"):
        expected = oracle.run_stage(compiled.program, stage, wanted.population, wanted.signals, **options)
    return got, wanted, counted, expected


@pytest.mark.parametrize("name", PICKED)
def test_whoever_is_picked_the_kernel_equals_the_oracle(compiled, lived_in, name):
    picked = PICKED[name](lived_in.population.units.members)
    got, wanted, counted, expected = repeated(compiled, lived_in, "talk", picked, round_=1, threads=1)
    assert not differing(got, wanted)
    assert same_tallies([counted], [expected])
    assert (counted.count("loudly").sum() > 0) == (picked.sum() > 5)
    # changes are tallied: nobody comes or goes, and who is loud now and was not before is among the picked
    assert not counted.count("anyone").any()
    loud = [world.population.get("state") == 2 for world in (lived_in, got)]
    assert counted.count("is_loud").sum() == loud[1].sum() - loud[0].sum()
    assert not (loud[0] != loud[1])[~picked].any()


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("name", PICKED)
def test_teams_of_which_some_are_picked_equal_the_oracle(compiled, lived_in, name, threads):
    picked = PICKED[name](lived_in.population.units.members)
    got, wanted, counted, expected = repeated(compiled, lived_in, "hum", picked, round_=1, threads=threads)
    assert not differing(got, wanted)
    assert same_tallies([counted], [expected])
    assert (counted.count("high").sum() > 0) == (picked.sum() > 5)


@pytest.mark.parametrize("sizes", [(1,), (3, 5), (15,), (16,), (17, 1), (40, 24, 9)], ids=str)
def test_teams_at_the_end_of_all_members_are_read_from_farther_ahead(compiled, sizes):
    """Fewer members than a team in all, one team, a last team of a few."""
    world = small_world(units_of(sizes, strata=1, regions=1), compiled.program)
    run_compiled(compiled, world, steps=1)
    for picked in (np.ones(sum(sizes), np.bool_), at(sum(sizes), -1)):
        got, wanted, counted, expected = repeated(compiled, world, "hum", picked, round_=0, threads=1)
        assert not differing(got, wanted)
        assert same_tallies([counted], [expected])
        assert (got.population.get("mood") != world.population.get("mood"))[-1]


@pytest.mark.parametrize("name", PICKED)
def test_those_who_are_not_picked_keep_every_bit(compiled, lived_in, name):
    picked = PICKED[name](lived_in.population.units.members)
    for stage, round_ in (("talk", 0), ("talk", 2), ("hum", 1)):
        world = lived_in.copy()
        selected = next(item for item in compiled.program.stages if item.name == stage)
        mark = selected.select[min(round_, len(selected.select) - 1)]
        world.population.marks[mark][:] = words_of(world.population.units, picked)
        compiled.run_stage(
            selected, world.population, world.signals, seed=SEED, step=5, round=round_, threads=Threads(1)
        )
        changed = np.zeros(len(picked), np.bool_)
        for column, before in lived_in.population.columns.items():
            changed |= world.population.columns[column] != before
        assert not changed[~picked].any(), (stage, round_)
        assert changed[picked].mean() > 0.9 if picked.any() else not changed.any()


@pytest.mark.parametrize("threads", [2, 5])
@pytest.mark.parametrize("name", ["half", "one in a thousand", "a full batch, then one"])
def test_the_threads_change_nothing_of_it(compiled, lived_in, name, threads):
    picked = PICKED[name](lived_in.population.units.members)
    one, _, counted, _ = repeated(compiled, lived_in, "talk", picked, round_=0, threads=1)
    many, _, again, _ = repeated(compiled, lived_in, "talk", picked, round_=0, threads=threads)
    assert not differing(one, many)
    assert same_tallies([counted], [again])


def test_a_unit_larger_than_a_batch_equals_the_oracle(compiled):
    world = small_world(units_of((3, 4700, 70, 64)), compiled.program)
    run_compiled(compiled, world, steps=1)
    members = world.population.units.members
    for picked in (share(members, 0.3), np.ones(members, np.bool_)):
        got, wanted, counted, expected = repeated(compiled, world, "talk", picked, round_=2, threads=1)
        assert not differing(got, wanted)
        assert same_tallies([counted], [expected])


def test_each_round_works_on_those_who_bear_its_mark(compiled, lived_in):
    """A mark for each round in one stage, the same mark for all rounds in another."""
    members = lived_in.population.units.members
    chances = zip((*SPEAKS, "hums"), (0.2, 0.21, 0.22, 0.23), strict=True)
    marked = {name: share(members, chance) for name, chance in chances}
    for stage_name, wanted in (("talk", SPEAKS), ("hum", ("hums", "hums"))):
        stage = next(item for item in compiled.program.stages if item.name == stage_name)
        assert len(wanted) == stage.rounds
        for round_, mark in enumerate(wanted):
            world = lived_in.copy()
            for name, picked in marked.items():
                world.population.marks[name][:] = words_of(world.population.units, picked)
            before = world.copy()
            compiled.run_stage(
                stage, world.population, world.signals, seed=SEED, step=5, round=round_, threads=Threads(1)
            )
            changed = np.zeros(members, np.bool_)
            for column, values in before.population.columns.items():
                changed |= world.population.columns[column] != values
            assert not changed[~marked[mark]].any()
            assert changed[marked[mark]].mean() > 0.9
            assert world.population.marks.keys() == before.population.marks.keys()
            assert all(
                np.array_equal(w, before.population.marks[n]) for n, w in world.population.marks.items()
            )


# -- stages of units in turn --------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [0, 1, 7])
def test_units_whose_turn_it_is_not_keep_every_bit(compiled, lived_in, step):
    stage = next(item for item in compiled.program.stages if item.name == "rest")
    world, units = lived_in.copy(), lived_in.population.units
    tallies = compiled.run_stage(
        stage, world.population, world.signals, seed=SEED, step=step, threads=Threads(2)
    )
    turned = (units.number + step) % 2 == 0
    assert 40 < turned.sum() < 90
    theirs = np.repeat(turned, np.diff(units.offsets))
    for name in ("trust", "age"):
        before, after = lived_in.population.columns[name], world.population.columns[name]
        np.testing.assert_array_equal(before[~theirs], after[~theirs])
        assert (before[theirs] != after[theirs]).mean() > 0.9, name
    changed = (world.signals.unit != lived_in.signals.unit).any(axis=0)
    np.testing.assert_array_equal(changed, turned)
    assert tallies.count("anyone").sum() == theirs.sum()
    kept = world.signals.unit[compiled.program.signals.unit.index("unit_rested")]
    np.testing.assert_array_equal(kept[turned], np.diff(units.offsets)[turned])


# -- marks that teams share ---------------------------------------------------------------------------------


def called_upon(compiled, world, *, step: int, seed: int = SEED) -> np.ndarray:
    """Who is called upon to hum in a step: the mark after the stage that draws it."""
    copy = world.copy()
    move = next(item for item in compiled.program.stages if item.name == "move")
    compiled.run_stage(move, copy.population, copy.signals, seed=seed, step=step, threads=Threads(1))
    return copy.population.marked("hums")


def team_of(units) -> np.ndarray:
    """Number of each member's team among all teams, 16 neighbours each, the last of a unit fewer."""
    sizes = np.diff(units.offsets)
    first = np.concatenate([[0], np.cumsum(-(-sizes // 16))[:-1]])
    return np.concatenate([f + np.arange(size) // 16 for f, size in zip(first, sizes, strict=True)])


def test_a_team_is_called_as_a_whole_but_for_those_who_do_not_hear(compiled, lived_in):
    called = called_upon(compiled, lived_in, step=3)
    hears = lived_in.population.get("kind") != 5
    assert not called[~hears].any()
    assert 0.7 < hears.mean() < 0.95
    team = team_of(lived_in.population.units)
    heard = np.bincount(team, hears)
    share = np.divide(np.bincount(team, called), heard, out=np.zeros(len(heard)), where=heard > 0)
    assert set(share) == {0.0, 1.0}


def test_teams_and_steps_are_called_independently_with_the_stated_chance(compiled, lived_in):
    """Two-sided 4.5 standard errors for each of seven figures: false alarm below 1 in 20,000 (seeds are fixed)."""
    first = np.unique(team_of(lived_in.population.units), return_index=True)[1]
    hears = lived_in.population.get("kind")[first] != 5
    drawn = np.array([called_upon(compiled, lived_in, step=step)[first][hears] for step in range(20)])
    again = called_upon(compiled, lived_in, step=0, seed=SEED + 1)[first][hears]
    chance = np.float32(0.4)
    centred = drawn - chance
    within = 4.5 * chance * (1 - chance) / np.sqrt(centred.size)
    assert abs(centred.mean()) < 4.5 * np.sqrt(chance * (1 - chance) / centred.size)
    for lag in (1, 2, 4):  # four teams draw together
        assert abs((centred[:, lag:] * centred[:, :-lag]).mean()) < within * 1.1
    for lag in (1, 2):
        assert abs((centred[lag:] * centred[:-lag]).mean()) < within * 1.2
    assert abs((centred[0] * (again - chance)).mean()) < 4.5 * chance * (1 - chance) / np.sqrt(len(again))
    assert (centred * centred).mean() > within  # control: a draw does go with itself
