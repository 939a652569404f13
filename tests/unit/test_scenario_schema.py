"""Scenarios: loading, values, identity, twins, support."""

import pickle
from datetime import date

import pytest

from exitvoice.errors import InputError
from exitvoice.evidence import load_ledger
from exitvoice.scenario import (
    Scenario,
    check_support,
    list_scenarios,
    load_priors,
    load_scenario,
    scenario_text,
    supports,
)


@pytest.fixture(scope="module")
def minimal() -> Scenario:
    return load_scenario("minimal")


def mistakes(call) -> list[str]:
    with pytest.raises(InputError) as caught:
        call()
    return [f"{one.path}: {one.what}" for one in caught.value.mistakes]


def test_minimal_is_what_its_comments_say(minimal):
    assert minimal.sector_names == ("clerks", "guards")
    assert len(minimal.regions) == 2 and len(minimal.ranks) == 4 and len(minimal.rules) == 2
    assert sum(sector.persons.value for sector in minimal.sectors) == 20_000
    assert minimal.grid.steps * minimal.grid.step_days >= 2 * 365


def test_minimal_names_every_key_of_the_format():
    text = scenario_text("minimal")
    for name in ("shocks",):
        assert name not in text  # what it leaves out on purpose
    for name in Scenario.model_fields:
        assert name in text or name == "shocks"


def test_every_scenario_of_the_library_loads():
    assert "minimal" in list_scenarios()
    for name in list_scenarios():
        assert load_scenario(name).name == name


def test_bare_numbers_and_blocks_mean_the_same(minimal):
    assert minimal.sectors[1].persons.value == 4000
    assert minimal.sectors[1].persons.interval == (4000, 4000)
    assert minimal.sectors[0].persons.interval == (14000, 18000)
    assert minimal.rules[0].coverage[0].share == 0.8
    assert minimal.with_changes({"parameters.run_gain": {"value": 3}}).values["run_gain"] == 3
    assert minimal.with_changes({"parameters.run_gain": 3}).values["run_gain"] == 3


def test_region_shares(minimal):
    assert minimal.region_shares(minimal.sectors[0]) == (0.6, 0.4)
    assert minimal.region_shares(minimal.sectors[1]) == (0.5, 0.5)


def test_values_are_defaults_or_overrides(minimal):
    priors = load_priors()
    assert set(minimal.values) == set(priors)
    twin = minimal.with_changes({"parameters.run_gain": 7.5})
    changed = {name for name, value in twin.values.items() if value != priors[name].default}
    assert changed == {"run_gain"}


def test_scenario_is_frozen(minimal):
    with pytest.raises(ValueError, match="frozen"):
        minimal.theory = "epstein"


def test_file_and_library_give_the_same(tmp_path, minimal):
    file = tmp_path / "copy.yaml"
    file.write_text(scenario_text("minimal"))
    found = load_scenario(file)
    assert found == minimal
    assert found.hash == minimal.hash
    assert found.text == scenario_text("minimal")


def test_hash_knows_content_not_layout(tmp_path, minimal):
    reworded = minimal.with_changes(
        {"rules.consent.assumed": "other words", "sectors.guards.title": "watchmen"}
    )
    assert reworded.hash == minimal.hash and reworded != minimal
    same = "# a comment\n" + scenario_text("minimal").replace("persons: 4000", "persons:   {value: 4.0e3}")
    assert Scenario.from_text(same, name="x").hash == minimal.hash
    hashes = {
        minimal.with_changes(changes).hash
        for changes in (
            {},
            {"parameters.run_gain": 4},
            {"rules.consent.coverage": 0.81},
            {"theory": "epstein"},
            {"mechanisms.career": 0},
            {"clock.step_days": 6},
            {"sectors.guards.persons": 4001},
            {"series.openness_leave": None},
        )
    }
    assert len(hashes) == 8
    assert minimal.with_changes({}).hash == minimal.hash
    assert minimal.with_changes({"title": "Another"}).hash == minimal.hash
    assert minimal.with_changes({"parameters.run_gain": 5}).hash == minimal.hash  # its default


