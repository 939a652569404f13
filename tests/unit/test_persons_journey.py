"""Journey: wishes, the choice at home, decisions, the border, permits, trips and their ends, flight."""

from math import exp

import pytest

from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    CAUGHT,
    HOME,
    LEAVE,
    LENT,
    PERMITTED,
    SURRENDERED,
    TRY,
    VISIT,
)
from exitvoice.models.exit_control.persons.journey import choice_at_home, decision, journey, wishes
from person_rules import WEEK, YEAR, apply

RUN = 65535 << 16  # timing word with the run at its full height
FREE = {"in_hand": 1.0, "wish": 1.0}
BOUND = {**FREE, "restricted": True}
ASKS = {"restricted": True, "document": SURRENDERED}


def rate_of(name, *, years=0.01, **given):
    """Rate a year of something at home: share of equally spaced draws, turned back by -log(1 - p)."""
    number = 2_000
    seen = [apply(choice_at_home, u_journey=(k + 0.5) / number, dt=years, **given) for k in range(number)]
    return sum(bool(one[name]) for one in seen) / number / years


# -- wishes -----------------------------------------------------------------------------------------


def test_wishes_are_products_of_pull_and_value():
    made = apply(wishes, wish=0.5, u_wish=0.99, opposition=0.4, trip_pull=2.0, leave_pull=0.01)
    assert made["trip_wish"] == pytest.approx(1.0)
    assert made["leave_wish"] == pytest.approx(0.01 * 0.5 * (1 + 2 * 0.4))


def test_only_those_under_the_ceiling_would_ever_leave():
    assert apply(wishes, wish=0.9, u_wish=0.84, leave_pull=1.0)["leave_wish"] == 0.0
    assert apply(wishes, wish=0.9, u_wish=0.86, leave_pull=1.0)["leave_wish"] > 0.0


def test_an_announced_rule_multiplies_both_wishes_and_no_rule_leaves_them():
    given = {"wish": 0.5, "u_wish": 0.99, "trip_pull": 1.0, "leave_pull": 1.0}
    calm, run = apply(wishes, **given), apply(wishes, policy_timing=RUN, **given)
    for name in ("trip_wish", "leave_wish"):
        assert run[name] == pytest.approx(6 * calm[name], rel=1e-4)


def test_lost_confidence_multiplies_the_wish_to_leave_alone():
    given = {"wish": 0.5, "u_wish": 0.99, "trip_pull": 1.0, "leave_pull": 1.0}
    assert apply(wishes, doubt=2.0, **given)["leave_wish"] == pytest.approx(
        2 * apply(wishes, **given)["leave_wish"]
    )
    assert apply(wishes, doubt=2.0, **given)["trip_wish"] == apply(wishes, **given)["trip_wish"]


# -- the choice at home -----------------------------------------------------------------------------


def test_the_free_go_at_their_wish_with_a_document_in_hand():
    assert rate_of("out_visit", trip_wish=2.0, **FREE) == pytest.approx((1 - exp(-0.02)) / 0.01, rel=0.03)
    assert rate_of("out_visit", trip_wish=2.0, wish=1.0, in_hand=0.0) == 0
    assert rate_of("seeks", trip_wish=2.0, **FREE) == 0


def test_the_restricted_apply_by_hope_to_the_power_psi():
    full = rate_of("seeks", trip_wish=10.0, **ASKS)
    poor = rate_of("seeks", trip_wish=10.0, **ASKS, hope_visit=0.1)
    assert full == pytest.approx((1 - exp(-0.1)) / 0.01, rel=0.02)
    assert poor == pytest.approx((1 - exp(-0.1 * 0.1**0.75)) / 0.01, rel=0.05)


def test_hope_never_falls_below_its_floor():
    floor = rate_of("seeks", trip_wish=50.0, **ASKS, hope_visit=0.02)
    assert rate_of("seeks", trip_wish=50.0, **ASKS, hope_visit=0.0) == floor > 0


def test_nobody_applies_without_a_document_of_their_own():
    assert rate_of("seeks", trip_wish=10.0, restricted=True) == 0


def test_a_rule_of_half_a_step_leaves_half_a_step_free():
    whole = rate_of("slips", trip_wish=10.0, risk_aversion=1.0, **BOUND)
    half = rate_of("slips", trip_wish=10.0, risk_aversion=1.0, policy_force=0.5, **BOUND)
    assert whole == 0
    assert half == pytest.approx((1 - exp(-0.05)) / 0.01, rel=0.05)


def test_a_ban_ends_applications_and_not_slipping_out():
    assert rate_of("seeks", trip_wish=10.0, ban=True, **ASKS) == 0
    assert rate_of("slips", trip_wish=100.0, ban=True, **BOUND) > 0


def test_the_disobedient_go_at_xi_times_nerve():
    timid = rate_of("slips", trip_wish=100.0, risk_aversion=1.0, **BOUND)
    bold = rate_of("slips", trip_wish=100.0, risk_aversion=0.2, ban=True, **BOUND)
    assert timid == 0
    assert bold == pytest.approx((1 - exp(-0.05 * 0.8)) / 0.01, rel=0.05)


