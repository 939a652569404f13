"""Numbers as people read them."""

import pytest

from exitvoice.report.numbers import amount, people, share, value


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12_345_678, "12.3 million"),
        (999_499, "999,000"),
        (999_600, "1 million"),
        (2_000_000_000, "2 billion"),
        (45_612, "45,600"),
        (130, "130"),
        (3.0, "3"),
        (0.1234, "0.123"),
        (-1234, "-1,230"),
        (0, "0"),
        (float("nan"), "not known"),
    ],
)
def test_amounts_have_three_figures_and_words(number, text):
    assert amount(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "none"), (0.4, "none"), (3.2, "fewer than 10"), (10.4, "10.4"), (99_950_000, "100 million")],
)
def test_few_people_are_not_counted_out(number, text):
    assert people(number) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (0.342, "34 %"),
        (0.0342, "3.4 %"),
        (0.0999, "10 %"),
        (0.0002, "below 0.1 %"),
        (0, "0 %"),
        (1, "100 %"),
        (float("nan"), "not known"),
    ],
)
def test_shares_are_percentages(part, text):
    assert share(part) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(7_167_000, "7,167,000"), (0.35, "0.35"), (1e-5, "1e-05"), (2.0, "2"), (-0.5, "-0.5")],
)
def test_parameters_stay_as_they_were_set(number, text):
    assert value(number) == text
