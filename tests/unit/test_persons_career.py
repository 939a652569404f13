"""Career: rates of death, retirement, refilling and promotion; one draw decides between them."""

from math import exp

import pytest

from exitvoice.models.exit_control.columns import DISSENT, EARLIEST, LOYAL, RETIRED, SERVING, VACANT
from exitvoice.models.exit_control.persons.career import career
from person_rules import WEEK, YEAR, apply

RATES = {"retirement_base": 0.01, "promotion_0": 0.02, "promotion_1": 0.03, "promotion_2": 0.05}


def chance(**given):
    """Share of 2,000 equally spaced draws for which something happens, by what happens."""
    draws = [(place + 0.5) / 2000 for place in range(2000)]
    seen = [apply(career, u_career=u, dt=YEAR, **RATES, **given) for u in draws]
    was = given.get("service", SERVING)
    return {
        "died": sum(one["died"] for one in seen) / 2000,
        "retired": sum(one["service"] == RETIRED != was for one in seen) / 2000,
        "promoted": sum(bool(one["promoted"]) for one in seen) / 2000,
        "renewed": sum(bool(one["renewed"]) for one in seen) / 2000,
    }


def test_the_serving_die_retire_and_rise_at_their_rates():
    seen = chance(expression=LOYAL)
    either = 1 - exp(-(0.002 + 0.01 + 0.02))
    assert seen["died"] == pytest.approx(either * 0.002 / 0.032, abs=1e-3)
    assert seen["retired"] == pytest.approx(either * 0.01 / 0.032, abs=1e-3)
    assert seen["promoted"] == pytest.approx(either * 0.02 / 0.032, abs=1e-3)
    assert seen["renewed"] == 0


def test_the_retired_only_die():
    seen = chance(service=RETIRED)
    assert seen["died"] == pytest.approx(1 - exp(-0.04), abs=1e-3)
    assert seen["retired"] == seen["promoted"] == seen["renewed"] == 0


def test_an_empty_post_only_refills():
    seen = chance(service=VACANT)
    assert seen["renewed"] == pytest.approx(1 - exp(-2), abs=1e-3)
    assert seen["died"] == seen["retired"] == seen["promoted"] == 0


def test_whoever_shows_no_loyalty_is_promoted_less():
    loyal, open_dissent = chance(expression=LOYAL, displayed_loyalty=0.5), chance(expression=DISSENT)
    assert loyal["promoted"] == pytest.approx(0.02 * (0.4 + 0.6 / 0.5), rel=0.05)
    assert open_dissent["promoted"] == pytest.approx(0.02 * 0.4, rel=0.05)


def test_nobody_rises_above_the_highest_rank():
    assert chance(rank=3)["promoted"] == 0
    assert all(apply(career, rank=3, u_career=u, **RATES)["rank"] == 3 for u in (0.0, 0.001, 0.5))


def test_a_recruit_starts_at_the_lowest_rank_in_the_next_generation():
    new = apply(career, service=VACANT, rank=3, generation=15, u_career=0.001)
    assert (new["service"], new["rank"], new["generation"]) == (SERVING, 0, 0)
    assert apply(career, service=VACANT, generation=4, u_career=0.001)["generation"] == 5


def test_the_clock_keeps_the_step_of_leaving_office():
    left = apply(career, service=SERVING, clock=7, step=20, retirement_base=500.0, u_career=0.9)
    assert (left["service"], left["clock"]) == (RETIRED, 20 + EARLIEST)
    assert apply(career, service=RETIRED, clock=7, step=21, u_career=0.9)["clock"] == 7


@pytest.mark.parametrize("service", [SERVING, RETIRED, VACANT])
def test_switched_off_nobody_moves(service):
    after = apply(career, service=service, rank=1, u_career=0.0, career_on=0.0, **RATES)
    assert (after["service"], after["rank"]) == (service, 1)
    assert not after["died"]
    assert not after["renewed"]
    assert not after["promoted"]


def test_a_recruit_of_a_short_step_is_rarer_than_of_a_long_one():
    draw = 1 - exp(-2 * WEEK) + 1e-4
    assert not apply(career, service=VACANT, u_career=draw, dt=WEEK)["renewed"]
    assert apply(career, service=VACANT, u_career=draw, dt=2 * WEEK)["renewed"]
