"""What a run rests on, as hashes; and what is named when it changes."""

import dataclasses

import pytest

from exitvoice.evidence import load_ledger
from exitvoice.results.provenance import rests_on, stale, stale_parts
from exitvoice.scenario import load_priors, load_scenario
from exitvoice.scenario.parts import differing_parts


@pytest.fixture(scope="module")
def china():
    return load_scenario("china-2024")


def test_a_run_rests_on_statements_claims_sources_and_every_prior(china) -> None:
    found = rests_on(china, load_ledger())
    assert set(found) == {"statements", "claims", "sources", "priors"}
    assert set(found["priors"]) == set(load_priors())
    assert "C3" in found["claims"]
    assert all(found.values())


def test_a_changed_statement_is_named_and_nothing_else(china) -> None:
    ledger = load_ledger()
    then = rests_on(china, ledger)
    name = next(iter(then["statements"]))
    other = ledger.statements[name].model_copy(update={"note": "we read it again"})
    changed = dataclasses.replace(ledger, statements={**ledger.statements, name: other})
    assert [str(one) for one in stale(then, rests_on(china, changed))] == [f"statement {name}: changed"]


def test_a_statement_that_nobody_rests_on_makes_nothing_stale(china) -> None:
    ledger = load_ledger()
    then = rests_on(china, ledger)
    idle = next(name for name in ledger.statements if name not in then["statements"])
    fewer = {name: record for name, record in ledger.statements.items() if name != idle}
    assert stale(then, rests_on(china, dataclasses.replace(ledger, statements=fewer))) == ()


def test_an_invented_world_rests_on_no_claim() -> None:
    assert rests_on(load_scenario("minimal"), load_ledger())["priors"]


def test_what_is_new_and_what_is_gone_is_said() -> None:
    found = stale({"claims": {"C1": "a"}}, {"claims": {"C2": "a"}})
    assert [str(one) for one in found] == ["claim C1: is gone", "claim C2: is new"]


def test_parts_of_a_scenario_go_by_the_paths_that_a_person_writes() -> None:
    world = load_scenario("minimal")
    other = world.with_changes({
        "rules.custody.coverage": 0.5, "sectors.clerks.travel": 2.0, "rules.consent": None, "theory": "epstein",
    })  # fmt: skip
    wanted = ["sectors.clerks.travel", "rules.consent", "rules.custody.coverage", "theory"]
    assert list(differing_parts(world.tree, other.tree)) == wanted
    assert [one.name for one in stale_parts(world, other)] == wanted


def test_parts_without_names_are_one_part() -> None:
    assert list(differing_parts({"a": [1, 2]}, {"a": [1, 3]})) == ["a"]
    assert list(differing_parts({"a": {"b": 1}}, {"a": 2})) == ["a"]
