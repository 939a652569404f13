"""Offices: capacity and handling limit one another; hope is a chance within a year and never absorbing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.models.exit_control.institutions.offices import (
    HopeRules,
    capacity_per_step,
    grant_probability,
    hope_of,
    serve,
    start_hope,
    update_hope,
)
from exitvoice.units import WEEKS_PER_YEAR

DT = 1.0 / WEEKS_PER_YEAR
RULES = HopeRules()


def one(value):
    return np.array([float(value)])


def test_a_long_queue_is_limited_by_capacity_alone():
    probability, carried = serve(one(1000), one(10), one(0), handling_years=0.25, dt=DT)
    assert probability[0] == pytest.approx(0.01)
    assert carried[0] == pytest.approx(0.0)


def test_a_short_queue_is_limited_by_handling_alone():
    probability, _ = serve(one(2), one(100), one(0), handling_years=0.25, dt=DT)
    assert probability[0] == pytest.approx(DT / 0.25)


def test_a_congested_office_serves_its_whole_capacity_over_a_year():
    queue, carried, served = 5000.0, one(0), 0.0
    for _ in range(52):
        probability, carried = serve(one(queue), one(10), carried, handling_years=0.25, dt=DT)
        served += probability[0] * queue
        queue -= probability[0] * queue
    assert served == pytest.approx(520.0, rel=1e-9)


def test_unused_capacity_is_carried_at_most_four_weeks():
    carried = one(0)
    for _ in range(30):
        _, carried = serve(one(0), one(10), carried, handling_years=0.25, dt=DT)
    assert carried[0] == pytest.approx(40.0)


def test_without_capacity_the_queue_grows_without_bound():
    queue, carried = 0.0, one(0)
    for week in range(1, 200):
        queue += 5.0
        probability, carried = serve(one(queue), one(0), carried, handling_years=0.25, dt=DT)
        queue -= probability[0] * queue
        assert queue == 5.0 * week


@settings(deadline=None)
@given(
    queue=st.floats(0, 1e7),
    capacity=st.floats(0, 1e5),
    carried=st.floats(0, 1e5),
    handling=st.floats(0, 5),
    strength=st.floats(0, 1),
)
def test_serving_is_a_probability_and_never_exceeds_what_is_there(
    queue, capacity, carried, handling, strength
):
    probability, left = serve(
        one(queue), one(capacity), one(carried), handling_years=handling, dt=DT, strength=strength
    )
    assert 0.0 <= probability[0] <= 1.0
    assert probability[0] * queue <= (capacity + carried) * (1 + 1e-9) + 1e-12
    assert 0.0 <= left[0] <= max(0.0, 4.0 * capacity) * (1 + 1e-9)


def test_strength_zero_serves_nobody():
    probability, _ = serve(one(10), one(10), one(0), handling_years=0.1, dt=DT, strength=0.0)
    assert probability[0] == 0.0


def test_capacity_is_a_head_count_a_week():
    assert capacity_per_step(one(50_000), 2.0, dt=DT)[0] == pytest.approx(100.0)


def test_refusal_rises_with_rank_and_control_and_full_control_grants_nothing():
    ranks = np.arange(4.0)
    normal = grant_probability(0.2, 0.1, ranks, 0.5)
    assert normal == pytest.approx([0.8, 0.7, 0.6, 0.5])
    assert np.all(grant_probability(0.2, 0.1, ranks, 0.7) < normal)
    assert np.all(grant_probability(0.2, 0.1, ranks, 0.3) > normal)
    assert grant_probability(0.2, 0.1, ranks, 1.0) == pytest.approx(0.0)
    assert grant_probability(0.2, 0.1, ranks, 0.0) == pytest.approx(1.0)
    assert grant_probability(0.5, 0.0, ranks, 0.5, refusal_shift=np.log(3)) == pytest.approx(0.25)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(-0.5, 1), st.floats(0, 1), st.floats(0, 1))
def test_granting_is_a_probability(refusal, by_rank, control, normal):
    granted = grant_probability(refusal, by_rank, np.arange(4.0), control, normal_control=normal)
    assert np.all((granted >= 0.0) & (granted <= 1.0))


def test_a_total_refusal_with_a_long_queue_ends_hope_but_never_below_the_floor():
    state = start_hope(1, 2)
    for _ in range(200):
        state, hope = update_hope(state, np.zeros((1, 2)), np.full((1, 2), 5000.0), rules=RULES, dt=DT)
    assert hope == pytest.approx(RULES.hope_floor)


def test_hope_is_the_chance_within_a_year_once_it_is_settled():
    state = start_hope(1, 1)
    for _ in range(400):
        state, hope = update_hope(state, np.array([[300 * DT]]), np.array([[1000.0]]), rules=RULES, dt=DT)
    assert hope[0, 0] == pytest.approx(1.0 - np.exp(-0.3), rel=0.02)


def test_a_region_without_applicants_hopes_what_the_nation_does():
    state = start_hope(1, 2)
    for _ in range(300):
        state, hope = update_hope(
            state, np.array([[600 * DT, 0.0]]), np.array([[1000.0, 0.0]]), rules=RULES, dt=DT
        )
    assert hope[0, 1] == pytest.approx(hope[0, 0], rel=0.01)


def test_purposes_do_not_mix():
    state, _ = update_hope(
        start_hope(2, 1), np.array([[50.0], [0.0]]), np.array([[10.0], [4000.0]]), rules=RULES, dt=DT
    )
    hope = hope_of(state, RULES)
    assert hope[0, 0] > 5 * hope[1, 0]


def applications_when_permits_rise(hope_from, psi=0.75):
    """Ratio of applications in a year with 4.5 times the usual permits to the usual year (GDR-sized)."""
    state, queue, yearly = start_hope(1, 1), 30_000.0, []
    wish = None
    for year in range(7):
        permits = 7_700.0 * (4.5 if year == 6 else 1.0)
        applied = 0.0
        for _ in range(52):
            hope = max(hope_from(state), 0.02)
            wish = wish if wish is not None else 13_000.0 / hope**psi
            new = wish * hope**psi * DT
            granted = min(permits * DT, queue)
            queue = queue * np.exp(-0.1 * DT) + new - granted
            state, _ = update_hope(state, np.array([[granted]]), np.array([[queue]]), rules=RULES, dt=DT)
            applied += new
        yearly.append(applied)
    return yearly[6] / yearly[5]


def test_a_released_queue_grows_under_year_hope_and_hardly_under_the_share_of_decisions():
    by_year_hope = applications_when_permits_rise(lambda state: hope_of(state, RULES)[0, 0])
    by_share_granted = applications_when_permits_rise(lambda state: 0.8)
    assert 1.8 < by_year_hope < 5.0
    assert by_share_granted < 1.05
