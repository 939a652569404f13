"""What people show: the three theories, and when it is revised."""

from itertools import combinations
from math import exp

import numpy as np
import pytest

from exitvoice.models.exit_control.columns import DISSENT, LOYAL, RETIRED, ROUNDS, SERVING, VACANT, WITHDRAWN
from exitvoice.models.exit_control.persons.expression.epstein import epstein
from exitvoice.models.exit_control.persons.expression.kuran import kuran
from exitvoice.models.exit_control.persons.expression.revision import post_held, revision
from exitvoice.models.exit_control.persons.expression.self_censorship import self_censorship
from exitvoice.models.exit_control.program import THEORIES, exit_control_program
from person_rules import WEEK, apply

REVISES = tuple(f"revises_{place}" for place in range(ROUNDS))
BARE = {
    "seen_loyal": 0.0, "loyalty_tie": 0.0, "promotion_reward": 0.0, "withdrawal_price": 0.0, "dissent_price": 0.0,
    "conformity_loyal": 0.0, "conformity_dissent": 0.0, "holding_bonus": 0.0,
}  # fmt: skip


def answer(rule, **given):
    return apply(rule, **given)["expression"]


def chances(**given):
    """Shares of the three answers over equally spaced draws."""
    seen = [answer(kuran, u_choice=(k + 0.5) / 1000, **given) for k in range(1000)]
    return np.bincount(seen, minlength=3) / 1000


@pytest.mark.parametrize(
    ("felt", "shown"),
    [(0.05, LOYAL), (0.2, LOYAL), (0.3, WITHDRAWN), (0.7, WITHDRAWN), (0.8, DISSENT), (1.0, DISSENT)],
)
def test_kuran_with_nothing_else_at_work_the_nearest_answer_wins(felt, shown):
    assert answer(kuran, opposition=felt, u_choice=0.5, taste_scale=0.001, **BARE) == shown


def test_kuran_s_noise_is_a_softmax_of_the_three_utilities():
    felt, fresh = 0.5, 0.1 * 0.2**0.5
    worth = np.array([-(felt**2), -((felt - 0.5) ** 2), -((1 - felt) ** 2)]) / fresh
    expected = np.exp(worth) / np.exp(worth).sum()
    assert chances(opposition=felt, **BARE) == pytest.approx(expected, abs=2e-3)


def test_kuran_fear_keeps_dissent_down():
    given = BARE | {"opposition": 0.9, "dissent_price": 3.0, "punishment": 0.5}
    bold = chances(risk_aversion=0.0, **given)[DISSENT]
    timid = chances(risk_aversion=1.0, **given)[DISSENT]
    assert bold > 0.9
    assert timid < 0.1
    assert chances(risk_aversion=1.0, **(given | {"punishment": 0.0}))[DISSENT] == bold
    assert chances(risk_aversion=1.0, confidence=0.0, **given)[DISSENT] == bold


def test_kuran_crowds_draw_or_put_off_by_the_sign_of_conformity():
    given = BARE | {"opposition": 0.75, "seen_dissent": 0.5}
    with_, without, against = (
        chances(**(given | {"conformity_dissent": rho}))[DISSENT] for rho in (0.3, 0.0, -0.3)
    )
    assert with_ > without > against


def test_kuran_goals_met_calm_people():
    given = BARE | {"opposition": 0.9}
    assert chances(goals_met=1.0, **given)[DISSENT] < chances(**given)[DISSENT]
    assert chances(goals_met=1.0, goals_met_effect=0.0, **given) == pytest.approx(chances(**given))


def test_kuran_the_present_answer_holds():
    given = BARE | {"opposition": 0.25, "holding_bonus": 0.1}
    assert chances(expression=LOYAL, **given)[LOYAL] > 0.85
    assert chances(expression=WITHDRAWN, **given)[WITHDRAWN] > 0.85


def test_kuran_the_reward_of_loyalty_counts_by_confidence_and_scruple():
    given = BARE | {"opposition": 0.3, "promotion_reward": 0.4}
    full = chances(confidence=1.0, **given)[LOYAL]
    assert full > chances(confidence=0.1, **given)[LOYAL]
    assert full > chances(confidence=1.0, scruple=10.0, **given)[LOYAL]


@pytest.mark.parametrize(("felt", "fear", "watched", "shown"), [
    (0.9, 0.0, 0.0, DISSENT),  # .9 (1 - .8) = .18 > .1
    (0.4, 0.0, 0.0, LOYAL),  # .08 < .1
    (0.9, 0.5, 0.0, WITHDRAWN),  # .18 - .5 < .1 but .18 - 0 > .1
    (0.9, 0.5, 1.0, LOYAL),  # .18 - .25 < .1
])  # fmt: skip
def test_epstein_s_thresholds(felt, fear, watched, shown):
    given = {"opposition": felt, "risk_aversion": 1.0, "punishment": fear, "monitoring": watched}
    assert answer(epstein, **given) == shown


def test_epstein_legitimacy_quiets():
    given = {"opposition": 0.9, "monitoring": 0.0}
    assert answer(epstein, epstein_legitimacy=0.95, **given) == LOYAL
    assert answer(epstein, epstein_legitimacy=0.7, **given) == DISSENT


def test_self_censorship_the_unpunished_act_as_they_wish():
    for felt, shown in ((0.1, LOYAL), (0.4, WITHDRAWN), (0.9, DISSENT)):
        assert answer(self_censorship, opposition=felt, punishment=0.0) == shown


def test_self_censorship_severity_lowers_the_act():
    given = {"opposition": 0.9, "punishment": 1.0, "confidence": 1.0, "monitoring": 0.5, "candour": 1.0}
    # a* = (t + (beta - v s) / ((1 - v) s)) / 2 with s = 1.5: (.2 + .25 / .75) / 2 = .267
    assert answer(self_censorship, self_censorship_severity=1.5, **given) == WITHDRAWN
    assert answer(self_censorship, self_censorship_severity=50.0, **given) == LOYAL
    assert answer(self_censorship, self_censorship_severity=0.1, **given) == DISSENT


@pytest.mark.parametrize("rate", [8.0, 26.0, 80.0])
def test_each_round_is_revised_with_the_chance_of_its_third_of_the_step(rate):
    number = 20_000
    draws = (np.arange(number) + 0.5) / number
    drawn = [apply(revision, u_revision=float(u), revision_rate=rate) for u in draws]
    p = 1 - exp(-rate * WEEK / 3)
    rounds = [np.array([bool(one[mark]) for one in drawn]) for mark in REVISES]
    for one in rounds:
        assert one.mean() == pytest.approx(p, abs=2e-3)
    for first, second in combinations(rounds, 2):
        assert (first & second).mean() == pytest.approx(p * p, abs=2e-3)  # independent rounds


def test_nobody_revises_switched_off_or_out_of_post():
    assert all(apply(revision, u_revision=0.0).values())
    assert not any(apply(revision, u_revision=0.0, expression_on=0.0).values())
    assert not apply(post_held, service=VACANT)["post_held"]
    assert all(apply(post_held, service=service)["post_held"] for service in (SERVING, RETIRED))


@pytest.mark.parametrize("theory", THEORIES)
def test_each_round_of_expression_is_for_those_who_bear_its_mark(theory):
    speak = next(stage for stage in exit_control_program(theory).stages if stage.name == "speak")
    assert revision.writes == REVISES
    assert speak.rounds == ROUNDS
    assert speak.select == REVISES
    week = next(stage for stage in exit_control_program(theory).stages if stage.name == "week")
    assert week.team_rules == (revision,)  # the occasion comes to a team
    assert week.among == "post_held"
