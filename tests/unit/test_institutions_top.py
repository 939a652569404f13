"""Control, inspection and everybody else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.models.exit_control.institutions.background import (
    BackgroundRules,
    pass_step,
    settled_holders,
    start_background,
)
from exitvoice.models.exit_control.institutions.control import (
    Alarm,
    ControlRules,
    blocked_with_control,
    felt_control,
    next_control,
    perceived_crisis,
    scripted_control,
)
from exitvoice.models.exit_control.institutions.inspection import (
    InspectionRules,
    elite_conflict,
    investigation_rate,
    start_conflict,
    tilt_of,
    watch_top,
)

DT = 7 / 365.25
CALM = Alarm(0.0, 0.0, 0.0, 0.0, 0.0)


def test_crisis_is_the_weighted_sum_and_stays_in_the_unit_interval():
    alarm = Alarm(
        belief=0.2, seen_dissent=0.05, departures_rate=0.02, elite_conflict=0.5, external_tension=0.5
    )
    assert perceived_crisis(alarm, ControlRules()) == pytest.approx(0.1 + 0.1 + 0.1 + 0.1 + 0.1)
    assert perceived_crisis(CALM, ControlRules()) == 0.0
    assert perceived_crisis(Alarm(1, 1, 1, 1, 1), ControlRules()) == 1.0


def test_without_crisis_control_stays_normal_and_without_feedback_crisis_moves_nothing():
    rules = ControlRules()
    assert next_control(0.5, 0.0, rules, dt=DT) == pytest.approx(0.5)
    twin = ControlRules(control_feedback=0.0)
    assert next_control(0.5, 1.0, twin, dt=DT) == pytest.approx(0.5)
    assert next_control(0.5, 1.0, rules, dt=DT, strength=0.0) == pytest.approx(0.5)
    assert next_control(0.5, 1.0, rules, dt=DT) > 0.5
    still = ControlRules(control_feedback=0.0, control_relax=0.0)
    assert next_control(0.3, 1.0, still, dt=DT) == 0.3


def test_those_below_feel_a_change_of_control_after_a_lag():
    rules, felt = ControlRules(control_lag_weeks=2.0), 0.5
    for _ in range(2):
        felt = felt_control(felt, 0.9, rules, dt=DT)
    assert felt == pytest.approx(0.9 - 0.4 / np.e)
    assert felt_control(0.5, 0.9, ControlRules(control_lag_weeks=0.0), dt=DT) == 0.9


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 5), st.floats(0, 3), st.integers(1, 40))
def test_control_stays_in_bounds_and_does_not_depend_on_the_step(start, crisis, feedback, relax, parts):
    rules = ControlRules(control_feedback=feedback, control_relax=relax)
    whole = next_control(start, crisis, rules, dt=1.0)
    piecewise = start
    for _ in range(parts):
        piecewise = next_control(piecewise, crisis, rules, dt=1.0 / parts)
    assert 0.0 <= whole <= 1.0
    assert piecewise == pytest.approx(whole, abs=1e-9)


def test_control_and_rules_block_by_the_larger_never_by_the_sum():
    rules = ControlRules()
    assert blocked_with_control(0.4, 0.5, rules) == 0.4
    assert blocked_with_control(0.4, 0.75, rules) == pytest.approx(0.5)
    assert blocked_with_control(0.4, 0.1, rules) == 0.4
    assert blocked_with_control(0.9, 1.0, rules) == 1.0
    assert scripted_control(1.4) == 1.0


def test_investigations_rise_with_rank_and_drive_and_lean_to_the_tilted_side():
    persons = np.array([[9000.0, 9000.0], [900.0, 900.0], [90.0, 90.0], [9.0, 9.0]])
    ordinary = investigation_rate(1.0, persons, InspectionRules())
    assert ordinary[:, 0] == pytest.approx(0.009 * 1.5 ** np.arange(4))
    assert investigation_rate(2.0, persons, InspectionRules()) == pytest.approx(2 * ordinary)
    tilted = investigation_rate(1.0, persons, InspectionRules(inspection_tilt=0.6))
    assert tilted[:, 1] / tilted[:, 0] == pytest.approx(4.0)
    assert investigation_rate(1.0, persons, InspectionRules(), strength=0.0) == pytest.approx(0.0)
    assert investigation_rate(0.0, persons, InspectionRules()) == pytest.approx(0.0)


@settings(deadline=None)
@given(st.floats(0, 1e3), st.floats(-1, 1), st.floats(0, 0.2))
def test_inspectors_never_exceed_their_capacity(inspection, tilt, capacity):
    persons = np.array([[5000.0, 4000.0], [50.0, 70.0]])
    rules = InspectionRules(inspection_tilt=tilt, inspection_capacity=capacity)
    rate = investigation_rate(inspection, persons, rules)
    assert np.all(rate >= 0.0)
    assert (rate * persons).sum() <= capacity * persons.sum() * (1 + 1e-9) + 1e-12


def conflict_after(counts, years=6.0):
    persons, state, rules = np.array([100.0, 100.0]), start_conflict(), InspectionRules()
    for _ in range(round(years / DT)):
        state = watch_top(state, np.array(counts) * DT, persons, rules=rules, dt=DT)
    return elite_conflict(state, persons, rules), tilt_of(state)


def test_a_purge_of_one_side_is_twice_the_conflict_of_an_even_drive():
    even, even_tilt = conflict_after([5.0, 5.0])
    purge, purge_tilt = conflict_after([0.0, 10.0])
    assert purge == pytest.approx(2 * even)
    assert even == pytest.approx((1 - np.exp(-1)) / 2, rel=0.01)
    assert (even_tilt, purge_tilt) == pytest.approx((0.0, 1.0))
    assert conflict_after([0.0, 0.0]) == (0.0, 0.0)


PEOPLE = np.array([8.0e8, 6.0e8])


def a_year(issuing=1.0, openness=1.0, before=None):
    rules = BackgroundRules()
    state = before or start_background(PEOPLE, rules)
    exits = passports = 0.0
    for _ in range(52):
        state = pass_step(
            state,
            PEOPLE,
            openness=np.full(2, openness),
            season=np.ones(2),
            issuing=np.full(2, issuing),
            rules=rules,
            dt=1 / 52,
        )
        exits += state.exits.sum()
        passports += state.passports.sum()
    return state, exits, passports


def test_an_ordinary_year_has_the_size_of_2019():
    state, exits, passports = a_year()
    assert exits == pytest.approx(175e6, rel=0.01)
    assert passports == pytest.approx(30e6, rel=0.1)
    assert state.holders == pytest.approx(PEOPLE * settled_holders(BackgroundRules()), rel=1e-3)


def test_a_shut_office_issues_nothing_and_no_banked_demand_comes_back():
    state, exits, passports = a_year(issuing=0.02, openness=0.0)
    assert exits == 0.0
    assert passports < 0.03 * 30e6
    _, _, reopened = a_year(before=state)
    _, _, ordinary = a_year()
    assert reopened < 1.1 * ordinary


def test_holders_stay_between_nobody_and_everybody():
    state = None
    for issuing in (50.0, 0.0, 50.0, 1.0):
        state, _, _ = a_year(issuing=issuing, before=state)
        assert np.all((state.holders >= 0.0) & (state.holders <= PEOPLE))
