"""Columns: what is put is got, what does not fit is refused."""

import numpy as np
import pytest

from exitvoice.engine.columns import LINE, Column, Field, Layout, Population, Units
from support_kernels import words_of

LAYOUT = Layout(
    columns=(
        Column("height", "float32"),
        Column("word", "uint32"),
        Column("other", "uint32"),
        Column("age", "uint16"),
    ),
    fields=(Field("colour", 3), Field("shape", 5), Field("serial", 24), Field("mark", 1, column="other")),
    marks=("awake", "seen"),
)


def units_of(*sizes: int) -> Units:
    count = len(sizes)
    return Units(
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        number=np.arange(count, dtype=np.uint32),
        key=np.zeros(count, np.uint32),
        stratum=np.zeros(count, np.int32),
        region=np.zeros(count, np.int32),
    )


@pytest.fixture
def population() -> Population:
    return Population.empty(LAYOUT, units_of(2, 3))


def test_a_population_begins_as_zeros_of_the_declared_types(population):
    assert population.units.count == 2
    assert population.units.members == 5
    assert {name: column.dtype for name, column in population.columns.items()} == {
        "height": np.float32,
        "word": np.uint32,
        "other": np.uint32,
        "age": np.uint16,
    }
    assert all(not column.any() for column in population.columns.values())
    assert {name: words.dtype for name, words in population.marks.items()} == {
        "awake": np.uint64,
        "seen": np.uint64,
    }
    assert all(not words.any() for words in population.marks.values())


def test_bytes_of_a_member():
    assert LAYOUT.bytes_per_member == 4 + 4 + 4 + 2


def test_fields_lie_side_by_side_each_in_its_own_word():
    assert LAYOUT.shifts == {"colour": 0, "shape": 3, "serial": 8, "mark": 0}
    assert set(LAYOUT.plain) == {"height", "age"}


def test_a_column_comes_back_as_it_was_put(population):
    population.put("height", np.arange(5, dtype=np.float32))
    np.testing.assert_array_equal(population.get("height"), [0, 1, 2, 3, 4])


def test_fields_come_back_and_leave_their_neighbours_alone(population):
    values = {
        "colour": np.array([0, 7, 3, 1, 5]),
        "serial": np.array([2**24 - 1, 0, 1, 77, 12345]),
        "shape": np.array([31, 0, 16, 1, 30]),
        "mark": np.array([1, 0, 1, 1, 0]),
    }
    for name, column in values.items():
        population.put(name, column)
    for name, column in values.items():
        np.testing.assert_array_equal(population.get(name), column)
    population.put("shape", np.zeros(5, np.int64))
    np.testing.assert_array_equal(population.get("serial"), values["serial"])
    np.testing.assert_array_equal(population.get("colour"), values["colour"])


@pytest.mark.parametrize("value", [8, 255, -1])
def test_a_value_that_does_not_fit_its_bits_is_refused_and_changes_nothing(population, value):
    population.put("colour", np.array([1, 2, 3, 4, 5]))
    with pytest.raises(ValueError, match="colour: a value does not fit into 3 bits"):
        population.put("colour", np.array([0, 0, value, 0, 0]))
    np.testing.assert_array_equal(population.get("colour"), [1, 2, 3, 4, 5])


def test_more_than_32_bits_in_a_word_are_refused():
    crowded = Layout((Column("word", "uint32"),), (Field("first", 20), Field("second", 13)))
    with pytest.raises(ValueError, match="do not fit into their columns' bits"):
        _ = crowded.shifts


def test_exactly_32_bits_fit():
    full = Layout((Column("word", "uint32"),), (Field("first", 20), Field("second", 12)))
    held = Population.empty(full, units_of(3))
    held.put("second", np.array([4095, 0, 1]))
    held.put("first", np.array([2**20 - 1, 5, 0]))
    np.testing.assert_array_equal(held.get("second"), [4095, 0, 1])


def test_an_unknown_name_is_refused(population):
    with pytest.raises(KeyError):
        population.get("weight")
    with pytest.raises(KeyError):
        population.put("weight", np.zeros(5))


EDGES = (1, 63, 64, 65, 200)


def test_marks_of_a_unit_stand_in_words_of_its_own():
    np.testing.assert_array_equal(units_of(*EDGES).blocks, [0, 1, 2, 3, 5, 9])
    assert units_of(*EDGES).blocks.dtype == np.int64
    np.testing.assert_array_equal(units_of(64, 0, 128).blocks, [0, 1, 1, 3])


@pytest.mark.parametrize("size", EDGES)
def test_the_mark_of_the_last_member_is_the_highest_bit_used(size):
    held = Population.empty(LAYOUT, units_of(size))
    held.marks["awake"][-1] = np.uint64(1 << ((size - 1) % 64))
    np.testing.assert_array_equal(held.marked("awake"), np.arange(size) == size - 1)


@pytest.mark.parametrize(
    "sizes", [*((size,) for size in EDGES), EDGES, EDGES[::-1], (200, 1, 64, 0, 65)], ids=str
)
def test_marks_come_back_as_they_were_packed(sizes):
    units = units_of(*sizes)
    wanted = np.random.default_rng(len(sizes)).random((3, units.members)) < np.array([[0.5], [0.02], [1.0]])
    for bears in wanted:
        held = Population.empty(LAYOUT, units)
        held.marks["awake"][:] = words_of(units, bears)
        got = held.marked("awake")
        assert got.dtype == np.bool_
        np.testing.assert_array_equal(got, bears)
        assert not held.marked("seen").any()


def test_bits_beyond_the_last_member_of_a_unit_belong_to_nobody():
    held = Population.empty(LAYOUT, units_of(63, 2))
    held.marks["awake"][:] = [1 << 63, 1 << 2]
    assert not held.marked("awake").any()


def test_an_unknown_mark_is_refused(population):
    with pytest.raises(KeyError):
        population.marked("colour")


def test_more_members_than_draws_can_tell_apart_are_refused():
    """Draws name a member by 16 bits: member 65,536 of a unit would repeat member 0."""
    assert units_of(65_536, 3).members == 65_539
    with pytest.raises(ValueError, match="65537 members.*at most 65536"):
        units_of(3, 65_537)


def test_columns_and_marks_begin_with_a_line_of_memory_and_share_none():
    held = Population.empty(LAYOUT, units_of(63, 2, 100))
    arrays = [*held.columns.values(), *held.marks.values()]
    assert all(array.ctypes.data % LINE == 0 for array in arrays)
    for place, array in enumerate(arrays):
        array[:] = place + 1
    assert all((array == place + 1).all() for place, array in enumerate(arrays))
