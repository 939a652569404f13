"""Travel documents: who hands in, who keeps back, who gets one, and how much of the step it is in hand."""

from math import exp, log

import pytest

from exitvoice.models.exit_control.columns import (
    ABROAD,
    INVALID,
    LENT,
    NONE,
    SURRENDERED,
    VACANT,
    VALID,
    WITHHELD,
)
from exitvoice.models.exit_control.persons.document import conceals, document
from person_rules import WEEK, YEAR, apply

CUSTODY = {"custody": True, "custody_days": 30}


def logistic(x):
    return 1 / (1 + exp(-x))


def first_draw_that_stays(**given):
    """The chance of a move, found as the largest draw that still moves (bisection)."""
    before, low, high = given["document"], 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        moved = apply(document, u_document=middle, **given)["document"] != before
        low, high = (middle, high) if moved else (low, middle)
    return low


def test_nineteen_in_twenty_hand_in_within_the_deadline():
    step = first_draw_that_stays(document=VALID, dt=30 / 365.25, document_lapse=0.0, **CUSTODY)
    assert step == pytest.approx(1 - exp(-3), abs=1e-4)
    assert step == pytest.approx(0.95, abs=1e-3)


def test_a_rule_in_force_for_part_of_the_step_takes_that_part():
    whole = first_draw_that_stays(document=VALID, document_lapse=0.0, **CUSTODY)
    half = first_draw_that_stays(document=VALID, document_lapse=0.0, policy_force=0.5, **CUSTODY)
    assert log(1 - half) == pytest.approx(log(1 - whole) / 2, rel=1e-3)


def test_whoever_conceals_keeps_it_back():
    assert apply(document, document=VALID, u_document=0.01, **CUSTODY)["document"] == SURRENDERED
    assert apply(document, document=VALID, u_document=0.01, conceals=True, **CUSTODY)["document"] == WITHHELD


def test_an_audit_takes_a_withheld_document_and_finds_out():
    found = apply(document, document=WITHHELD, u_document=0.0001, **CUSTODY)
    assert (found["document"], bool(found["found_out"])) == (SURRENDERED, True)
    assert first_draw_that_stays(document=WITHHELD, dt=YEAR, document_lapse=0.0, **CUSTODY) == pytest.approx(
        1 - exp(-0.2), abs=1e-4
    )


def test_first_documents_come_at_the_rate_of_the_wish_and_the_free_capacity():
    full = first_draw_that_stays(document=NONE, dt=YEAR, wish=0.5)
    half = first_draw_that_stays(document=NONE, dt=YEAR, wish=0.5, issuing_share=0.5)
    assert full == pytest.approx(1 - exp(-0.025), abs=1e-5)
    assert half == pytest.approx(1 - exp(-0.0125), abs=1e-5)
    issued = apply(document, document=NONE, u_document=0.0, wish=0.5)
    assert (issued["document"], bool(issued["issued"])) == (VALID, True)


def test_whoever_would_leave_asks_for_a_paper_first():
    wishes = {"document": NONE, "dt": YEAR, "wish": 0.5, "leave_wish": 0.3}
    assert first_draw_that_stays(**wishes) == pytest.approx(1 - exp(-0.325), abs=1e-5)
    assert first_draw_that_stays(**wishes, issuing_share=0.5) == pytest.approx(1 - exp(-0.1625), abs=1e-5)
    held = first_draw_that_stays(document=VALID, dt=YEAR, leave_wish=0.3, document_lapse=0.0)
    assert held == pytest.approx(0, abs=1e-6)  # who has one asks for none


def test_no_capacity_no_first_documents():
    assert first_draw_that_stays(document=NONE, wish=1.0, issuing_share=0.0) == pytest.approx(0, abs=1e-6)


def test_a_document_comes_back_once_no_custody_binds():
    back = first_draw_that_stays(document=SURRENDERED, document_lapse=0.0, dt=6 / 52.18)
    assert back == pytest.approx(1 - exp(-1), abs=1e-3)
    for kept in (WITHHELD, LENT):
        assert apply(document, document=kept, u_document=0.5)["document"] == VALID


def test_a_lent_document_is_back_within_the_reporting_days():
    back = first_draw_that_stays(document=LENT, reporting_days=7, dt=7 / 365.25, **CUSTODY)
    assert back == pytest.approx(1 - exp(-1), abs=1e-4)
    assert apply(document, document=LENT, u_document=0.0, journey=ABROAD, **CUSTODY)["document"] == LENT


def test_invalidation_spares_nobody_and_ends_with_the_rule():
    void = {**CUSTODY, "invalidate": True}
    assert apply(document, document=VALID, u_document=0.0, conceals=True, **void)["document"] == INVALID
    assert apply(document, document=INVALID, u_document=0.0, **void)["document"] == INVALID
    assert apply(document, document=INVALID, u_document=0.0)["document"] == NONE


def test_a_document_lapses_at_its_rate():
    assert first_draw_that_stays(document=VALID, dt=YEAR) == pytest.approx(1 - exp(-0.12), abs=1e-5)


def test_the_share_of_the_step_in_hand_follows_the_moment_of_handing_in():
    chance = first_draw_that_stays(document=VALID, **CUSTODY)
    early = apply(document, document=VALID, u_document=0.1 * chance, document_lapse=0.0, **CUSTODY)
    assert early["in_hand"] == pytest.approx(0.1, abs=0.01)
    assert apply(document, document=VALID, u_document=0.999, **CUSTODY)["in_hand"] == 1.0
    assert apply(document, document=SURRENDERED, u_document=0.999, **CUSTODY)["in_hand"] == 0.0


@pytest.mark.parametrize("held", [NONE, VALID, SURRENDERED, WITHHELD, LENT, INVALID])
def test_switched_off_no_document_moves(held):
    for rule in ({}, CUSTODY):
        assert (
            apply(document, document=held, u_document=0.0, wish=1.0, document_on=0.0, **rule)["document"]
            == held
        )


def test_an_empty_post_and_a_recruit_hold_none():
    assert apply(document, document=VALID, service=VACANT, u_document=0.9)["document"] == NONE
    assert apply(document, document=VALID, renewed=True, u_document=0.9)["document"] == NONE


def test_the_wish_makes_people_conceal_and_fear_hinders_them():
    def share(**given):
        return (
            sum(apply(conceals, u_conceal=(k + 0.5) / 2000, **given)["conceals"] for k in range(2000)) / 2000
        )

    plain = share(wish=1 / 3, risk_aversion=0.75)
    assert plain == pytest.approx(0.01 + 0.99 * logistic(-2.2), abs=1e-3)
    assert share(wish=0.9, risk_aversion=0.75) == pytest.approx(
        0.01 + 0.99 * logistic(-2.2 + 3 * (0.9 - 1 / 3)), abs=1e-3
    )
    assert share(wish=1 / 3, risk_aversion=0.9) == pytest.approx(0.01 + 0.99 * logistic(-2.2 - 0.3), abs=1e-3)


def test_doubling_a_deadline_halves_the_rate():
    month = first_draw_that_stays(document=VALID, document_lapse=0.0, custody=True, custody_days=30, dt=WEEK)
    two = first_draw_that_stays(document=VALID, document_lapse=0.0, custody=True, custody_days=60, dt=WEEK)
    assert log(1 - two) == pytest.approx(log(1 - month) / 2, rel=1e-3)
