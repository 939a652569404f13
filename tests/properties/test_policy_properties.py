"""Rules of any kind: what must hold of the tables they compile to."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.scenario import Scenario, compile_policy, load_scenario
from exitvoice.scenario.words import FREE_WORD, unpack

BASE = load_scenario("minimal")
DAYS = st.integers(min_value=-400, max_value=900).map(lambda days: date(2020, 1, 1) + timedelta(days=days))
SHARES = st.integers(min_value=0, max_value=20).map(lambda share: share / 20)
QUICK = settings(max_examples=40, deadline=None)


def some(names):
    return st.one_of(st.just("all"), st.lists(st.sampled_from(names), min_size=1, unique=True))


@st.composite
def rules(draw, *, least=1, most=5):
    return [draw(rule(number)) for number in range(draw(st.integers(least, most)))]


@st.composite
def rule(draw, number):
    start, service = draw(DAYS), draw(st.sampled_from(["serving", "retired", "all"]))
    scope = {
        "sectors": draw(some(BASE.sector_names)),
        "ranks": draw(some(BASE.rank_names)),
        "regions": draw(some(BASE.region_names)),
        "service": service,
        "relatives_of_listed": draw(st.booleans()),
    }
    if service == "retired" and draw(st.booleans()):
        scope["years_since_office"] = draw(st.sampled_from([2, 5]))
    chain = ["work_unit", "security_office"][: draw(st.integers(0, 2))]
    found = {
        "id": f"r{number}", "title": "any", "from": start.isoformat(), "applies_to": scope, "assumed": "drawn",
        "ban": draw(st.booleans()), "max_days": draw(st.integers(1, 60)), "coverage": draw(SHARES),
        "trips_per_year": draw(st.sampled_from([None, 1, 2])), "reporting_days": draw(st.sampled_from([None, 5, 20])),
        "custody": draw(st.sampled_from([None, {"within_days": 7}, {"within_days": 60}])),
    }  # fmt: skip
    if chain:
        found["approval"] = {"chain": chain, "opaque": draw(st.booleans())}
    if draw(st.booleans()):
        found["announced"] = (start - timedelta(days=draw(st.integers(0, 200)))).isoformat()
    if draw(st.booleans()):
        found["until"] = (start + timedelta(days=draw(st.integers(1, 600)))).isoformat()
    return found


def world(drawn) -> Scenario:
    return BASE.with_changes({"rules": drawn})


STEPS = st.integers(0, 104)


@QUICK
@given(rules(), STEPS)
def test_tables_have_their_form(drawn, step):
    table = compile_policy(world(drawn)).at(step)
    assert (np.diff(table.breakpoints, axis=1) <= 0).all()
    for array in (table.breakpoints, table.run, table.force):
        assert (array >= 0).all() and (array <= 1).all()
    assert (table.words[:, 0] == FREE_WORD).all()
    assert not table.run[:, 0].any()
    assert (table.force > 0).all()


@QUICK
@given(rules(least=2), STEPS)
def test_more_zeal_is_never_milder(drawn, step):
    """From level to level every field stays or gets stricter."""
    table = compile_policy(world(drawn)).at(step)
    levels = np.moveaxis(table.words, 1, 0).reshape(table.words.shape[1], -1)
    for before, after in zip(levels, levels[1:], strict=False):
        for low, high in {(int(a), int(b)) for a, b in zip(before, after, strict=True)}:
            mild, strict = unpack(low), unpack(high)
            for flag in ("covered", "approval", "ban", "custody", "opaque"):
                assert strict[flag] >= mild[flag]
            assert strict["trips_per_year"] <= mild["trips_per_year"]
            assert strict["trip_weeks"] <= mild["trip_weeks"]
            assert strict["offices"] >= mild["offices"]
            for days in ("custody_days", "reporting_days"):
                assert strict[days] <= (mild[days] or 999)


@QUICK
@given(rules(), rule(99), STEPS)
def test_a_rule_that_covers_nobody_changes_no_bit(drawn, idle, step):
    without, with_it = compile_policy(world(drawn)), compile_policy(world([*drawn, idle | {"coverage": 0.0}]))
    if without.thresholds != with_it.thresholds:
        return  # classes of the retired were cut differently, which is a naming of classes, not an effect
    for name in ("breakpoints", "words", "run", "force"):
        assert np.array_equal(getattr(without.at(step), name), getattr(with_it.at(step), name))


@QUICK
@given(rules(), STEPS, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(drawn, step, random):
    shuffled = drawn.copy()
    random.shuffle(shuffled)
    one, two = compile_policy(world(drawn)).at(step), compile_policy(world(shuffled)).at(step)
    assert np.array_equal(one.breakpoints, two.breakpoints)
    for zeal in (
        0.01,
        0.33,
        0.72,
        0.99,
    ):  # levels between two equal coverages may differ; no unit ever has one
        for stratum in range(4):
            level = int((one.breakpoints[stratum] > zeal).sum())
            assert np.array_equal(one.words[stratum, level], two.words[stratum, level])
            assert np.array_equal(one.run[stratum, level], two.run[stratum, level])


@QUICK
@given(rule(0), STEPS)
def test_nothing_happens_before_the_announcement(drawn, step):
    table = compile_policy(world([drawn])).at(step)
    known = date.fromisoformat(drawn.get("announced", drawn["from"]))
    last_day = BASE.grid.date_of(step + 1) - timedelta(days=1)
    if last_day < known:
        assert (table.words == FREE_WORD).all()
        assert not table.run.any() and not table.breakpoints.any()


@QUICK
@given(rules())
def test_equal_activity_gives_one_table(drawn):
    book = compile_policy(world(drawn))
    for step in range(1, 105):
        before, now = book.at(step - 1), book.at(step)
        same = all(
            np.array_equal(getattr(before, name), getattr(now, name))
            for name in ("breakpoints", "words", "run", "force")
        )
        activity = [(book.coverage[at] * (1 + book.in_force[at])).tolist() for at in (step - 1, step)]
        if activity[0] == activity[1] and not now.run.any() and not before.run.any():
            assert before is now
        assert same or before is not now
