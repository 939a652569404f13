"""Epstein (2002), model I, against its targets; the whole table is `exitvoice reference epstein --all`."""

import pytest

from exitvoice.models.reference.base import MET, MISSED, judge_everything
from exitvoice.models.reference.epstein.model import MODEL
from exitvoice.models.reference.epstein.setting import FOR_EVER
from support_reference import held, silent


def test_the_printed_equation_gives_no_outburst():
    setting = MODEL.setting(0, rounding="identity", steps=1500, worlds=1)
    assert MODEL.run(setting, silent).obtained["outbursts"] == 0


def test_the_aggrieved_turn_quiet_where_a_cop_is_in_view():
    found = held(MODEL, experiment="deception", vision=1.7, legitimacy=0.89, steps=300, worlds=1)
    assert found["deception"].verdict == MET


def test_withdrawing_cops_one_by_one_tips_suddenly():
    outcome = MODEL.run(
        MODEL.setting(0, experiment="cops", cops=0.074, legitimacy=0.8, jail=FOR_EVER, worlds=2), silent
    )
    assert outcome.obtained["tip-width"] < 0.25


def test_a_small_jump_of_legitimacy_outdoes_a_large_erosion():
    # three worlds for each course; the ratio over twelve is 1.4, and its spread over such threes about .1
    outcome = MODEL.run(MODEL.setting(0, experiment="legitimacy", worlds=3), silent)
    assert outcome.obtained["jump-over-erosion"] > 1.1


def test_the_small_torus_swings_more_than_the_large_one():
    outcome = MODEL.run(MODEL.setting(0, experiment="sizes", steps=150), silent)
    assert outcome.obtained["swing-40"] > 1.5 * outcome.obtained["swing-160"]


@pytest.mark.long
def test_the_whole_table():
    found = judge_everything(MODEL, lambda setting: MODEL.run(setting, silent))
    # the ratio for terms without end is missed by chance with seed 0 (3.28; 2.88 and 2.92 with seeds 100 and 200)
    missed = sorted(one.target.name for one in found if one.verdict == MISSED)
    assert missed == ["jump-over-erosion", "total-deviation", "wait", "wait-deviation"]
