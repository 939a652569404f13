"""Tables: who is bound when, at which coverage, for which fraction of a step."""

import math
from datetime import date, timedelta

import numpy as np
import pytest

from exitvoice.scenario import Scenario, build_timeline, compile_policy, load_scenario
from exitvoice.scenario.words import FREE_WORD, unpack

STAFF, SECTION, DIVISION, BUREAU = range(4)
CLERKS_COAST, CLERKS_INLAND, GUARDS_COAST, GUARDS_INLAND = range(4)
START = date(2020, 1, 1)


def world(*rules: dict[str, object], **changes: object) -> Scenario:
    """Make the minimal world with other rules."""
    complete = [
        {
            "id": f"r{index}",
            "title": "r",
            "from": "2020-03-04",
            "applies_to": {},
            "coverage": 1.0,
            "assumed": "test",
            **rule,
        }
        for index, rule in enumerate(rules)
    ]
    return load_scenario("minimal").with_changes({"rules": complete, **changes})


def about(share: float) -> object:
    """As near as 16 bits keep it."""
    return pytest.approx(share, abs=1 / 65535)


def step_on(day: date) -> int:
    return (day - START).days // 7


def word_at(book, day, *, stratum=0, zeal=0.0, kin=0, service=0, rank=0):
    table = book.at(step_on(day))
    level = int((table.breakpoints[stratum] > zeal).sum())
    return unpack(int(table.words[stratum, level, kin, service, rank]))


def test_shapes_and_types():
    book = compile_policy(world({"ban": True}, {"ban": True, "coverage": 0.3}))
    table = book.at(50)
    assert book.levels == 2
    assert table.breakpoints.shape == (4, 2) and table.breakpoints.dtype == np.float32
    for array, kind in ((table.words, np.uint32), (table.run, np.float32), (table.force, np.float32)):
        assert array.shape == (4, 3, 2, 4, 4) and array.dtype == kind
    assert not table.words.flags.writeable and not table.timings.flags.writeable


def test_nothing_before_everything_after():
    book = compile_policy(world({"ban": True, "until": "2020-05-06"}))
    assert not word_at(book, date(2020, 3, 3))["ban"]
    assert word_at(book, date(2020, 3, 4))["ban"]
    assert word_at(book, date(2020, 5, 5))["ban"]
    assert not word_at(book, date(2020, 5, 6))["ban"]
    assert (book.at(0).words == FREE_WORD).all()


def test_a_rule_older_than_the_clock_binds_from_the_first_step():
    assert word_at(compile_policy(world({"ban": True, "from": "1999-01-01"})), START)["ban"]


def test_scope():
    scope = {
        "sectors": ["clerks"],
        "ranks": ["division", "bureau"],
        "regions": ["inland"],
        "service": "serving",
    }
    table = compile_policy(world({"ban": True, "applies_to": scope})).at(50)
    bound = table.words[:, 1] != FREE_WORD
    assert bound[CLERKS_INLAND][:, 0, DIVISION:].all()
    assert bound.sum() == 2 * 2  # two kinds of kin, two ranks, serving only, one stratum
    assert table.breakpoints[[CLERKS_COAST, GUARDS_COAST, GUARDS_INLAND]].max() == 0.0


def test_service_and_years_since_office():
    retired = {"service": "retired", "years_since_office": 3}
    book = compile_policy(world(
        {"ban": True, "applies_to": retired},
        {"custody": {"within_days": 9}, "applies_to": {"service": "serving"}, "cooling_off_years": 5},
        {"trips_per_year": 1, "applies_to": {"service": "all"}},
        {"max_days": 7, "applies_to": {"service": "retired"}},
    ))  # fmt: skip
    assert book.thresholds == (3.0, 5.0)
    words = [unpack(int(word)) for word in book.at(50).words[0, -1, 0, :, 0]]
    assert [word["ban"] for word in words] == [False, True, False, False]
    assert [word["custody"] for word in words] == [True, True, True, False]
    assert [word["trips_per_year"] for word in words] == [1, 1, 1, 1]
    assert [word["trip_weeks"] for word in words] == [255, 1, 1, 1]


