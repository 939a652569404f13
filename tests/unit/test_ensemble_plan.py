"""The plan: which runs, which seeds, which worlds; and what it refuses before anything runs."""

import json
import shlex

import numpy as np
import pytest

from exitvoice.cli.settings import parse_settings
from exitvoice.ensemble import Factor, Plan, RunKey, Variant, factors_of, run_seed
from exitvoice.errors import InputError
from exitvoice.scenario import load_priors, load_scenario

TAIL = Factor("parameters.risk_aversion_tail", 1.0, 5.0)


@pytest.fixture(scope="module")
def world():
    return load_scenario("minimal")


def plan_of(world, **given):
    usual = {"factors": (TAIL,), "points": [[1.0], [2.5]], "replications": 3, "scale": 0.5, "seed": 9}
    return Plan(world, **(usual | given))


def test_every_run_is_named_once_and_twins_stand_together(world):
    plan = plan_of(world, variants=(Variant(), Variant("free", {"rules.custody": None})))
    keys = list(plan.runs)
    assert len(keys) == len(set(keys)) == plan.size == 12
    assert keys[:2] == [RunKey(0, 0, 0), RunKey(1, 0, 0)]


def test_all_worlds_of_a_replication_share_its_seed(world):
    plan = plan_of(world, variants=(Variant(), Variant("free", {"rules.custody": None})))
    seeds = {}
    for key in plan.runs:
        seeds.setdefault(key.replication, set()).add(plan.seed_of(key))
    assert all(len(found) == 1 for found in seeds.values())
    assert len(frozenset.union(*map(frozenset, seeds.values()))) == 3


def test_the_first_replication_has_the_plans_own_seed_and_neighbours_share_none():
    assert run_seed(0, 0) == 0
    one = {run_seed(1, place) for place in range(200)}
    two = {run_seed(2, place) for place in range(200)}
    assert len(one) == 200
    assert not one & two
    assert all(0 <= seed < 2**64 for seed in one)


def test_a_run_is_the_scenario_at_its_point_and_the_variant_wins(world):
    variant = Variant("bold", {"parameters.risk_aversion_tail": 1.5, "theory": "epstein"})
    plan = plan_of(world, variants=(Variant(), variant))
    assert plan.scenario_of(RunKey(0, 1, 0)).values["risk_aversion_tail"] == 2.5
    changed = plan.scenario_of(RunKey(1, 1, 2))
    assert (changed.values["risk_aversion_tail"], changed.theory) == (1.5, "epstein")


def test_whole_numbers_reach_fields_that_want_them(world):
    plan = plan_of(
        world, factors=(Factor("rules.custody.custody.within_days", 10, 30),), points=[[10.0], [30.0]]
    )
    plan.check()
    rule = next(rule for rule in plan.scenario_of(RunKey(0, 0, 0)).rules if rule.id == "custody")
    assert rule.custody.within_days == 10


def test_without_factors_there_is_one_point_and_the_world_itself(world):
    plan = Plan(world, replications=4)
    assert plan.shape == (1, 1, 4)
    assert plan.scenario_of(RunKey(0, 0, 3)) is world


def test_changes_of_a_variant_keep_their_order_through_a_file(world):
    changes = {"parameters.trip_wish_rate": 1.5, "parameters.leave_wish_rate": 0.01, "control": "scripted"}
    plan = Plan(world, variants=(Variant("changed", changes),))
    text = json.dumps(plan.record(), sort_keys=True)
    again = Plan.from_record(json.loads(text), world)
    assert list(again.variants[0].changes.items()) == list(changes.items())


def test_a_plan_comes_back_from_its_record(world):
    plan = plan_of(world, variants=(Variant("a", {"rules.custody.coverage": 0.5}),), outputs=("dissent",))
    again = Plan.from_record(plan.record(), world)
    assert again.record() == plan.record()
    assert again.begins_like(plan)
    assert Plan.from_record(Plan(world).record(), world).shape == (1, 1, 1)


