"""Rate and time left of a run, with a clock that the test moves."""

import pytest

from exitvoice.cli.pace import Pace, show_rate, show_seconds


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_set_up_does_not_count_as_speed() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 60.0  # compiling
    pace.report(1, 101, 1000)
    assert pace.rate is None
    assert pace.seconds_left is None
    clock.now += 2.0
    pace.report(21, 101, 1000)
    assert pace.rate == pytest.approx(20 * 1000 / 2.0)
    assert pace.seconds_left == pytest.approx(8.0)


def test_nothing_reported_is_not_a_division_by_zero() -> None:
    pace = Pace(Clock())
    assert pace.rate is None
    assert pace.sentence() == "step 0 of 0 (100%), 0 persons"


def test_two_reports_in_one_instant_give_no_rate() -> None:
    pace = Pace(Clock())
    pace.report(1, 10, 5)
    pace.report(2, 10, 5)
    assert pace.rate is None


def test_sentence_says_steps_persons_rate_and_time_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.report(0, 1200, 1_000_000)
    clock.now += 10.0
    pace.report(600, 1200, 1_000_000)
    assert pace.sentence() == (
        "step 600 of 1,200 (50%), 1,000,000 persons, 60.0 million person-steps/s, 10 s left"
    )


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (61, "1 min 01 s"),
        (3600, "1 h 00 min"),
        (-1, "0 s"),
    ],
)
def test_seconds_are_said_as_a_person_would(seconds: float, shown: str) -> None:
    assert show_seconds(seconds) == shown


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (2.5e8, "250 million person-steps/s"),
        (4.17e7, "41.7 million person-steps/s"),
        (1234, "0.001 million person-steps/s"),
    ],
)
def test_rates_have_few_digits(rate: float, shown: str) -> None:
    assert show_rate(rate) == shown
