"""Private opposition: its rest point, what pushes it, and the clip at both ends."""

import numpy as np
import pytest

from exitvoice.models.exit_control.persons.opposition import (
    grievance,
    opposition,
    resentment,
    rest_point,
    shock,
    turn,
)
from exitvoice.models.exit_control.program import exit_control_program
from person_rules import WEEK, apply

FULL = 65535 << 16  # a refusal word with opacity 1


def drift(**given):
    return apply(opposition, **({"opposition_dt": WEEK} | given))


def test_the_rest_point_does_not_move():
    for baseline, pushed, talked in ((0.3, 0.0, 0.0), (0.3, 0.2, 0.0), (0.6, 0.1, 0.4), (0.5, -0.05, 0.0)):
        start = rest_point(baseline, pushed, talked, 0.3)
        after = drift(opposition=start, baseline=baseline, grievance=pushed, persuasion=talked)
        assert after["opposition"] == pytest.approx(start, abs=1e-6)


def test_the_rest_point_is_the_ratio_of_pushes():
    assert rest_point(0.35, 0.2, 0.0, 0.3) == pytest.approx((0.3 * 0.35 + 0.2) / 0.5)
    assert rest_point(0.35, 0.0, 0.3, 0.3) == pytest.approx(0.35 / 2)


def test_one_step_follows_the_equation():
    after = drift(opposition=0.5, baseline=0.2, grievance=0.1, persuasion=0.02)["opposition"]
    assert after == pytest.approx(0.5 + WEEK * (0.3 * (0.2 - 0.5) + 0.5 * 0.1 - 0.5 * 0.02), abs=1e-6)


def test_a_refusal_angers_by_its_opacity():
    def anger(**given):
        return apply(resentment, opposition=0.4, **given)["opposition"]

    assert anger(refused=True, refusal_word=FULL) == pytest.approx(0.4 + 0.05 * 0.6, abs=1e-5)
    assert (
        anger(refused=True, refusal_word=0) == anger(refused=False, refusal_word=FULL) == pytest.approx(0.4)
    )


def test_an_incident_moves_everybody_by_s_of_the_rest():
    assert apply(shock, opposition=0.4, opposition_impulse=0.1)["opposition"] == pytest.approx(0.46)
    assert apply(shock, opposition=0.4)["opposition"] == pytest.approx(0.4)


@pytest.mark.parametrize("period", [1, 2, 4])
def test_every_unit_has_a_turn_once_a_period_and_an_equal_share_of_them_each_step(period):
    turns = np.array([
        [bool(apply(turn, unit_number=u, step=s, opposition_period=float(period))["turn"]) for s in range(12)]
        for u in range(8)
    ])  # fmt: skip
    assert (turns.sum(axis=1) == 12 // period).all()
    assert (turns.sum(axis=0) == 8 // period).all()
    for first in range(13 - period):
        assert (turns[:, first : first + period].sum(axis=1) == 1).all()


def test_the_drift_is_the_only_stage_of_units_in_turn():
    turned = {stage.name: stage.turn for stage in exit_control_program("kuran").stages if stage.turn}
    assert turned == {"drift": turn}


def test_blocked_is_the_larger_of_rules_and_control_never_the_sum():
    def felt(**given):
        return apply(grievance, wish=1.0, opposition_blocked=1.0, **given)["grievance"]

    assert felt(restricted=True, hope_leave=0.4, blocked_control=0.5) == pytest.approx(0.6)
    assert felt(restricted=True, hope_leave=0.4, blocked_control=0.7) == pytest.approx(0.7)
    assert felt(restricted=False, hope_leave=0.4, blocked_control=0.5) == pytest.approx(0.5)
    assert felt(restricted=False, hope_leave=0.4) == 0.0


def test_peers_and_hardship_push_with_their_own_weights_and_signs():
    assert apply(grievance, peers=0.5, hardship=0.2)["grievance"] == pytest.approx(0.05 * 0.5 + 0.1 * 0.2)
    assert apply(grievance, peers=0.5, opposition_peers=-0.1)["grievance"] == pytest.approx(-0.05)


@pytest.mark.parametrize(("pushed", "bound"), [(-1e4, 0.0), (1e4, 1.0)])
def test_it_never_leaves_its_range(pushed, bound):
    assert drift(opposition=0.5, baseline=0.5, grievance=pushed)["opposition"] == bound


def test_a_recruit_starts_at_rest_and_loyal():
    new = apply(resentment, opposition=0.99, expression=2, baseline=0.2, renewed=True, relative=1)
    assert new["opposition"] == pytest.approx(0.2)
    assert (new["expression"], new["kin"]) == (0, 1)


def test_switched_off_nothing_moves_it():
    off = {"opposition": 0.5, "opposition_on": 0.0}
    assert drift(baseline=0.1, grievance=1.0, **off)["opposition"] == 0.5
    assert apply(shock, opposition_impulse=0.5, **off)["opposition"] == 0.5
    assert apply(resentment, refused=True, refusal_word=FULL, **off)["opposition"] == 0.5
