"""The China scenario: every value says on whose word it stands, and a local notice is not made national."""

from datetime import date

import pytest

from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, Statement, Support, load_ledger, support_faults
from exitvoice.scenario import (
    PolicyTable,
    Scenario,
    build_timeline,
    check_priors,
    check_support,
    compile_policy,
    explain,
    load_scenario,
    supports,
)

PUNISHED_IN_PRIOR_YEAR = 889_000
REGION_STATEMENTS = {
    "east": "population-east-2020",
    "central": "population-central-2020",
    "northeast": "population-northeast-2020",
    "frontier": "population-frontier-2020",
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.fixture(scope="module")
def china() -> Scenario:
    return load_scenario("china-2024")


def support_of(scenario: Scenario) -> list[Support]:
    return [Support(path, block.evidence, block.assumed) for path, block in supports(scenario).items()]


def test_every_rule_headcount_and_parameter_names_evidence_or_assumed(
    china: Scenario, ledger: Ledger
) -> None:
    listed = support_of(china)
    assert len(listed) >= len(china.rules) + len(china.sectors) + len(china.events) + len(china.offices)
    assert support_faults(ledger, listed) == ()
    assert check_support(china, ledger) == ()


def test_every_parameter_of_the_priors_names_known_evidence(ledger: Ledger) -> None:
    assert check_priors(ledger) == ()


@pytest.mark.parametrize(
    "path",
    [
        "rules.tibet-recall-2012",
        "rules.teachers-2018",
        "rules.japan-2025",
        "sectors.security",
        "regions.east",
        "events.spy-case-campaign",
        "offices.work_unit",
    ],
)
def test_a_block_without_support_is_refused(china: Scenario, path: str) -> None:
    """Negative control: take the evidence and the reason away, and the scenario does not load."""
    changes = {f"{path}.evidence": None}
    if supports(china)[path].assumed is not None:
        changes[f"{path}.assumed"] = None
    with pytest.raises(InputError, match="neither 'evidence' nor 'assumed'"):
        china.with_changes(changes)


def test_an_unknown_evidence_is_named_with_the_nearest(china: Scenario, ledger: Ledger) -> None:
    """Negative control for ids: one wrong letter is found."""
    twin = china.with_changes({"rules.leaders-2014.evidence": ["rule-2014-central-notise"]})
    (mistake,) = check_support(twin, ledger)
    assert mistake.nearest == "rule-2014-central-notice"


def test_every_rule_rests_on_evidence_and_says_what_is_assumed_about_coverage(china: Scenario) -> None:
    for rule in china.rules:
        assert rule.evidence, rule.id
        assert rule.coverage_assumed, rule.id


def test_people_are_about_a_hundred_million_with_ten_to_twenty_million_retired(china: Scenario) -> None:
    total = sum(sector.persons.value for sector in china.sectors)
    retired = sum(sector.persons.value * sector.retired_share for sector in china.sectors)
    assert 95e6 < total < 105e6
    assert 10e6 < retired < 20e6
    for sector in china.sectors:
        low, high = sector.persons.interval
        assert low < sector.persons.value < high
        assert sum(sector.rank_shares) == pytest.approx(1.0)
        assert sector.unit_size % 16 == 0
    assert [sector.name for sector in china.sectors if sector.enforcer] == ["security"]


def test_regions_are_those_of_the_census(china: Scenario, ledger: Ledger) -> None:
    regions = {region.name: region for region in china.regions}
    total = sum(region.population for region in china.regions)
    for name, statement_id in REGION_STATEMENTS.items():
        assert regions[name].population == _statement(ledger, statement_id).value
    for region in china.regions:
        assert region.share == pytest.approx(region.population / total, abs=1e-4)


def test_a_local_notice_is_not_made_national(china: Scenario, ledger: Ledger) -> None:
    """A rule that rests on single places starts at three per cent of the units at most."""
    local = [rule for rule in china.rules if _is_local(rule.evidence, ledger)]
    assert len(local) >= 12
    for rule in local:
        assert rule.coverage[0].share <= 0.03, rule.id


def test_no_rule_starts_before_its_first_report(china: Scenario, ledger: Ledger) -> None:
    """Except where one later witness speaks of an earlier practice, which the rule then says."""
    earlier = {"bank-custody-before-2016", "hospitals-2025", "retired-two-years-2025", "village-cadres-2024"}
    for rule in china.rules:
        years = [
            int(_statement(ledger, name).period[:4])
            for name in rule.evidence
            if name.startswith("rule-") and rule.id not in earlier
        ]
        if years:
            assert rule.start is not None
            assert rule.start.year >= min(years), rule.id


def test_inspection_follows_the_persons_punished(china: Scenario, ledger: Ledger) -> None:
    series = china.series.inspection
    assert series is not None
    for point in series.points[1:]:
        punished = _statement(ledger, f"ccdi-punished-{point.date.year}").value
        assert isinstance(punished, float)
        assert point.value == pytest.approx(punished / PUNISHED_IN_PRIOR_YEAR, abs=1e-3)


def test_chains_of_approval_begin_alike(china: Scenario) -> None:
    """A policy table keeps the length of a chain, so every chain must be a beginning of the longest one."""
    chains = {rule.approval.chain for rule in china.rules if rule.approval is not None}
    longest = max(chains, key=len)
    assert all(chain == longest[: len(chain)] for chain in chains)


def test_the_rules_compile_and_tens_of_millions_are_covered_in_june_2024(china: Scenario) -> None:
    timeline = build_timeline(china, china.grid)
    book = compile_policy(china, timeline)
    assert book.thresholds == (2.0, 5.0)
    covered = {day: _covered(china, book.at(china.grid.step_of(date.fromisoformat(day)))) for day in DAYS}
    assert covered["2004-01-01"] < 3e6
    assert 20e6 < covered["2024-06-07"] < 60e6
    assert list(covered.values()) == sorted(covered.values())


def test_explain_names_the_rules_of_a_retired_bureau_chief(china: Scenario) -> None:
    bound = explain(
        china, date(2024, 6, 7), sector="civil_servants", rank="bureau", region="east", service="retired"
    )
    assert {"retired-bureau-2014", "registration-2003-retired"} <= {binding.rule.id for binding in bound}
    assert all(binding.sources for binding in bound)


def test_the_pandemic_cuts_issuing_to_two_per_cent(china: Scenario) -> None:
    timeline = build_timeline(china, china.grid)
    during = china.grid.step_of(date(2021, 3, 1))
    assert timeline.series["issuing"][during].max() == pytest.approx(0.02)


DAYS = ("2004-01-01", "2012-01-01", "2016-01-01", "2021-06-01", "2024-06-07", "2026-02-20")


def _statement(ledger: Ledger, statement_id: str) -> Statement:
    return ledger.statements[statement_id]


def _is_local(evidence: tuple[str, ...], ledger: Ledger) -> bool:
    places = [ledger.statements[name].place for name in evidence if name.startswith("rule-")]
    given = [place for place in places if place is not None]
    wide = ("national", "several", "some", "Tibet", "Xinjiang", "Ili", "central state enterprises")
    return bool(given) and not any(place.startswith(wide) for place in given)


def _covered(china: Scenario, table: PolicyTable) -> float:
    breakpoints, words = table.breakpoints, table.words
    covered = 0.0
    for number, sector in enumerate(china.sectors):
        for place, share in enumerate(china.region_shares(sector)):
            stratum = number * len(china.regions) + place
            edges = [1.0, *breakpoints[stratum], 0.0]
            for level, (upper, lower) in enumerate(zip(edges, edges[1:], strict=False)):
                for rank, rank_share in enumerate(sector.rank_shares):
                    serving = sector.persons.value * (1 - sector.retired_share) * share * rank_share
                    covered += serving * (upper - lower) * (int(words[stratum, level, 0, 0, rank]) & 1)
    return covered
