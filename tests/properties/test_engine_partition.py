"""Units are shared out among threads: every unit once, in order, and about evenly by members."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exitvoice.engine.columns import Units

sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=200)


def units_of(members: list[int]) -> Units:
    offsets = np.concatenate([[0], np.cumsum(members)]).astype(np.int64)
    none = np.zeros(len(members), np.int32)
    return Units(offsets, np.arange(len(members), dtype=np.uint32), none.astype(np.uint32), none, none)


@given(sizes, st.integers(1, 64))
def test_every_unit_once_and_in_order(members, parts):
    ranges = units_of(members).ranges(parts)
    assert [unit for first, last in ranges for unit in range(first, last)] == list(range(len(members)))


@given(sizes, st.integers(1, 64))
def test_no_range_is_empty_and_there_are_not_too_many(members, parts):
    ranges = units_of(members).ranges(parts)
    assert all(first < last for first, last in ranges)
    assert 1 <= len(ranges) <= parts


@given(sizes, st.integers(1, 64))
def test_no_range_is_longer_than_a_fair_share_and_one_unit(members, parts):
    units = units_of(members)
    longest = max(int(units.offsets[last] - units.offsets[first]) for first, last in units.ranges(parts))
    assert longest <= sum(members) / parts + max(members)


def test_nobody_at_all_is_one_empty_range():
    assert units_of([]).ranges(4) == [(0, 0)]


def test_ranges_are_kept_by_the_number_of_parts_and_not_from_other_units():
    # stages ask at every call; what one number of threads was told must not be told to another
    units, other = units_of([3, 4, 5, 6]), units_of([30, 4])
    assert units.ranges(2) is units.ranges(2)
    assert units.ranges(1) == [(0, 4)]
    assert len(units.ranges(3)) == 3
    assert other.ranges(1) == [(0, 2)]