def test_scenario_travels(minimal):
    copy = pickle.loads(pickle.dumps(minimal))
    assert copy == minimal
    assert copy.hash == minimal.hash
    assert copy.with_changes({"theory": "epstein"}).theory == "epstein"


def test_changes_by_name_id_and_block(minimal):
    twin = minimal.with_changes({
        "rules.custody.from": date(2020, 8, 1),
        "rules.custody.coverage": 0.5,
        "sectors.clerks.persons.value": 15_000,
        "sectors.guards.persons.value": 5_000,
        "parameters.censorship": 0.5,
        "events.shortage": None,
        "mechanisms.career": 0,
    })  # fmt: skip
    assert twin.rules[1].start == date(2020, 8, 1)
    assert twin.rules[1].coverage[0].share == 0.5
    assert [sector.persons.value for sector in twin.sectors] == [15_000, 5_000]
    assert twin.events == ()
    assert twin.mechanisms.career == 0.0
    assert minimal.rules[1].start == date(2020, 7, 1)  # the first world is as it was


def test_a_rule_can_be_added_and_taken_away(minimal):
    rule = {
        "id": "ban",
        "title": "t",
        "from": "2021-01-01",
        "applies_to": {},
        "ban": True,
        "coverage": 1,
        "assumed": "x",
    }
    with_ban = minimal.with_changes({"rules.ban": rule})
    assert [one.id for one in with_ban.rules] == ["consent", "custody", "ban"]
    assert with_ban.with_changes({"rules.ban": None}).hash == minimal.hash


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules.consnt.coverage": 1}, "no item is called 'consnt'"),
        ({"rules.consent.covrage": 1}, "unknown key 'covrage'"),
        ({"parameters.kappa_R": 2}, "unknown parameter 'kappa_R'"),
        ({"parameters.run_gain": 99}, "outside the plausible range"),
        ({"theory.kuran": 1}, "holds a single value"),
        ({"clock.end": "2019-01-01"}, "not after its start"),
        ({"sectors.clerks.persons": -1}, "is not allowed here"),
        ({"sectors.clerks.persons": float("nan")}, "not a finite number"),
    ],
)
def test_bad_changes_are_refused(minimal, changes, words):
    assert any(words in one for one in mistakes(lambda: minimal.with_changes(changes)))


def test_twin_has_text_that_can_be_read_again(minimal):
    twin = minimal.with_changes({"parameters.run_gain": 7, "rules.custody.max_days": 9})
    again = Scenario.from_text(twin.text, name="again")
    assert again == twin
    assert again != minimal
    assert len({again, twin, minimal}) == 2
    assert again.tree == twin.tree


@pytest.mark.parametrize("source", ["chima-2024", "no-such"])
def test_unknown_name_lists_the_names(source):
    with pytest.raises(InputError) as caught:
        load_scenario(source)
    assert "minimal" in caught.value.mistakes[0].mend


def test_missing_file_is_not_taken_for_a_name():
    with pytest.raises(InputError, match="no such file"):
        load_scenario("some/folder/minimal")
    with pytest.raises(InputError, match="no such file"):
        load_scenario("minimal.yaml")


def test_every_block_is_supported(minimal):
    found = supports(minimal)
    assert all(block.is_supported for block in found.values())
    assert {
        "sectors.clerks",
        "rules.consent",
        "issuing",
        "series.season",
        "events.shortage",
        "regions.coast",
    } <= set(found)


def test_unknown_evidence_is_named_with_its_place(minimal):
    text = scenario_text("minimal").replace("assumed: an invented rule", "evidence: [no-such-statement]", 1)
    (found,) = check_support(Scenario.from_text(text, name="x"), load_ledger())
    assert found.what == "unknown evidence 'no-such-statement'"
    assert found.path == "rules[1].evidence[1]"
    assert found.line == 1 + text[: text.index("no-such")].count("\n")


def test_the_minimal_world_rests_on_assumptions_only(minimal):
    assert check_support(minimal, load_ledger()) == ()