def test_the_limit_of_trips_a_year_stops_applications():
    assert rate_of("seeks", trip_wish=10.0, trips=1, trips_allowed=1, **ASKS) == 0
    assert rate_of("seeks", trip_wish=10.0, trips=0, trips_allowed=1, **ASKS) > 0
    assert rate_of("seeks", trip_wish=10.0, trips=3, trips_allowed=3, **ASKS) > 0  # 3 stands for no limit


def test_the_limit_of_trips_does_not_bind_who_asks_to_leave():
    given = {"leave_wish": 10.0, "trips_allowed": 0, **ASKS}
    assert rate_of("seeks", **given) == pytest.approx(rate_of("seeks", leave_wish=10.0, **ASKS))
    assert rate_of("seeks", trip_wish=10.0, trips_allowed=0, **ASKS) == 0
    assert rate_of("seeks", ban=True, **given) == 0


def test_flight_needs_a_rule_opposition_and_a_way():
    given = {"wish": 1.0, "opposition": 0.5, "flight_pull": 20.0}
    assert rate_of("flees", restricted=True, **given) == pytest.approx(
        (1 - exp(-0.3 * 20 * 0.5 * 0.01)) / 0.01, rel=0.05
    )
    assert rate_of("flees", restricted=False, **given) == 0
    assert rate_of("flees", restricted=True, **(given | {"opposition": 0.0})) == 0
    pending = rate_of(
        "flees", restricted=True, journey=APPLYING, purpose=LEAVE, **(given | {"flight_pull": 1.0})
    )
    assert pending == pytest.approx((1 - exp(-10 * 0.5 * 0.01)) / 0.01, rel=0.05)


def test_those_who_stay_longer_split_into_trying_and_leaving():
    tries = rate_of("out_try", leave_wish=10.0, try_share=0.25, **FREE)
    goes = rate_of("out_leave", leave_wish=10.0, try_share=0.25, **FREE)
    assert tries / (tries + goes) == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("where", [ABROAD, CAUGHT, PERMITTED, APPLYING])
def test_nobody_leaves_twice(where):
    for name in ("out_visit", "out_try", "out_leave", "seeks"):
        assert rate_of(name, journey=where, trip_wish=50.0, leave_wish=50.0, **FREE) == 0


def test_switched_off_nobody_sets_out():
    for name in ("out_visit", "seeks", "flees", "slips"):
        assert rate_of(name, journey_on=0.0, trip_wish=50.0, opposition=1.0, flight_pull=50.0, **BOUND) == 0


# -- decisions --------------------------------------------------------------------------------------

WAITS = {"journey": APPLYING, "restricted": True}


def test_the_last_office_grants_and_earlier_ones_pass_on():
    draws = {"u_journey": 0.5, "u_outcome": 0.5}
    first = apply(decision, stage=0, chain=2, **WAITS, **draws)
    last = apply(decision, stage=1, chain=2, **WAITS, **draws)
    assert (bool(first["served"]), bool(first["granted"])) == (True, False)
    assert bool(last["granted"])


def test_an_office_whose_word_is_final_for_visits_sends_only_leavers_on():
    asked = WAITS | {"u_journey": 0.5, "u_outcome": 0.5, "chain": 2, "visit_offices": 1.0}
    visit = apply(decision, stage=0, purpose=VISIT, **{k: v for k, v in asked.items() if k != "purpose"})
    leave = apply(decision, stage=0, purpose=LEAVE, **{k: v for k, v in asked.items() if k != "purpose"})
    assert (bool(visit["granted"]), bool(visit["granted_leave"])) == (True, False)
    assert (bool(leave["served"]), bool(leave["granted"])) == (True, False)
    last = apply(decision, stage=1, purpose=LEAVE, **{k: v for k, v in asked.items() if k != "purpose"})
    assert bool(last["granted_leave"])


def test_an_office_that_serves_nobody_decides_nothing():
    seen = [apply(decision, served_chance=0.0, u_journey=k / 200, u_outcome=0.5, **WAITS) for k in range(200)]
    assert not any(one["served"] or one["granted"] or one["refused"] for one in seen)


def test_refusals_come_at_the_office_s_chance_and_always_under_a_ban():
    word = 32768  # a chance of one half, in the lower 16 bits
    assert apply(decision, refusal_word=word, u_journey=0.5, u_outcome=0.49, **WAITS)["refused"]
    assert apply(decision, refusal_word=word, u_journey=0.5, u_outcome=0.51, **WAITS)["granted"]
    assert apply(decision, ban=True, u_journey=0.5, u_outcome=0.99, **WAITS)["refused"]


def test_applicants_give_up_at_their_rate():
    edge = 1 - exp(-0.1)
    given = {"served_chance": 0.0, "dt": YEAR, **WAITS}
    assert apply(decision, u_journey=1 - edge + 1e-3, **given)["withdrew"]
    assert not apply(decision, u_journey=1 - edge - 1e-3, **given)["withdrew"]


