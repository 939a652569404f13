"""Confidence that the order will hold, and what a unit sees of others."""

from math import exp, log

import pytest

from exitvoice.models.exit_control import compile_model
from exitvoice.models.exit_control.columns import LAYOUT
from exitvoice.models.exit_control.persons.confidence import confidence, confidence_target, doubt
from exitvoice.models.exit_control.persons.perception import peers, perception, sanction_memory
from exitvoice.models.exit_control.program import THEORIES, exit_control_program
from exitvoice.models.exit_control.signals import blank_board
from exitvoice.scenario import load_scenario
from person_rules import WEEK, YEAR, apply


def logit(p):
    return log(p / (1 - p))


def target(**given):
    return logit(apply(confidence_target, **given)["confidence_target"])


def test_each_sight_weighs_on_the_target_by_its_own_parameter():
    assert target() == pytest.approx(3.0, abs=1e-5)
    assert target(seen_dissent=0.1) == pytest.approx(3.0 - 1.2, abs=1e-5)
    assert target(seen_withdrawn=0.2) == pytest.approx(3.0 - 0.3, abs=1e-5)
    assert target(departures_seen=0.05) == pytest.approx(3.0 - 2.0, abs=1e-5)
    assert target(elite_conflict=0.4) == pytest.approx(3.0 - 0.2, abs=1e-5)


def test_a_show_of_control_reassures_unless_most_read_it_as_weakness():
    assert target(control_shown=0.2) == pytest.approx(3.0 + 0.5 * 0.2 * 0.4, abs=1e-5)
    assert target(control_shown=0.2, show_misread=1.0) == pytest.approx(3.0 - 0.1, abs=1e-5)
    assert target(control_shown=0.2, show_misread=0.5) == pytest.approx(3.0, abs=1e-5)


def test_it_moves_to_its_target_at_the_stated_rate():
    after = apply(confidence, confidence=0.9, confidence_target=0.4, dt=YEAR / 12)["confidence"]
    assert after == pytest.approx(0.4 + 0.5 * exp(-1), abs=1e-5)


def test_two_half_steps_are_one_step():
    half = apply(confidence, confidence=0.9, confidence_target=0.4, dt=WEEK / 2)["confidence"]
    twice = apply(confidence, confidence=half, confidence_target=0.4, dt=WEEK / 2)["confidence"]
    assert twice == pytest.approx(
        apply(confidence, confidence=0.9, confidence_target=0.4)["confidence"], abs=1e-6
    )


def test_switched_off_it_does_not_move():
    kept = apply(confidence, confidence=0.9, confidence_target=0.4, confidence_on=0.0)
    assert kept["confidence"] == pytest.approx(0.9, abs=1e-7)


@pytest.mark.parametrize("theory", THEORIES)
def test_it_is_kept_a_unit_and_only_the_units_own_rules_move_it(theory):
    """Members of a unit see the same, recruits included: one number says what all of them believe."""
    program = exit_control_program(theory)
    assert "confidence" in program.signals.unit
    assert "confidence" not in {*LAYOUT.plain, *LAYOUT.by_name}
    movers = [stage.name for stage in program.stages if confidence in stage.unit_rules]
    assert movers == ["settling", "week"]  # before the clock starts, and then
    for stage in program.stages:
        assert not any("confidence" in item.writes for item in (*stage.rules, *stage.tally_rules)), stage.name


def test_units_begin_with_the_stated_confidence():
    told = {"parameters.start_confidence": {"value": 0.875, "assumed": "a number that is exact"}}
    model = compile_model(load_scenario("minimal").with_changes(told), scale=0.01, seed=1)
    board = blank_board(model.compiled.program, model.people, model.values)
    assert set(board.get_unit("confidence").tolist()) == {0.875}


def test_lost_confidence_adds_to_the_wish_to_leave():
    usual = apply(doubt, confidence=0.9)
    lost = apply(doubt, confidence=0.5)
    assert usual["doubt"] == pytest.approx(1.0, abs=1e-5)
    assert lost["doubt"] == pytest.approx(5**0.5, rel=1e-5)
    assert apply(doubt, confidence=0.5, leave_confidence_exponent=0.0)["doubt"] == 1.0


SIGHT = {"unit_persons": 10, "unit_dissent": 1, "region_dissent": 0.2, "nation_dissent": 0.5}


def test_what_is_seen_is_unit_region_and_what_censorship_leaves_of_the_nation():
    seen = apply(perception, **SIGHT)
    assert seen["seen_dissent"] == pytest.approx(0.4 * 0.1 + 0.2 * 0.2 + 0.4 * 0.3 * 0.5)
    assert sum(seen.values()) == pytest.approx(1.0)


def test_full_censorship_makes_the_nation_invisible_and_leaves_the_street():
    calm = apply(perception, censorship=1.0, **(SIGHT | {"nation_dissent": 0.0}))
    storm = apply(perception, censorship=1.0, **(SIGHT | {"nation_dissent": 1.0}))
    assert calm == storm
    assert storm["seen_dissent"] == pytest.approx(0.4 * 0.1 + 0.2 * 0.2)


def test_common_knowledge_adds_and_shares_never_exceed_one():
    assert apply(perception, known_dissent=0.3)["seen_dissent"] == pytest.approx(0.3)
    full = apply(perception, known_dissent=5.0, region_withdrawn=1.0, nation_withdrawn=1.0)
    assert (full["seen_loyal"], full["seen_withdrawn"], full["seen_dissent"]) == (0.0, 0.0, 1.0)


def test_an_empty_unit_divides_by_nothing():
    assert apply(perception, unit_persons=0)["seen_loyal"] == 1.0
    assert apply(sanction_memory, unit_persons=0)["unit_sanction_memory"] == 0.0


def test_a_sanction_is_remembered_for_its_time():
    kept = apply(sanction_memory, unit_sanction_memory=0.2, unit_persons=10, dt=YEAR)
    assert kept["unit_sanction_memory"] == pytest.approx(0.2 * exp(-1), abs=1e-6)
    added = apply(sanction_memory, unit_sanctioned=1, unit_persons=10)
    assert added["unit_sanction_memory"] == pytest.approx(0.1)


def test_peers_weigh_half_of_the_way_at_half_times_ln_two():
    assert apply(peers, unit_sanction_memory=0.0)["peers"] == 0.0
    assert apply(peers, unit_sanction_memory=0.02 * log(2))["peers"] == pytest.approx(0.5, abs=1e-6)
    assert apply(peers, unit_sanction_memory=10.0)["peers"] <= 1.0
