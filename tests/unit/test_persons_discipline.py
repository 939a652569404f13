"""Discipline: rates of investigation and of reports, the mix of sanctions, who is out of reach."""

from math import exp

import pytest

from exitvoice.models.exit_control.columns import ABROAD, CAUGHT, HOME, RETIRED, SERVING, VACANT, VALID
from exitvoice.models.exit_control.persons.discipline import discipline
from person_rules import YEAR, apply

RATES = {f"inspected_{f}_{k}": 0.01 * (k + 1) * (f + 1) for f in (0, 1) for k in range(4)}
DRAWS = [(place + 0.5) / 4_000 for place in range(4_000)]


def shares(**given):
    """Share of equally spaced draws for which each thing happens in a year."""
    seen = [apply(discipline, u_discipline=u, dt=YEAR, **{**RATES, **given}) for u in DRAWS]
    names = ("investigated", "investigated_faction", "reported", "sanctioned", "removed")
    return {name: sum(bool(one[name]) for one in seen) / len(DRAWS) for name in names}


def test_the_rate_is_that_of_rank_and_faction():
    assert shares()["investigated"] == pytest.approx(1 - exp(-0.01), abs=3e-4)
    assert shares(rank=2, faction=True)["investigated"] == pytest.approx(1 - exp(-0.06), abs=3e-4)


def test_exposure_draws_inspectors():
    assert shares(exposure=0.5)["investigated"] == pytest.approx(1 - exp(-0.01 * 2.0), abs=3e-4)


def test_sanctions_come_in_the_stated_mix():
    seen = shares(inspected_0_0=50.0)
    assert seen["investigated"] == pytest.approx(1.0, abs=3e-4)
    assert seen["removed"] == pytest.approx(0.031, abs=2e-3)
    assert seen["investigated_faction"] == 0
    assert seen["sanctioned"] == pytest.approx(1.0, abs=3e-4)


def test_reports_follow_opposition_and_a_part_leads_to_a_warning():
    seen = shares(report_rate=0.1, opposition=0.6, inspected_0_0=0.0)
    assert seen["reported"] == pytest.approx(1 - exp(-0.06), abs=3e-4)
    assert seen["sanctioned"] == pytest.approx(0.1 * (1 - exp(-0.06)), abs=3e-4)
    assert shares(report_rate=0.1, opposition=0.0)["reported"] == 0


def test_nobody_out_of_reach_is_touched():
    for where in ({"journey": ABROAD}, {"journey": CAUGHT}, {"service": VACANT}, {"vacates": True}):
        assert set(shares(report_rate=5.0, opposition=1.0, inspected_0_0=50.0, **where).values()) == {0}


def test_a_demotion_lowers_the_rank_by_one_and_never_below_the_lowest():
    draw = 0.8  # of the sanctions, beyond the warnings
    given = {"inspected_0_0": 80.0, "inspected_0_1": 80.0, "u_discipline": draw, "dt": YEAR}
    assert apply(discipline, rank=1, **given)["rank"] == 0
    assert apply(discipline, rank=0, **given)["rank"] == 0


def test_the_removed_lose_post_document_and_list_entry_and_the_retired_have_none_to_lose():
    draw = 0.94  # warning .715 + demotion .219 = .934; removal up to .965
    given = {"inspected_0_0": 80.0, "u_discipline": draw, "dt": YEAR, "document": VALID}
    gone = apply(discipline, service=SERVING, **given)
    assert (gone["service"], gone["document"], bool(gone["vacates"])) == (VACANT, 0, True)
    assert not gone["listed_sanctioned"]
    old = apply(discipline, service=RETIRED, **given)
    assert (old["service"], old["document"], bool(old["listed_sanctioned"])) == (RETIRED, VALID, True)


def test_the_jailed_are_held_for_their_time_and_listed():
    held = apply(discipline, inspected_0_0=80.0, u_discipline=0.99, dt=YEAR)
    assert (held["journey"], held["timer"], bool(held["listed_sanctioned"])) == (CAUGHT, 104, True)


def test_whoever_an_audit_found_is_sanctioned():
    assert apply(discipline, found_out=True, u_discipline=0.99)["sanctioned"]


def test_switched_off_nobody_is_investigated_or_reported():
    assert set(shares(discipline_on=0.0, report_rate=5.0, opposition=1.0, inspected_0_0=50.0).values()) == {0}
    quiet = apply(discipline, discipline_on=0.0, u_discipline=0.0, journey=HOME)
    assert quiet["journey"] == HOME
