"""Lives through two worlds: the most unlike first, told truly, and watching changes nothing."""

import re

import numpy as np
import pytest

from exitvoice.analysis.follow import Meeting, Telling, follow
from exitvoice.analysis.follow.divergence import Divergence
from exitvoice.analysis.follow.lives import _Pair
from exitvoice.analysis.follow.telling import compare_words, shown
from exitvoice.engine.single import Span
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control.columns import CAUGHT, VACANT
from model_worlds import APPROVAL, columns, rule, walk, world

CONSENT = rule("consent", coverage=1.0, **APPROVAL)
BAN = rule("ban", "2001-07-01", ban=True)
SCALE = 0.2
STEPS = 105


@pytest.fixture(scope="module")
def lives():
    base = {"rules": [CONSENT], "parameters.trip_wish_rate": {"value": 6.0, "assumed": "lively"}}
    return follow(
        world(base), world({**base, "rules": [CONSENT, BAN]}), lives=4, seed=3, scale=SCALE, threads=1
    )


def test_the_most_unlike_come_first_and_no_unit_twice(lives):
    assert len(lives) == 4
    assert [life.score for life in lives] == sorted((life.score for life in lives), reverse=True)
    assert len({(life.sector, life.region, life.unit) for life in lives}) == 4


def test_only_numbers_tell_who_it_is(lives):
    assert all(re.fullmatch(r"(clerks|guards)/(north|south) \d+\.\d+\.\d+", life.number) for life in lives)


def test_before_the_change_both_lives_are_one(lives):
    for life in lives:
        assert all(week.is_alike for week in life.weeks if week.day < "2001-06-20")


def test_something_differs_and_every_week_holds_something(lives):
    for life in lives:
        assert life.fates[0] and life.fates[1]
        assert all(week.tellings for week in life.weeks)
        assert any(not week.is_alike for week in life.weeks)
        days = [week.day for week in life.weeks]
        assert days == sorted(set(days))


def test_what_happened_met_its_chance_and_what_did_not_missed_it():
    wishes = [
        {"rules": [CONSENT], "parameters.trip_wish_rate": {"value": v, "assumed": "a test"}}
        for v in (2.0, 4.0)
    ]
    lives = follow(*(world(changes) for changes in wishes), lives=3, seed=3, scale=0.1, threads=1)
    missed = 0
    for telling in (t for life in lives for week in life.weeks for t in week.tellings):
        for meeting in telling.meetings:
            assert meeting.span.is_met, "it happened, so the draw lies inside"
        others = [meeting.other for meeting in telling.meetings]
        if telling.world != "both" and len(others) == 1 and others[0] is not None:
            assert not others[0].is_met, "it did not happen in the twin"
            missed += 1
    assert missed > 0


def test_a_ban_shows_in_the_second_world_alone(lives):
    found = [t for life in lives for week in life.weeks for t in week.tellings]
    assert any(t.world == "B" and t.sentence == "may not leave at all" for t in found)
    late = [
        t
        for life in lives
        for week in life.weeks
        for t in week.tellings
        if week.day > "2001-07-15" and t.sentence.startswith("applies")
    ]
    assert late
    assert all(t.world == "A" for t in late)


def test_a_life_that_begins_otherwise_says_so():
    (life,) = follow(world(), world({"theory": "epstein"}), lives=1, seed=3, scale=0.05, threads=1)
    first = [telling.sentence for telling in life.weeks[0].tellings]
    assert len([sentence for sentence in first if sentence.startswith("begins: ")]) == 2


def test_nobody_is_told_of_where_nothing_differs():
    assert (
        follow(world({"rules": [CONSENT]}), world({"rules": [CONSENT]}), lives=3, scale=0.05, threads=1) == ()
    )


