"""The filter: whoever may see something happen is looked at, whoever cannot is passed over."""

import numpy as np
import pytest

from exitvoice.models.exit_control import bounds
from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    INVALID,
    LENT,
    NONE,
    RETIRED,
    SERVING,
    SURRENDERED,
    VACANT,
    VALID,
    WITHHELD,
)
from exitvoice.models.exit_control.compiled.policy import CELLS, places_with
from exitvoice.models.exit_control.persons import policy
from exitvoice.models.exit_control.persons.activity import activity
from exitvoice.models.exit_control.signals import BITS
from person_rules import apply

IDLE = {f"u_{name}_level": 32768 for name in ("career", "document", "list", "journey", "discipline")} | {
    "error_bound": 0.9
}


def looked_at(**given):
    return bool(apply(activity, **(IDLE | given))["active"])


def test_an_idle_person_with_high_draws_is_passed_over():
    assert not looked_at()
    assert not looked_at(document=VALID)
    assert not looked_at(document=SURRENDERED, custody=True, restricted=True, listed_covered=1)


@pytest.mark.parametrize("name", ["career", "issue", "discipline"])
def test_a_draw_below_its_bound_is_looked_at(name):
    assert looked_at(**{f"{name}_bound": 0.6})
    assert not looked_at(**{f"{name}_bound": 0.4})


def test_a_journey_needs_a_rule_or_a_document():
    assert not looked_at(journey_bound=0.6, document=NONE)
    assert looked_at(journey_bound=0.6, document=VALID)
    assert looked_at(journey_bound=0.6, restricted=True, listed_covered=1)


def test_a_draw_on_the_edge_of_its_bound_is_looked_at():
    # 32-bit draws of level 32768 lie on both sides of a bound a little above one half: all are looked at
    for bound in (0.5, 0.500001, 0.50001525):
        assert looked_at(career_bound=bound, u_career_level=32768)
    assert not looked_at(career_bound=0.49999, u_career_level=32768)
    assert looked_at(error_bound=0.50001, u_list_level=32768)
    assert not looked_at(error_bound=0.50002, u_list_level=32768)


@pytest.mark.parametrize("state", [
    {"journey": ABROAD}, {"journey": APPLYING}, {"service": VACANT, "listed_error": 1}, {"new_year": 1.0, "trips": 1},
    {"document": LENT}, {"document": VALID, "custody": True}, {"document": VALID, "invalidate": True},
    {"document": SURRENDERED}, {"document": WITHHELD}, {"document": INVALID}, {"u_list_level": 62259},
])  # fmt: skip
def test_whoever_is_not_settled_is_always_looked_at(state):
    assert looked_at(**state)


def test_a_vacant_post_is_looked_at_below_the_chance_of_a_recruit():
    assert looked_at(service=VACANT, refill_bound=0.6)
    assert not looked_at(service=VACANT, refill_bound=0.4, career_bound=0.6)
    assert not looked_at(service=SERVING, refill_bound=0.6)


def test_a_first_document_and_one_that_exists_have_bounds_of_their_own():
    for document, bound, other in (
        (NONE, "issue_bound", "document_bound"),
        (VALID, "document_bound", "issue_bound"),
    ):
        assert looked_at(document=document, **{bound: 0.6})
        assert not looked_at(document=document, **{bound: 0.4, other: 0.6})


@pytest.mark.parametrize("state", [{"listed_sanctioned": 1}, {"listed_error": 1}])
def test_a_listing_that_no_rule_made_is_looked_at_below_a_bound_of_its_own(state):
    assert looked_at(delist_bound=0.6, **state)
    assert not looked_at(delist_bound=0.4, list_bound=0.6, **state)


@pytest.mark.parametrize("state", [{"restricted": True}, {"listed_covered": 1}, {"listed_applied": 1}])
def test_a_listing_at_odds_with_the_rules_is_looked_at_below_its_bound(state):
    assert looked_at(list_bound=0.6, **state)
    assert not looked_at(list_bound=0.4, **state)


def test_a_bound_is_never_below_the_chance_it_bounds_nor_above_one():
    for rate in (0.0, 1e-6, 0.1, 5.0, 1e6):
        for dt in (1 / 366, 1 / 52, 1 / 12):
            exact = bounds.chance(rate, dt)
            assert 1.0 >= exact >= 1.0 - pow(2.718281828459045, -rate * dt)


@pytest.mark.parametrize("service", [SERVING, RETIRED, VACANT])
def test_the_bits_of_a_place_say_what_its_word_says(service):
    words = np.random.default_rng(8).integers(0, 2**32, (4, CELLS), np.uint32) & np.uint32(0xF8FFFFFF)
    words[0] &= np.uint32(0xFFFFFFE0)  # a row that binds nobody
    planes = {name: places_with(words, bits) for name, bits in BITS.items()}
    for row in range(len(words)):
        here = {name: int(plane[row]) for name, plane in planes.items()}
        for place in range(CELLS):
            said = apply(policy.demands, policy_word=int(words[row, place]), service=service)
            told = apply(policy.binding, service=service, policy_index=place, **here)
            assert told == {name: said[name] for name in told}
    assert not planes["restricted_places"][0] and planes["restricted_places"][1]
    assert apply(policy.row, policy_start=3 * CELLS)["policy_row"] == 3
