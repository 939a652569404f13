"""Units are shared out among threads: every unit once, in order, and about evenly by members."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exitvoice.engine.compile import partition

sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=200)


def offsets_of(members: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(members)]).astype(np.int64)


@given(sizes, st.integers(1, 64))
def test_every_unit_once_and_in_order(members, parts):
    ranges = partition(offsets_of(members), parts)
    assert [unit for first, last in ranges for unit in range(first, last)] == list(range(len(members)))


@given(sizes, st.integers(1, 64))
def test_no_range_is_empty_and_there_are_not_too_many(members, parts):
    ranges = partition(offsets_of(members), parts)
    assert all(first < last for first, last in ranges)
    assert 1 <= len(ranges) <= parts


@given(sizes, st.integers(1, 64))
def test_no_range_is_longer_than_a_fair_share_and_one_unit(members, parts):
    offsets = offsets_of(members)
    longest = max(int(offsets[last] - offsets[first]) for first, last in partition(offsets, parts))
    assert longest <= sum(members) / parts + max(members)


def test_nobody_at_all_is_one_empty_range():
    assert partition(np.zeros(1, np.int64), 4) == [(0, 0)]