def test_unused_classes_repeat():
    book = compile_policy(world({"ban": True, "applies_to": {"service": "retired", "years_since_office": 3}}))
    assert book.thresholds == (3.0,)
    words = book.at(50).words[0, -1, 0, :, 0]
    assert words[2] == words[3] == FREE_WORD
    assert compile_policy(world({"ban": True})).thresholds == ()


def test_relatives_of_the_listed_bind_kin_only():
    scope = {"relatives_of_listed": True}
    words = compile_policy(world({"ban": True, "applies_to": scope})).at(50).words[0, 1, :, 0, 0]
    assert [unpack(int(word))["ban"] for word in words] == [False, True]


def test_levels_nest_by_coverage():
    book = compile_policy(
        world({"trips_per_year": 2, "coverage": 0.9}, {"trips_per_year": 1, "coverage": 0.2})
    )
    day = date(2021, 1, 1)
    assert [word_at(book, day, zeal=zeal)["trips_per_year"] for zeal in (0.0, 0.19, 0.21, 0.89, 0.91)] == [
        1,
        1,
        2,
        2,
        3,
    ]
    assert book.at(50).breakpoints[0].tolist() == pytest.approx([0.9, 0.2])


def test_coverage_spreads_in_time():
    points = [{"date": "2020-03-04", "share": 0.0}, {"date": "2021-03-03", "share": 0.52}]
    book = compile_policy(world({"ban": True, "coverage": points}))
    shares = [float(book.at(step).breakpoints[0, 0]) for step in range(9, 61)]
    assert np.diff(shares) == pytest.approx(0.01, abs=1e-6)
    assert book.at(104).breakpoints[0, 0] == pytest.approx(0.52)
    assert book.coverage[104, 0] == pytest.approx(0.52)


def test_a_rule_that_covers_nobody_changes_nothing():
    without, idle = (
        compile_policy(world({"trips_per_year": 1})),
        {"ban": True, "announced": "2020-02-01", "coverage": 0.0},
    )
    book = compile_policy(world({"trips_per_year": 1}, idle))
    assert book.levels == without.levels
    for step in range(105):
        for name in ("breakpoints", "words", "run", "force"):
            assert np.array_equal(getattr(book.at(step), name), getattr(without.at(step), name))


def test_dates_off_the_grid_act_for_a_fraction_of_the_step():
    book = compile_policy(world({"ban": True, "from": "2020-03-06", "until": "2020-05-07"}))
    first, last = step_on(date(2020, 3, 6)), step_on(date(2020, 5, 7))
    assert book.at(first).force[0, 1, 0, 0, 0] == about(5 / 7)
    assert book.at(first + 1).force[0, 1, 0, 0, 0] == 1.0
    assert book.at(last).force[0, 1, 0, 0, 0] == about(1 / 7)
    assert book.in_force[first, 0] == pytest.approx(5 / 7)
    assert book.at(first).force[0, 0].min() == 1.0  # level 0: no rule, nothing to scale


def test_force_is_that_of_the_newest_rule_that_binds():
    old = {"trips_per_year": 2, "from": "2019-01-01", "coverage": 0.5}
    new = {"ban": True, "from": "2020-03-06", "applies_to": {"ranks": ["bureau"]}, "coverage": 0.9}
    table = compile_policy(world(old, new)).at(step_on(date(2020, 3, 6)))
    assert table.force[0, 2, 0, 0, BUREAU] == about(5 / 7)
    assert table.force[0, 2, 0, 0, STAFF] == 1.0


def test_announcement_changes_no_word_and_starts_a_run():
    tau = 3.0
    book = compile_policy(world({"ban": True, "announced": "2020-02-05", "from": "2020-04-01"}))
    before, first, second, after = (step_on(date(2020, *day)) for day in ((1, 29), (2, 5), (2, 12), (4, 1)))
    assert book.at(before).run.max() == 0.0
    mean = tau * (1 - math.exp(-1 / tau))  # mean over a week of exp(-t / tau)
    assert book.at(first).run[0, 1, 0, 0, 0] == about(mean)
    assert book.at(second).run[0, 1, 0, 0, 0] == about(mean * math.exp(-1 / tau))
    assert (book.at(first).words == FREE_WORD).all()
    assert book.at(after).run.max() == 0.0
    assert book.at(first).run[0, 0].max() == 0.0


