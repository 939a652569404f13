"""Watchlist: four reasons kept apart, each with its own way on and off."""

from math import exp

import pytest

from exitvoice.models.exit_control.columns import SERVING, VACANT
from exitvoice.models.exit_control.persons.watchlist import watchlist
from person_rules import YEAR, apply

REASONS = ("listed_covered", "listed_applied", "listed_sanctioned", "listed_error")


def listed(**given):
    return {name for name, value in apply(watchlist, **given).items() if value}


def test_the_restricted_are_listed_at_the_lag():
    edge = 1 - exp(-1)
    week = {"restricted": True, "dt": 4 / 52.18}
    assert listed(u_list=edge - 1e-3, **week) == {"listed_covered"}
    assert listed(u_list=edge + 1e-3, **week) == set()
    assert listed(u_list=0.0, dt=4 / 52.18) == set()


def test_part_of_a_step_in_force_lists_that_part():
    edge = 0.25 * (1 - exp(-1))
    part = {"restricted": True, "dt": 4 / 52.18, "policy_force": 0.25}
    assert listed(u_list=edge - 1e-3, **part) == {"listed_covered"}
    assert listed(u_list=edge + 1e-3, **part) == set()


def test_the_end_of_a_rule_clears_covered_and_applied_only():
    everything = dict.fromkeys(REASONS, 1)
    edge = 1 - exp(-6 / 12)
    month = {"dt": YEAR / 12, "error_clear_rate": 0.0, "delist_sanctioned_rate": 0.0, **everything}
    assert listed(u_list=edge - 1e-3, **month) == {"listed_sanctioned", "listed_error"}
    assert listed(u_list=edge + 1e-3, **month) == set(REASONS)
    assert listed(u_list=edge - 1e-3, restricted=True, **month) == set(REASONS)


def test_sanctions_and_errors_leave_the_list_at_their_own_rates():
    for name, rate in (("listed_sanctioned", 0.3), ("listed_error", 1.0)):
        edge = 1 - exp(-rate)
        assert listed(u_list=edge - 1e-3, dt=YEAR, **{name: 1}) == set()
        assert listed(u_list=edge + 1e-3, dt=YEAR, false_entry_rate=0.0, **{name: 1}) == {name}


def test_false_entries_strike_anybody():
    edge = 1 - exp(-0.0005)
    assert listed(u_list=1 - edge / 2, dt=YEAR) == {"listed_error"}
    assert listed(u_list=1 - 2 * edge, dt=YEAR) == set()


def test_an_empty_post_is_on_no_list():
    assert listed(u_list=0.5, service=VACANT, restricted=True, **dict.fromkeys(REASONS, 1)) == set()


def test_switched_off_nobody_is_entered():
    for draw in (0.0, 0.5, 1.0):
        assert listed(u_list=draw, restricted=True, service=SERVING, watchlist_on=0.0) == set()


@pytest.mark.parametrize("name", REASONS)
def test_entries_stay_while_a_rule_binds(name):
    assert name in listed(u_list=0.99, restricted=True, **{name: 1})
