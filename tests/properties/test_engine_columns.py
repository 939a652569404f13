"""Whatever fields share a word, each comes back as it was put."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exitvoice.engine.columns import Column, Field, Layout, Population, Units

MEMBERS = 7


@st.composite
def widths(draw: st.DrawFn) -> list[int]:
    """Widths of fields that fit into 32 bits."""
    found, left = [], 32
    while left > 0 and len(found) < 8:
        found.append(draw(st.integers(1, left)))
        left -= found[-1]
    return found


@given(widths(), st.data())
def test_fields_of_one_word_do_not_disturb_one_another(bits, data):
    fields = tuple(Field(f"field_{place}", width) for place, width in enumerate(bits))
    one = np.zeros(1, np.int32)
    units = Units(np.array([0, MEMBERS]), one.astype(np.uint32), one.astype(np.uint32), one, one)
    population = Population.empty(Layout((Column("word", "uint32"),), fields), units)
    values = {
        item.name: data.draw(st.lists(st.integers(0, 2**item.bits - 1), min_size=MEMBERS, max_size=MEMBERS))
        for item in fields
    }
    for name in data.draw(st.permutations(sorted(values))):
        population.put(name, np.zeros(MEMBERS, np.int64))
        population.put(name, np.array(values[name], np.int64))
    for name, wanted in values.items():
        np.testing.assert_array_equal(population.get(name), wanted)
