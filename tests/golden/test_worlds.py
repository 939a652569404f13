"""The library's worlds: what a small run of each says, and that a changed world says something else."""

from pathlib import Path

import pytest

from exitvoice.evidence import Ledger, Support, load_ledger, support_faults
from exitvoice.scenario import check_support, list_scenarios, load_scenario, supports
from support_golden import SETTINGS, differences, figures, world

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"minimal", "china-2024"}  # held by tests of their own


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def test_every_world_of_the_library_has_a_golden_summary() -> None:
    assert set(list_scenarios()) - ELSEWHERE == set(SETTINGS)


def test_every_world_stands_in_the_readme_and_on_its_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "reference" / "comparative-worlds.md").read_text(encoding="utf-8")
    for name in SETTINGS:
        assert f"| `{name}` |" in readme
        assert f"`{name}`" in page


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_value_names_evidence_or_says_that_it_is_assumed(name: str, ledger: Ledger) -> None:
    scenario = load_scenario(name)
    listed = [Support(path, block.evidence, block.assumed) for path, block in supports(scenario).items()]
    assert support_faults(ledger, listed) == ()
    assert check_support(scenario, ledger) == ()
    assert all(rule.coverage_assumed or rule.evidence for rule in scenario.rules)
    assert all(block.is_supported for block in scenario.parameters.values())


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_small_run_agrees_with_its_golden_summary(name: str) -> None:
    assert differences(name, figures(world(name), seed=1, scale=SETTINGS[name][0])) == []


def test_a_rule_that_ends_a_year_later_is_noticed() -> None:
    """Negative control: the white card until January 2014."""
    later = world("cuba-2013").with_changes({"rules.white-card.until": "2014-01-14"})
    found = "\n".join(differences("cuba-2013", figures(later, seed=1, scale=SETTINGS["cuba-2013"][0])))
    assert "person_years" in found
    assert "departures_permitted" in found


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_world_without_its_rules_is_noticed(name: str) -> None:
    """Negative control for each world."""
    free = world(name).with_changes({"rules": []})
    found = "\n".join(differences(name, figures(free, seed=1, scale=SETTINGS[name][0])))
    assert "person_years" in found
