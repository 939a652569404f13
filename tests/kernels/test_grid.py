"""Boards of bits on a torus against plain arrays, and the compiled walk against the uncompiled one."""

import numpy as np
import pytest

from exitvoice.engine.grid import (
    NEIGHBOURHOODS,
    count_in_view,
    empty_board,
    find_in_view,
    flip,
    reach_of,
    shuffle,
    view,
)
from exitvoice.engine.primitives import bits_set, lowest_bit
from exitvoice.models.reference.epstein import ORDERS, RATIOS, Epstein, EpsteinSetting
from exitvoice.models.reference.epstein.board import ACTIVE, GONE, JAILED, OUTSIDE, QUIET

ALL_ONES = 0xFFFFFFFFFFFFFFFF
SIZES = [(17, 15), (40, 40), (64, 31), (65, 20), (130, 16)]


def filled(width, height, masks, share, seed):
    there = np.random.default_rng(seed).random((height, width)) < share
    board = empty_board(height, width, masks)
    for y, x in np.argwhere(there):
        flip(board, width, height, reach_of(masks), int(x), int(y))
    return there, board


def offsets(masks):
    reach = reach_of(masks)
    return [
        (row - reach, bit - reach)
        for row, mask in enumerate(masks)
        for bit in range(2 * reach + 1)
        if int(mask) >> bit & 1
    ]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS)