def test_more_points_continue_a_plan_and_other_points_do_not(world):
    plan = plan_of(world)
    longer = plan.extended([[4.0], [5.0]])
    assert longer.points[:, 0].tolist() == [1.0, 2.5, 4.0, 5.0]
    assert longer.begins_like(plan)
    assert not plan.begins_like(longer)
    assert not plan_of(world, points=[[1.0], [2.0]]).begins_like(plan)
    assert not plan_of(world, seed=1).begins_like(plan)


def test_a_plan_is_frozen(world):
    given = np.array([[1.0], [2.0]])
    plan = plan_of(world, points=given)
    given[0, 0] = 99.0
    assert plan.points[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        plan.points[0, 0] = 2.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"points": [[1.0, 2.0]]}, "shape"),
        ({"points": [[float("nan")]]}, "finite"),
        ({"scale": 0.0}, "scale"),
        ({"seed": -1}, "seed"),
        ({"replications": 0}, "replication"),
        ({"variants": ()}, "variant"),
        ({"variants": (Variant(), Variant())}, "same name"),
    ],
)
def test_parts_that_do_not_fit_are_refused(world, given, said):
    with pytest.raises(ValueError, match=said):
        plan_of(world, **given)


def test_every_mistake_of_variants_and_factors_is_told_before_anything_runs(world):
    plan = plan_of(
        world,
        variants=(
            Variant("typo", {"rules.custdy.coverage": 1}),
            Variant("short", {"clock.end": "2021-01-01"}),
        ),
        factors=(Factor("rules.custody.coverage", 0.0, 2.0),),
        points=[[0.5], [2.0]],
    )
    with pytest.raises(InputError) as caught:
        plan.check()
    told = str(caught.value)
    assert "variant 'typo'" in told
    assert "variant 'short'" in told
    assert "same labels" in told
    assert "factor rules.custody.coverage" in told


def test_the_command_of_a_run_makes_that_run(world):
    nested = {"rules.custody.coverage": [{"date": "2020-07-01", "share": 0.25}], "theory": "epstein"}
    plan = plan_of(world, variants=(Variant("two words", nested),))
    words = shlex.split(plan.replay(RunKey(0, 1, 2), scenario="minimal"))
    assert words[:3] == ["exitvoice", "run", "minimal"]
    assert words[words.index("--seed") + 1] == str(run_seed(9, 2))
    changes = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
    settings = parse_settings(changes, fields=set(type(world).model_fields))
    assert world.with_changes(settings).hash == plan.scenario_of(RunKey(0, 1, 2)).hash


def test_factors_are_what_has_a_range(world):
    factors = factors_of(world)
    assert all(factor.low < factor.high for factor in factors)
    paths = [factor.path for factor in factors]
    assert "sectors.clerks.persons.value" in paths
    assert "parameters.candour_median" not in paths, "its prior is a single value"
    ranged = [name for name, prior in load_priors().items() if prior.low < prior.high]
    assert len(factors) == len(ranged) + 1


def test_factors_are_found_by_short_and_by_long_names(world):
    names = ["sectors.clerks.persons", "run_gain", "parameters.risk_aversion_tail"]
    assert [factor.kind for factor in factors_of(world, names)] == ["head_count", "parameter", "parameter"]


def test_unknown_factors_are_all_told_with_the_nearest_name(world):
    with pytest.raises(InputError) as caught:
        factors_of(world, ["run_gian", "candour_median", "sectors.guards.persons"])
    assert len(caught.value.mistakes) == 3
    assert "did you mean: run_gain" in str(caught.value)
    assert "single value" in str(caught.value)


def test_a_range_that_is_none_is_refused():
    with pytest.raises(ValueError, match="low < high"):
        Factor("x.y", 2.0, 2.0)


def test_every_world_within_the_priors_can_be_built(world):
    for scenario in (world, load_scenario("china-2024")):
        factors = factors_of(scenario)
        ends = [[factor.low for factor in factors], [factor.high for factor in factors]]
        Plan(scenario, factors=factors, points=ends).check()
