"""Watchlist: four reasons to be listed, kept apart, each with its own way on and off.

    covered      on at 1/list lag while a rule binds; off at delist_lapsed_rate once none does
    applied      on when an application is noted (journey); off at delist_lapsed_rate once no rule binds
    sanctioned   on with a sanction (discipline); off at delist_sanctioned_rate
    error        on at false_entry_rate; off at error_clear_rate

Source: notes on the exit half, trap 5 (one bit for all reasons stopped 9 % of free travellers in the year
after a rule was lifted); Turkey's lists by group.
"""

from exitvoice.engine.mathematics import probability
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import VACANT


@rule(writes=("listed_covered", "listed_applied", "listed_sanctioned", "listed_error"))
def watchlist(
    listed_covered,
    listed_applied,
    listed_sanctioned,
    listed_error,
    service,
    renewed,
    restricted,
    u_list,
    list_lag_weeks,
    delist_lapsed_rate,
    delist_sanctioned_rate,
    false_entry_rate,
    error_clear_rate,
    watchlist_on,
    policy_force,
    dt,
):
    """Entries and deletions of one step; both ends of one draw serve rare and common changes."""
    enters = u_list < policy_force * probability(watchlist_on * 52.18 / list_lag_weeks, dt)
    lapses = u_list < probability(delist_lapsed_rate, dt)
    forgiven = u_list < probability(delist_sanctioned_rate, dt)
    mistaken = u_list > 1.0 - probability(watchlist_on * false_entry_rate, dt)
    cleared = u_list < probability(error_clear_rate, dt)
    person = (service != VACANT) & (not renewed)
    covered = (listed_covered == 1) & (not (lapses & (not restricted))) | (restricted & enters)
    applied = (listed_applied == 1) & (not (lapses & (not restricted)))
    sanctioned = (listed_sanctioned == 1) & (not forgiven)
    error = ((listed_error == 1) & (not cleared)) | mistaken
    return covered & person, applied & person, sanctioned & person, error & person
