"""Enforcement, incidents and loss of control."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.models.exit_control.institutions.enforcement import (
    FORMS,
    ROUND,
    EnforcementRules,
    enforcement,
    published,
    punishment,
    punishment_by_force,
    punishment_by_informants,
)
from exitvoice.models.exit_control.institutions.incidents import (
    Effects,
    IncidentState,
    Shock,
    combined,
    start_incidents,
    strike,
)
from exitvoice.models.exit_control.institutions.loss_of_control import (
    LossRules,
    elite_defection_chance,
    lost_now,
    start_loss,
    watch_crowd,
    watch_elite,
)

DT = 7 / 365.25
RULES = EnforcementRules()
EACH_FORM = pytest.mark.parametrize("form", range(len(FORMS)), ids=FORMS)


def one(value):
    return np.array([float(value)])


def test_the_withdrawn_count_half_and_incidents_keep_forces_away():
    force = enforcement(
        np.array([80.0, 0.0, 0.0]),
        np.array([20.0, 0.0, 0.0]),
        np.array([100.0, 100.0, 0.0]),
        np.array([0.5, 0.0, 0.0]),
        RULES,
    )
    assert force == pytest.approx([0.02 * 0.9 * 0.5, 0.0, 0.02])


@EACH_FORM
def test_nobody_is_punished_where_no_force_is_left(form):
    rules = EnforcementRules(form=form)
    assert punishment(np.array([0.0, 0.2]), np.zeros(2), 1.0, rules) == pytest.approx(0.0)


@EACH_FORM
def test_an_empty_street_is_nearly_always_punished_and_a_huge_crowd_hardly(form):
    chance = punishment_by_force(np.array([0.0, 0.9]), np.full(2, 0.02), EnforcementRules(form=form))
    assert chance[0] > 0.99
    assert chance[1] < 0.06


@EACH_FORM
def test_an_empty_street_without_a_floor_is_certain_punishment(form):
    rules = EnforcementRules(form=form, punishment_floor=0.0)
    assert punishment_by_force(np.array([0.0, 5e-324]), np.array([0.02, 0.02]), rules) == pytest.approx(1.0)


@settings(deadline=None)
@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.1), st.sampled_from(range(len(FORMS))), st.floats(0, 1)
)
def test_punishment_is_a_probability_and_never_rises_with_the_crowd(small, extra, force, form, monitoring):
    rules = EnforcementRules(form=form)
    crowd = np.array([small, min(1.0, small + extra)])
    chance = punishment(crowd, np.full(2, force), monitoring, rules)
    assert np.all((chance >= 0.0) & (chance <= 1.0))
    assert chance[1] <= chance[0] + 1e-12


def test_the_hill_form_is_one_half_where_the_crowd_equals_the_reach_of_the_force():
    force = 0.02
    crowd = RULES.punishment_reach * force - RULES.punishment_floor * force
    for theta in (1.0, 4.0, 8.0):
        rules = EnforcementRules(punishment_steepness=theta)
        assert punishment_by_force(one(crowd), one(force), rules)[0] == pytest.approx(0.5)


def test_published_forms_at_known_ratios():
    # force 0.02, crowd 0.0133...: C / A = 0.02 / (crowd + 0.004) set to 1.5 and 0.45
    for ratio, expected in (
        (1.5, {"identity": 1.5, "floor": 1.0, "round": 2.0, "threshold": 1.5}),
        (0.45, {"identity": 0.45, "floor": 0.0, "round": 0.0, "threshold": 0.0}),
    ):
        crowd = 0.02 / ratio - 0.004
        for form, value in expected.items():
            chance = punishment_by_force(one(crowd), one(0.02), EnforcementRules(form=FORMS.index(form)))[0]
            assert chance == pytest.approx(1.0 - np.exp(-2.3 * value), abs=1e-9)
    assert published(one(2.5), ROUND)[0] == 3.0


def test_informants_stop_small_crowds_and_nothing_without_them():
    weak = one(0.0004)
    small, large = one(0.001), one(0.05)
    told = 1.0 - (1.0 - RULES.informants) ** RULES.contacts
    assert punishment_by_informants(one(0.0), weak, 1.0, RULES)[0] == pytest.approx(told)
    assert punishment_by_informants(large, weak, 1.0, RULES)[0] < 1e-4
    without = EnforcementRules(informants=0.0)
    assert punishment_by_informants(small, weak, 1.0, without)[0] == 0.0
    assert punishment(small, weak, 1.0, RULES)[0] > punishment(small, weak, 1.0, without)[0]


def no_effects(regions):
    nothing = np.zeros(regions)
    return Effects(nothing, nothing, nothing, nothing, nothing)


def test_an_incident_lasts_its_weeks_and_then_halves():
    shock = Shock(rate_per_year=1.0, weeks=3, half_life_weeks=2, hardship=0.2, opposition=0.1)
    state, struck = strike(start_incidents(2), np.array([0.0, 0.999]), shock, dt=DT)
    assert struck.tolist() == [1.0, 0.0]
    assert combined(no_effects(2), state, struck, shock).opposition_impulse == pytest.approx([0.1, 0.0])
    intensities = []
    for _ in range(6):
        intensities.append(state.intensity[0])
        state, struck = strike(state, np.ones(2), shock, dt=DT)
    half = 2**-0.5
    assert intensities == pytest.approx([1.0, 1.0, 1.0, half, half**2, half**3], rel=1e-6)
    assert combined(no_effects(2), state, struck, shock).opposition_impulse == pytest.approx(0.0)


def test_an_incident_strikes_with_its_rate_whatever_the_step():
    shock = Shock(rate_per_year=0.5)
    for dt in (DT, 4 * DT):
        edge = 1.0 - np.exp(-0.5 * dt)
        _, struck = strike(start_incidents(2), np.array([edge - 1e-9, edge + 1e-9]), shock, dt=dt)
        assert struck.tolist() == [1.0, 0.0]


def test_dated_and_random_incidents_combine_and_strength_zero_ends_both():
    shock = Shock(enforcement_away=0.5, hardship=0.1, known_dissent=0.3)
    dated = Effects(one(0.2), one(0.5), one(0.05), one(0.1), one(1.0))
    raging = IncidentState(one(0.1), one(1.0))
    both = combined(dated, raging, one(0.0), shock)
    assert both.enforcement_away[0] == pytest.approx(0.75)
    assert both.hardship[0] == pytest.approx(0.3)
    assert both.known_dissent[0] == pytest.approx(0.3)
    off = combined(dated, raging, one(1.0), shock, strength=0.0)
    assert all(effect[0] == 0.0 for effect in (off.hardship, off.enforcement_away, off.opposition_impulse))
    _, struck = strike(start_incidents(1), one(0.0), Shock(rate_per_year=50.0), dt=DT, strength=0.0)
    assert struck[0] == 0.0


@pytest.mark.parametrize(("dt", "steps"), [(DT, 2), (DT / 7, 14), (2 * DT, 1)])
def test_control_is_lost_after_two_weeks_of_model_time_not_two_steps(dt, steps):
    state = start_loss(2)
    seen = []
    for _ in range(steps + 3):
        state, fresh = watch_crowd(
            state, np.array([0.2, 0.2]), np.array([0.01, 0.05]), rules=LossRules(), dt=dt
        )
        seen.append(fresh)
    assert seen[steps - 1].tolist() == [True, False]
    assert np.sum(seen) == 1


def test_a_force_driven_to_zero_is_no_loss_while_the_street_is_empty():
    state = start_loss(1)
    for _ in range(20):
        state, fresh = watch_crowd(state, one(0.01), one(0.0), rules=LossRules(), dt=DT)
        assert not fresh.any()


def test_a_week_of_calm_starts_the_count_again_and_a_second_episode_is_a_second_event():
    state, losses = start_loss(1), []
    for crowd in (0.5, 0.0, 0.5, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5, 0.5):
        state, fresh = watch_crowd(state, one(crowd), one(0.01), rules=LossRules(), dt=DT)
        losses.append(int(fresh.sum()))
    assert losses == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_strength_zero_loses_nothing():
    state = start_loss(1)
    for _ in range(5):
        state, fresh = watch_crowd(state, one(1), one(0), rules=LossRules(), dt=DT, strength=0.0)
        assert not fresh.any()
    _, defects = watch_elite(0.0, 1.0, 0.0, 0.0, rules=LossRules(), dt=DT, strength=0.0)
    assert not defects


def test_elites_defect_more_readily_before_a_crowd_and_once():
    rules = LossRules()
    calm, storm = (elite_defection_chance(turnout, 0.0, rules, dt=1.0) for turnout in (0.0, 0.2))
    assert calm == pytest.approx(1 / (1 + np.exp(4.0)))
    assert storm == pytest.approx(0.5)
    assert elite_defection_chance(0.0, 0.8, rules, dt=1.0) < calm
    yearly = 1 - (1 - elite_defection_chance(0.1, 0.0, rules, dt=0.01)) ** 100
    assert yearly == pytest.approx(elite_defection_chance(0.1, 0.0, rules, dt=1.0))
    assert 0.0 <= elite_defection_chance(1.0, -1e6, rules, dt=DT) <= 1.0
    pause, first = watch_elite(0.0, 0.2, 0.0, 0.0, rules=rules, dt=DT)
    pause, second = watch_elite(pause, 0.2, 0.0, 0.0, rules=rules, dt=DT)
    assert (first, second) == (True, False)
    fresh = np.array([False, True])
    assert lost_now(fresh, first).tolist() == [1.0, 1.0]
    assert lost_now(fresh, second).tolist() == [0.0, 1.0]