def test_run_goes_on_until_documents_are_handed_in():
    rule = {"custody": {"within_days": 28}, "announced": "2020-02-05", "from": "2020-03-04"}
    book = compile_policy(world(rule))
    assert book.at(step_on(date(2020, 3, 4))).run.max() > 0.0
    assert book.at(step_on(date(2020, 3, 25))).run.max() > 0.0
    assert book.at(step_on(date(2020, 4, 1))).run.max() == 0.0


def test_announcement_inside_a_step_counts_from_its_day():
    whole = compile_policy(world({"ban": True, "announced": "2020-02-05", "from": "2020-04-01"}))
    late = compile_policy(world({"ban": True, "announced": "2020-02-10", "from": "2020-04-01"}))
    step = step_on(date(2020, 2, 5))
    assert 0.0 < late.at(step).run.max() < 2.1 / 7 < whole.at(step).run.max()


def test_rumour_that_never_became_a_rule():
    book = compile_policy(world({"ban": True, "announced": "2020-02-05", "from": None}))
    assert book.at(step_on(date(2020, 2, 5))).run.max() > 0.5
    assert all((book.at(step).words == FREE_WORD).all() for step in range(105))
    assert book.at(100).run.max() == 0.0


def test_run_is_the_highest_of_several():
    rules = (
        {"ban": True, "announced": "2020-02-05", "from": "2020-06-03"},
        {"ban": True, "announced": "2020-03-04", "from": "2020-06-03"},
    )
    both, later = compile_policy(world(*rules)), compile_policy(world(rules[1]))
    step = step_on(date(2020, 3, 4))
    assert both.at(step).run[0, 2, 0, 0, 0] == later.at(step).run[0, 1, 0, 0, 0]


def test_equal_steps_share_one_table():
    book = compile_policy(world({"ban": True}))
    assert book.at(40) is book.at(41) is book.at(100)
    assert book.at(3) is not book.at(40)


def test_parts_that_stay_are_the_same_objects():
    """Whoever hands tables on looks at what is new, and at nothing else."""
    spreading = [{"date": "2020-03-04", "share": 0.0}, {"date": "2021-03-03", "share": 0.52}]
    run = {"ban": True, "announced": "2020-06-03", "from": "2020-09-02", "coverage": 0.9}
    book = compile_policy(world({"trips_per_year": 1, "coverage": spreading}, run))
    before, after = (book.at(step_on(date(2020, 5, day))) for day in (6, 13))
    assert before is not after
    assert before.words is after.words and before.places is after.places and before.timings is after.timings
    known = book.at(step_on(date(2020, 6, 3)))
    assert known.words is not after.words and known.timings is not after.timings
    later = book.at(step_on(date(2020, 6, 10)))
    assert later.words is known.words and later.timings is not known.timings


def test_chains_by_length():
    two = {"approval": {"chain": ["work_unit", "security_office"]}}
    assert compile_policy(world({"approval": {"chain": ["work_unit"]}}, two)).chains == {
        1: ("work_unit",),
        2: ("work_unit", "security_office"),
    }


def test_no_rules_at_all():
    scenario = load_scenario("minimal").with_changes({"rules": []})
    book = compile_policy(scenario, build_timeline(scenario, scenario.grid))
    assert book.levels == 0
    assert book.at(0).breakpoints.shape == (4, 0)
    assert (book.at(0).words == FREE_WORD).all()


def test_foreign_timeline_is_refused():
    scenario = load_scenario("minimal")
    shorter = scenario.with_changes({"clock.end": date(2021, 1, 1)})
    with pytest.raises(ValueError, match="the timeline has"):
        compile_policy(scenario, build_timeline(shorter, shorter.grid))


@pytest.mark.parametrize("days", [1, 3, 7, 14, 30])
def test_person_years_under_a_rule_do_not_depend_on_the_step(days):
    scenario = world({"ban": True, "from": "2020-03-06", "until": "2021-02-11"}, **{"clock.step_days": days})
    book = compile_policy(scenario)
    assert book.in_force[:, 0].sum() * days == pytest.approx((date(2021, 2, 11) - date(2020, 3, 6)).days)
    assert scenario.grid.starts[0] == np.datetime64("2020-01-01")
    assert scenario.grid.date_of(1) == START + timedelta(days=days)
