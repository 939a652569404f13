"""Twin worlds share every draw: whoever a change does not touch lives the same life, bit by bit.

Everything is compared bit by bit: no chance of a false alarm. Each property has a control in which a change that does
touch somebody is seen.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exitvoice.analysis.compare import first_difference, twins
from model_worlds import APPROVAL, all_off, columns, only_sector, rule, run, walk, world

SCALE = 0.05
CUSTODY = {"custody": {"within_days": 20}}


def idle_changes():
    """Interventions that touch nobody."""
    never = st.sampled_from(["2003-06-01", "2010-01-01"])
    terms = st.sampled_from([APPROVAL, CUSTODY, {"ban": True}])
    return st.one_of(
        st.builds(lambda t: {"rules": [rule("idle", coverage=0.0, **t)]}, terms),
        st.builds(lambda day, t: {"rules": [rule("later", day, announced=day, **t)]}, never, terms),
        st.just({"title": "the same world under another name"}),
    )


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=idle_changes(), seed=st.integers(0, 2**32))
def test_an_intervention_that_touches_nobody_changes_no_bit(changes, seed):
    found = twins(world(), world(changes), seed=seed, scale=0.02, replications=1, threads=1)
    assert found.is_identical
    assert not found.difference("unfree_person_years").mean.any()


def test_control_a_rule_on_one_unit_in_a_hundred_is_seen():
    touched = world({"rules": [rule("few", coverage=0.05, **APPROVAL)]})
    assert not twins(world(), touched, scale=0.2, replications=1, threads=1).is_identical


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(week=st.integers(1, 90), seed=st.integers(0, 2**32))
def test_before_the_announcement_the_twins_are_identical(week, seed):
    announced = np.datetime64("2001-01-01") + 7 * week
    start = announced + 28
    later = rule("later", str(start), announced=str(announced), **APPROVAL)
    one = run(world(), seed=seed, scale=SCALE)
    other = run(world({"rules": [later]}), seed=seed, scale=SCALE)
    day = first_difference(one, other)
    assert day == "" or np.datetime64(day) >= announced
    assert week > 80 or day != "", "a rule on everybody is seen in the end"


@pytest.mark.parametrize(
    "theory", ["kuran", "epstein", pytest.param("self_censorship", marks=pytest.mark.long)]
)
def test_adding_one_unit_changes_nobody_else(theory):
    """Without institutions that add everybody up, the others' columns are the same bits in every step."""
    alone = all_off("career", "document", "watchlist", "journey", "opposition")
    base = {**only_sector(persons=640), "theory": theory, **alone, "rules": [rule("consent", **CUSTODY)]}
    few = walk(world(base), 30)
    many = walk(world({**base, **only_sector(persons=672)}), 30)
    seen = False
    for (model, here, _), (_, there, _) in zip(few, many, strict=True):
        members = model.people.units.members
        assert members == 640
        for name, values in columns(here).items():
            assert values.tobytes() == columns(there)[name][:members].tobytes(), name
        seen = seen or bool(here.population.get("journey").any())
    assert seen, "somebody set out, or the test would say nothing"


def test_control_another_seed_changes_everybody():
    base = world({**only_sector(persons=640), **all_off("career")})
    (_, one, _), (_, other, _) = next(walk(base, 1, seed=1)), next(walk(base, 1, seed=2))
    assert columns(one)["opposition"].tobytes() != columns(other)["opposition"].tobytes()