def test_when_no_rule_binds_any_more_travellers_go_home_and_leavers_go():
    lapsed = {"journey": APPLYING, "restricted": False, "dt": YEAR, "u_journey": 0.5}
    assert apply(decision, purpose=VISIT, **lapsed)["withdrew"]
    assert apply(decision, purpose=LEAVE, **lapsed)["let_go"]
    assert not apply(decision, purpose=LEAVE, **(lapsed | {"u_journey": 0.0001}))["let_go"]


# -- carrying it out --------------------------------------------------------------------------------


def test_the_listed_are_stopped_at_the_border_and_the_free_among_them_wrongly():
    out = {"out_visit": True, "u_outcome": 0.5}
    assert apply(journey, **out)["departed_free"]
    error = apply(journey, listed_error=1, **out)
    assert (bool(error["stopped"]), bool(error["wrongly_stopped"]), error["journey"]) == (True, True, HOME)
    slip = apply(journey, listed_covered=1, slips=True, restricted=True, **out)
    assert (bool(slip["stopped"]), bool(slip["wrongly_stopped"])) == (True, False)
    lucky = apply(journey, listed_covered=1, slips=True, restricted=True, out_visit=True, u_outcome=0.96)
    assert lucky["departed_disobedient"]
    assert lucky["journey"] == ABROAD


def test_a_permit_is_used_with_a_lent_document_and_counts_as_a_trip():
    used = apply(journey, journey=PERMITTED, timer=5, document=SURRENDERED, restricted=True, u_journey=0.0)
    assert (used["journey"], used["document"], used["trips"]) == (ABROAD, LENT, 1)
    assert used["departed_permitted"]


def test_a_ban_revokes_permits_at_once_and_an_unused_permit_runs_out():
    banned = apply(journey, journey=PERMITTED, timer=9, restricted=True, ban=True, u_journey=0.0)
    assert (banned["journey"], bool(banned["departed_permitted"])) == (HOME, False)
    over = apply(journey, journey=PERMITTED, timer=1, restricted=True, u_journey=0.99)
    assert over["journey"] == HOME
    waits = apply(journey, journey=PERMITTED, timer=3, restricted=True, u_journey=0.99)
    assert (waits["journey"], waits["timer"]) == (PERMITTED, 2)


def test_a_permit_to_leave_empties_the_post():
    gone = apply(journey, journey=PERMITTED, purpose=LEAVE, timer=5, restricted=True, u_journey=0.0)
    assert gone["left"]
    assert gone["vacates"]
    assert gone["departed_permitted"]


def test_a_trip_ends_after_its_mean_and_one_draw_decides_on_staying():
    end = 1 - exp(-WEEK * 52.18 / (0.06 * 52.18))
    away = {"journey": ABROAD, "wish": 1.0, "opposition": 1.0, "confidence": 0.0, "openness_leave": 1.0}
    stay = apply(journey, u_journey=end - 1e-3, u_outcome=0.09, **away)
    back = apply(journey, u_journey=end - 1e-3, u_outcome=0.11, **away)
    assert (bool(stay["overstayed"]), bool(stay["vacates"])) == (True, True)
    assert (bool(back["came_back"]), back["journey"]) == (True, HOME)
    assert apply(journey, u_journey=end + 1e-3, u_outcome=0.0, **away)["journey"] == ABROAD


def test_overstaying_is_a_probability_at_any_strength():
    away = {"journey": ABROAD, "u_journey": 0.0, "wish": 1.0, "opposition": 1.0, "confidence": 0.0}
    assert apply(journey, overstay_chance=1e6, openness_leave=10.0, u_outcome=0.999, **away)["overstayed"]


def test_those_who_try_settle_or_return_by_their_rates():
    tries = {"journey": ABROAD, "purpose": TRY, "u_journey": 0.0}
    assert apply(journey, u_outcome=0.2 - 1e-3, **tries)["overstayed"]
    assert apply(journey, u_outcome=0.2 + 1e-3, **tries)["came_back"]


def test_flight_is_caught_with_the_probability_of_detection():
    caught = apply(journey, flees=True, u_outcome=0.89)
    assert (caught["journey"], caught["timer"], bool(caught["caught_now"])) == (CAUGHT, 26, True)
    through = apply(journey, flees=True, u_outcome=0.91)
    assert through["fled"]
    assert through["vacates"]


def test_custody_ends_with_dismissal():
    held = apply(journey, journey=CAUGHT, timer=2)
    assert (held["journey"], held["timer"]) == (CAUGHT, 1)
    assert apply(journey, journey=CAUGHT, timer=1)["dismissed"]


def test_an_application_is_noted_with_the_signal_s_chance():
    assert apply(journey, seeks=True, u_outcome=0.96)["listed_applied"]
    assert not apply(journey, seeks=True, u_outcome=0.94)["listed_applied"]


def test_a_new_year_resets_the_trips():
    assert apply(journey, trips=2, new_year=1.0)["trips"] == 0
    assert apply(journey, trips=2)["trips"] == 2