def test_a_count_in_view_is_the_count_of_the_cells_around(width, height, neighbourhood):
    masks = view(neighbourhood, 7.0)
    there, board = filled(width, height, masks, 0.3, seed=width)
    around = offsets(masks)
    for x, y in [(0, 0), (width - 1, height - 1), (width // 2, 3), (3, height // 2), (width - 4, 1)]:
        expected = sum(there[(y + down) % height, (x + across) % width] for down, across in around)
        assert count_in_view(board, masks, 0, x, y) == expected
        assert count_in_view(board, masks, ALL_ONES, x, y) == len(around) - expected


@pytest.mark.parametrize(
    ("neighbourhood", "cells"), [("moore", 224), ("von_neumann", 112), ("euclidean", 148)]
)
def test_a_view_of_radius_seven_has_the_cells_of_its_geometry(neighbourhood, cells):
    # lattice points of a disc of radius 7: 149 with the centre (Gauss's circle problem)
    assert sum(bits_set(mask) for mask in view(neighbourhood, 7.0)) == cells


def test_a_fractional_radius_takes_the_cells_within_it():
    assert sum(bits_set(mask) for mask in view("euclidean", 1.7)) == 8


@pytest.mark.parametrize(("kind", "radius"), [("hexagonal", 3.0), ("moore", 0.5), ("moore", 32.0)])
def test_no_view_without_a_geometry_or_beyond_a_word(kind, radius):
    with pytest.raises(ValueError, match="no view"):
        view(kind, radius)


@pytest.mark.parametrize("inverse", [0, ALL_ONES])
def test_every_cell_in_view_is_found_equally_often(inverse):
    width, height = 21, 19
    masks = view("euclidean", 4.0)
    there, board = filled(width, height, masks, 0.5, seed=2)
    wanted = there if inverse == 0 else ~there
    x, y = 20, 0
    cells = {
        ((y + down) % height) * width + (x + across) % width
        for down, across in offsets(masks)
        if wanted[(y + down) % height, (x + across) % width]
    }
    draws = np.random.default_rng(5).integers(0, 2**32, 200 * len(cells))
    found = [find_in_view(board, masks, inverse, width, 4, x, y, int(draw)) for draw in draws]
    assert set(found) == cells
    counts = np.unique(found, return_counts=True)[1]
    chi = ((counts - 200.0) ** 2 / 200.0).sum()
    # a chi-square with k degrees has mean k and variance 2k: five deviations, false alarm below 1e-5
    assert chi < len(cells) + 5 * np.sqrt(2 * len(cells))


def test_nothing_is_found_where_nothing_is():
    masks = view("moore", 3.0)
    assert find_in_view(empty_board(9, 9, masks), masks, 0, 9, 3, 4, 4, 123456789) == -1


def test_an_order_is_a_permutation_and_every_step_has_its_own():
    first, second = np.arange(500, dtype=np.int32), np.arange(500, dtype=np.int32)
    shuffle(first, 1, 7, 0)
    shuffle(second, 2, 7, 0)
    assert sorted(first) == list(range(500))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("word", [1, 2, 1 << 63, 0xF0, ALL_ONES])
def test_bits_are_counted_and_found(word):
    assert bits_set(word) == bin(word).count("1")
    assert word >> lowest_bit(word) & 1 == 1
    assert word & ((1 << lowest_bit(word)) - 1) == 0


def small(size, **more):
    given = {"cop_density": 0.04, "legitimacy": 0.7, "longest_term": 3, "seed": 9}
    return EpsteinSetting(width=size[0], height=size[1], **(given | more))


@pytest.mark.parametrize(
    ("size", "more"),
    [
        *(((20, 15), {"ratio": form}) for form in RATIOS),
        *(
            ((17, 15), {"order": order, "jailed": jailed, "counts_itself_twice": jailed == "leave"})
            for order in ORDERS
            for jailed in ("stay", "leave")
        ),
        ((66, 15), {"order": "move_first", "jailed": "leave", "ratio": "floor"}),
    ],
    ids=str,
)
def test_the_compiled_walk_has_the_bits_of_the_uncompiled(size, more):
    worlds = [Epstein(small(size, **more)), Epstein(small(size, **more), plain=True)]
    seen = set()
    for _ in range(4):
        for world in worlds:
            world.step()
        for name in ("cell", "at", "state", "term", "order", "occupied", "active", "cop"):
            assert np.array_equal(getattr(worlds[0], name), getattr(worlds[1], name)), name
        seen.add(worlds[0].counts())
    assert len(seen) > 1  # something happened that could differ


@pytest.mark.parametrize("jailed", ["stay", "leave"])
@pytest.mark.parametrize("order", ORDERS)
def test_the_walk_keeps_its_books(order, jailed):
    world = Epstein(
        EpsteinSetting(
            cop_density=0.04,
            legitimacy=0.75,
            ratio="floor",
            longest_term=20,
            seed=1,
            order=order,
            jailed=jailed,
        )
    )
    setting, reach = world.setting, world.reach
    for step in range(60):
        world.step()
        if step == 40:
            world.withdraw_cops(50)
    away = (world.state == GONE) | (world.state == OUTSIDE) | ((world.state == JAILED) & (jailed == "leave"))
    there = np.flatnonzero(~away)
    assert (world.state[: world.cops] == GONE).sum() == world.cops - 50
    assert np.array_equal(np.sort(world.at[world.at >= 0]), there)
    assert np.array_equal(world.at[world.cell[there]], there)
    for board, who in [
        (world.occupied, there),
        (world.cop, there[there < world.cops]),
        (world.active, np.flatnonzero(world.state == ACTIVE)),
    ]:
        expected = empty_board(setting.height, setting.width, world.masks)
        for cell in world.cell[who]:
            x, y = int(cell) % setting.width, int(cell) // setting.width
            flip(expected, setting.width, setting.height, reach, x, y)
        assert np.array_equal(board, expected)
    assert set(world.state[: world.cops]) <= {QUIET, GONE}
    assert sum(world.counts()) == len(world.cell) - world.cops


def test_a_world_without_an_empty_cell_is_refused():
    with pytest.raises(ValueError, match="no empty cell"):
        Epstein(EpsteinSetting(agent_density=0.96, cop_density=0.05))
    with pytest.raises(ValueError, match="smaller than what"):
        Epstein(EpsteinSetting(width=12))