def test_watching_changes_no_bit():
    from exitvoice.analysis.follow.divergence import Seat

    workers = Threads(1)
    pair = _Pair(world({"rules": [CONSENT]}), world({"rules": [CONSENT, BAN]}), 3, 0.05, workers)
    watches = pair.watch((Seat((0, 0), 1, 0, 1.0),))
    pair.begin()
    for now in range(40):
        for watch in watches:
            watch.forget()
        pair.step(now)
    workers.close()
    for place, rules in enumerate(([CONSENT], [CONSENT, BAN])):
        *_, (_, alone, _) = walk(world({"rules": rules}), 40, seed=3, scale=0.05)
        mine = columns(pair.worlds[place])
        for name, values in columns(alone).items():
            assert values.tobytes() == mine[name].tobytes()


def populations():
    _, here, _ = next(walk(world(), 0, scale=0.05))
    _, there, _ = next(walk(world(), 0, scale=0.05))
    return here.population, there.population


def test_the_score_is_that_of_the_unlike_weeks():
    one, other = populations()
    divergence = Divergence(one, other)
    journey = other.get("journey")
    journey[5] = CAUGHT
    other.put("journey", journey)
    for _ in range(3):
        divergence.note(one, other)
    (seat,) = divergence.most_unlike(10)
    assert (seat.units, seat.member, seat.holder) == ((0, 0), 5, 0)
    assert seat.score == pytest.approx(3 * 4.0)  # custody and journey


def test_who_has_gone_counts_most_and_no_longer_than_both_are_gone():
    one, other = populations()
    divergence = Divergence(one, other)
    service = other.get("service")
    service[40] = VACANT
    other.put("service", service)
    divergence.note(one, other)
    mine = one.get("service")
    mine[40] = VACANT
    one.put("service", mine)
    for population in (one, other):
        divergence.note(one, other)
        assert population.units.count > 1
    (seat,) = divergence.most_unlike(10)
    assert seat.score == pytest.approx(4.0)


def test_a_successor_s_life_is_another_one():
    one, other = populations()
    divergence = Divergence(one, other)
    for population in (one, other):
        generation = population.get("generation")
        generation[7] += 1
        population.put("generation", generation)
    divergence.note(one, other)
    journey = one.get("journey")
    journey[7] = CAUGHT
    one.put("journey", journey)
    divergence.note(one, other)
    (seat,) = divergence.most_unlike(1)
    assert (seat.member, seat.holder) == (7, 1)


def test_worlds_with_other_units_are_matched_by_name():
    _, small, _ = next(walk(world(), 0, scale=0.05))
    _, large, _ = next(walk(world(), 0, scale=0.06))
    divergence = Divergence(small.population, large.population)
    assert divergence.posts == small.population.units.members
    divergence.note(small.population, large.population)
    assert divergence.most_unlike(1) == ()


def test_a_sample_is_bounded():
    one, other = populations()
    assert Divergence(one, other, sample=200).posts <= 200
    assert Divergence(one, other).posts == one.units.members


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span("u_journey", 0.0012, 0.0, 0.002), "u_journey .0012 < .0020"),
        (Span("u_list", 0.9999, 0.9, 1.0), "u_list .9999 \u2265 .9000"),
        (Span("u_career", 0.3, 0.25, 0.5), ".2500 \u2264 u_career .3000 < .5000"),
    ],
)
def test_a_draw_is_said_beside_its_chance(span, words):
    assert compare_words(span) == words


def test_why_names_the_twin():
    span, other = Span("u_journey", 0.0012, 0.0, 0.002), Span("u_journey", 0.0012, 0.0, 0.0005)
    told = Telling("A", "leaves with permission", (Meeting(span, other, "at home"),), False)
    assert told.because == "u_journey .0012 < .0020 (in B it takes < .00050)"
    never = Telling("B", "leaves", (Meeting(span, None, "abroad"),), False)
    assert never.because.endswith("(in A, abroad, it could not happen)")
    drawless = Telling("A", "does the least", (Meeting(span, None, "no draw"),), False)
    assert drawless.because.endswith("(in B no draw decides it)")
    gone = Telling("A", "leaves", (Meeting(span, None, ""),), False)
    assert gone.because.endswith("(in B the person is gone)")
    assert Telling("both", "retires", (Meeting(span, span, "at home"),), False).because == compare_words(span)


def test_small_numbers_keep_two_figures():
    assert shown(3.4e-6) == ".0000034"
    assert np.isclose(float(shown(0.4999)), 0.4999)
