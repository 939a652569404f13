"""Clock, hashes, units."""

from datetime import date

import numpy as np
import pytest

from exitvoice.clock import Clock
from exitvoice.hashing import content_hash
from exitvoice.units import UNITS, is_unit, per_year, years


def test_clock_counts_steps():
    assert Clock(date(2020, 1, 1), date(2020, 1, 8), 7).steps == 1
    assert Clock(date(2020, 1, 1), date(2020, 1, 9), 7).steps == 2
    clock = Clock(date(2003, 1, 1), date(2026, 3, 1), 7)
    assert clock.steps == 1209
    assert clock.starts.shape == (1209,) and clock.starts.dtype == np.dtype("datetime64[D]")
    assert clock.date_of(1) == date(2003, 1, 8)


def test_clock_places_dates():
    clock = Clock(date(2020, 1, 1), date(2021, 1, 1), 7)
    assert [
        clock.step_of(date(*day)) for day in ((2019, 12, 31), (2020, 1, 1), (2020, 1, 7), (2020, 1, 8))
    ] == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("begin", "until", "fraction"),
    [
        (None, None, 1.0),
        (date(2020, 1, 8), None, 1.0),
        (date(2020, 1, 10), None, 5 / 7),
        (None, date(2020, 1, 9), 1 / 7),
        (date(2020, 1, 9), date(2020, 1, 11), 2 / 7),
        (date(2020, 1, 15), None, 0.0),
        (None, date(2020, 1, 8), 0.0),
        (date(2020, 1, 11), date(2020, 1, 9), 0.0),
    ],
)
def test_fraction_of_a_step(begin, until, fraction):
    clock = Clock(date(2020, 1, 1), date(2021, 1, 1), 7)
    assert clock.fraction(1, begin, until) == pytest.approx(fraction)


@pytest.mark.parametrize(
    ("end", "days"), [(date(2020, 1, 1), 7), (date(2019, 1, 1), 7), (date(2021, 1, 1), 0)]
)
def test_impossible_clocks(end, days):
    with pytest.raises(ValueError, match=r"clock|step"):
        Clock(date(2020, 1, 1), end, days)


def test_hash_depends_on_content_only():
    assert content_hash({"a": [1, 2.0], "b": None}) == content_hash({"b": None, "a": (1.0, 2)})
    assert content_hash({"day": date(2020, 1, 1)}) == content_hash({"day": "2020-01-01"})
    assert content_hash(-0.0) == content_hash(0.0)
    different = [
        [1, 2],
        [2, 1],
        ["1", 2],
        {"1": 2},
        [[1], 2],
        [True, 2],
        [1, 2, None],
        [1, 2.0000000000000004],
    ]
    assert len({content_hash(value) for value in different}) == len(different)


def test_hash_is_known():
    # The first 16 digits of the SHA-256 of {"name":"minimal","seed":1}: it names stored results, so it must not move.
    assert content_hash({"seed": 1, "name": "minimal"}) == "3e60a421e36a32a5"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_hash_refuses_numbers_that_are_none(value):
    with pytest.raises(ValueError, match="NaN"):
        content_hash([value])


def test_hash_refuses_what_is_not_plain():
    with pytest.raises(TypeError, match="object"):
        content_hash(object())


def test_units():
    assert is_unit("1/year") and not is_unit("per annum")
    assert all(title for title in UNITS.values())
    assert per_year(1.0, "1/week") == pytest.approx(365.25 / 7)
    assert years(365.25, "days") == 1.0
    for call in (lambda: per_year(1, "weeks"), lambda: years(1, "1/year")):
        with pytest.raises(ValueError, match="unit"):
            call()
