"""The page of two worlds: complete, safe, the human cost first, and nothing in it that is not in the numbers."""

import json
import re
from dataclasses import replace

import pytest

from exitvoice.analysis.compare import COST, twins
from exitvoice.analysis.follow import follow
from exitvoice.analysis.paired import Reduction
from exitvoice.evidence import load_ledger
from exitvoice.report.changed_rows import changed_table, comparison_tips
from exitvoice.report.comparison import notices, render_comparison
from exitvoice.report.difference_rows import (
    DifferenceRow,
    group_rows,
    interval,
    outcome_rows,
    saved,
    signed,
    year_rows,
)
from exitvoice.scenario import load_scenario
from model_worlds import APPROVAL, rule, world

BOUND = {"rules": [rule("consent", "2001-06-01", **APPROVAL)]}
HOSTILE = "<script>alert(1)</script> & 'quotes\""


@pytest.fixture(scope="module")
def comparison():
    return twins(world(), world(BOUND), scale=0.1, replications=3, threads=1)


@pytest.fixture(scope="module")
def page(comparison):
    lives = follow(*comparison.worlds, lives=2, scale=0.1, threads=1)
    assert lives
    return render_comparison(
        comparison,
        ledger=load_ledger(),
        names=("as it is", HOSTILE),
        command="exitvoice compare",
        lives=lives,
    )


def chapters(page):
    return re.findall(r'<section id="([a-z-]+)"', page)


def test_the_human_cost_comes_first(page):
    assert chapters(page)[:2] == ["cost", "worlds"]
    assert chapters(page)[-3:] == ["everything", "lives", "again"]
    assert page.index("person-years without freedom to leave") < page.index('id="worlds"')


def test_every_figure_has_its_data_and_its_reading(page):
    figures = re.findall(r'data-figure="([a-z-]+)"', page)
    assert {"over-time-unfree-person-years", "by-sector-unfree-person-years"} <= set(figures)
    assert len(figures) == len(set(figures))
    for key in figures:
        text = re.search(rf'id="figure-{key}">(.*?)</script>', page, re.DOTALL)
        assert text and json.loads(text.group(1))["data"]


def test_the_page_fetches_nothing_and_hostile_texts_stay_texts(page):
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href)="(?!#|data:)', own)
    assert "default-src 'none'" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_worlds_differ_in_what_was_changed(page):
    assert "what differs in the scenario" in page
    assert re.search(r"<dd>rules(\.consent)?</dd>", page)


def test_a_page_without_lives_has_no_chapter_of_them(comparison):
    page = render_comparison(comparison, ledger=load_ledger(), names=("A", "B"), command="x")
    assert "lives" not in chapters(page)


def test_identical_worlds_are_said_to_be_identical():
    same = twins(world(), world(), scale=0.02, replications=2, threads=1)
    page = render_comparison(same, ledger=load_ledger(), names=("A", "B"), command="x")
    assert "identical, bit by bit" in page
    assert "Both worlds cost the same." in page


def test_until_when_the_worlds_are_one_is_said(comparison):
    assert any("Until 2001-05-28" in notice for notice in notices(comparison)), comparison.first_difference
    other = twins(world(), world({"sectors.clerks.opposition": 0.4}), scale=0.02, replications=1, threads=1)
    assert "The two worlds differ from the first step on." in notices(other)


def test_rows_begin_with_the_human_cost_and_agree_with_the_comparison(comparison):
    rows = outcome_rows(comparison)
    assert rows[0].name == COST
    assert len({row.name for row in rows}) == len(comparison.outcomes)
    assert rows[0].is_clear
    assert rows[0].mean == pytest.approx(rows[0].second - rows[0].first)
    sectors = group_rows(comparison, COST, "sector")
    assert abs(sectors[0].mean) >= abs(sectors[-1].mean)
    assert sum(row.mean for row in sectors) == pytest.approx(rows[0].mean)
    assert sum(mean for _, mean, _, _ in year_rows(comparison)) == pytest.approx(rows[0].mean, rel=1e-5)


def row(mean, low, high, first=100.0):
    return DifferenceRow("x", "x", "1", first, first + mean, mean, low, high)


def test_rounding_is_no_difference():
    assert row(1e-6, -1e-6, 1e-6).is_nothing
    assert not row(0.0, -1.0, 1.0).is_nothing
    assert interval(row(0.0, 0.0, 0.0)) == "no difference"
    assert row(1.0, 0.5, 1.5).is_clear
    assert not row(1.0, -0.5, 1.5).is_clear


def test_words_for_differences():
    assert signed(-1_234_567.0) == "-1.23 million"
    assert interval(row(1.0, float("-inf"), float("inf"))) == "one replication: none"
    assert saved(Reduction(20.0, 2.0, 200.0, 5)) == "20 (2.0 to 200)"
    assert saved(Reduction(float("nan"), 0, 0, 1)) == "-"
    assert saved(Reduction(float("inf"), 0, 0, 5)) == "paired: no spread"


def test_what_differs_says_on_whose_word_it_stands(comparison):
    held = load_scenario("belarus-2023")
    apart = replace(
        comparison, worlds=(held, held.with_changes({"rules.senior-2023": None, "theory": "epstein"}))
    )
    ledger = load_ledger()
    rows = {row[0]: row[1:] for row in changed_table(apart, ledger).rows}
    assert "[belarus-law-2023-05]" in rows["rules.senior-2023"][0]
    assert rows["rules.senior-2023"][1] == "not in this world"
    assert set(rows["theory"]) == {"a choice of whoever compares; it names no source"}
    assert "belarus-law-2023-05" in comparison_tips(apart, ledger).words
