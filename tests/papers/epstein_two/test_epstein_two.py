"""Epstein (2002), model II: coexistence, the end of a group, and peacekeepers who delay it."""

import numpy as np
import pytest

from exitvoice.engine.grid import empty_board, flip
from exitvoice.models.reference.base import MET
from exitvoice.models.reference.epstein.board import ACTIVE, GONE
from exitvoice.models.reference.epstein_two import TwoGroups, TwoGroupsSetting
from exitvoice.models.reference.epstein_two.model import MODEL, build, time_to_end
from exitvoice.models.reference.epstein_two.rules import BORN, FREE
from support_reference import held, silent

NAMES = (
    "cell",
    "at",
    "state",
    "group",
    "term",
    "last_step",
    "hardship",
    "risk_aversion",
    "free",
    "tally",
    "boards",
)


@pytest.mark.parametrize(
    "more", [{"cop_density": 0.05}, {"legitimacy": 0.9}, {"neighbourhood": "moore", "radius": 2}]
)
def test_the_compiled_world_has_the_bits_of_the_uncompiled(more):
    setting = TwoGroupsSetting(side=12, longest_life=9, longest_term=3, birth_chance=0.2, seed=5, **more)
    one, other = TwoGroups(setting), TwoGroups(setting, plain=True)
    for _ in range(8):
        one.step()
        other.step()
        for name in NAMES:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert one.died() > 0
    assert one.tally[BORN] > 0


def test_the_world_keeps_its_books():
    world = TwoGroups(TwoGroupsSetting(cop_density=0.03, seed=2))
    began = sum(world.alive())
    for _ in range(60):
        world.step()
    there = np.flatnonzero(world.state != GONE)
    side = world.setting.side
    assert world.killed() > 100
    assert sum(world.alive()) == began + world.tally[BORN] - world.killed() - world.died()
    assert len(there) + world.tally[FREE] == side**2
    assert set(world.free[: world.tally[FREE]]) == set(np.flatnonzero(world.state == GONE))
    assert np.array_equal(np.sort(world.at[world.at >= 0]), there)
    keepers = there < world.peacekeepers
    for place, who in [
        (0, there),
        (1, np.flatnonzero(world.state == ACTIVE)),
        (2, there[keepers]),
        (3, there[~keepers & (world.group[there] == 0)]),
        (4, there[~keepers & (world.group[there] == 1)]),
    ]:
        expected = empty_board(side, side, world.masks)
        for cell in world.cell[who]:
            flip(expected, side, side, world.reach, int(cell) % side, int(cell) // side)
        assert np.array_equal(world.boards[place], expected), place


def test_groups_that_grant_each_other_enough_live_on():
    found = held(MODEL, legitimacy=0.9, steps=500)
    assert {name: one.verdict for name, one in found.items()} == {"killed": MET, "minority": MET}


def test_without_peacekeepers_one_group_is_gone():
    setting = MODEL.setting(0)
    assert all(np.isfinite(time_to_end(build(setting, number), 5000)) for number in range(5))


@pytest.mark.long
def test_waits_grow_with_peacekeepers_and_nothing_is_prevented():
    found = held(MODEL, experiment="waiting")
    assert {one.verdict for one in found.values()} == {MET}


def test_a_run_ends_where_a_group_is_gone():
    outcome = MODEL.run(MODEL.setting(0), silent)
    assert outcome.obtained["ended"] == 1.0
    assert outcome.cost.figure is not None and outcome.cost.figure > 500


def test_a_full_or_tiny_torus_is_refused():
    with pytest.raises(ValueError, match="no empty cell"):
        TwoGroups(TwoGroupsSetting(cop_density=0.3))
    with pytest.raises(ValueError, match="smaller than what"):
        TwoGroups(TwoGroupsSetting(side=5, radius=4.0))
