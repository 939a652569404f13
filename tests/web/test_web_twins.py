"""Twins with several changes in one order: as many as one likes, by a form that works without scripts."""

import re
from datetime import date

import pytest

from exitvoice.scenario import Scenario, load_priors, load_scenario
from exitvoice.web.jobs import Store
from exitvoice.web.pages.changes import Changes
from support_page import serving, visitor

MINIMAL, PRIORS = load_scenario("minimal"), load_priors()
MANY = {
    "one": "minimal", "rule": ["custody", "consent"], "deed": ["out", "from"], "day": ["", "2020-03-01"],
    "assumption": ["opposition_shift", "dissent_price"], "value": ["0.4", "50"],
    "more_changes": "rules.consent.coverage: 0.5\ntheory: epstein",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("twins")) as server:
        yield server


def test_all_changes_reach_world_b_and_none_reaches_world_a(page):
    with visitor(page) as client:
        answer = client.post("/twins", data=MANY)
        assert answer.status_code == 303
        job = answer.headers["location"].removeprefix("/jobs/")
        title = client.get("/jobs").text
    order = Store(page.folder).order(job)
    first, second = (Scenario.from_text(text, name="a world") for text in order.texts)
    assert first.tree == MINIMAL.tree
    assert [rule.id for rule in second.rules] == ["consent"]
    assert second.rules[0].start == date(2020, 3, 1) and second.rules[0].coverage[0].share == 0.5
    assert second.values["opposition_shift"] == 0.4 and second.theory == "epstein"
    assert second.values["dissent_price"] == 50.0  # outside the plausible range, so somebody says so
    assert "outside" in second.parameters["dissent_price"].assumed
    assert "with 5 changes" in title and "without custody" in order.names[1]


def test_a_rule_of_ones_own_can_be_added(page):
    rule = "rules.mine: {id: mine, title: Mine, from: 2020-03-01, applies_to: {}, ban: true, coverage: 1, assumed: try}"
    with visitor(page) as client:
        job = client.post("/twins", data={"one": "minimal", "more_changes": rule}).headers["location"]
    second = Scenario.from_text(Store(page.folder).order(job.removeprefix("/jobs/")).texts[1], name="a world")
    assert [one.id for one in second.rules] == [*(one.id for one in MINIMAL.rules), "mine"]


def test_a_rule_that_begins_before_anybody_knew_of_it_is_announced_that_day():
    later = MINIMAL.with_changes({"rules.custody.announced": "2020-06-01"})
    changed = Changes((("custody", "from", "2020-02-01"),), ()).of(later, PRIORS)
    assert changed == {"rules.custody.from": "2020-02-01", "rules.custody.announced": "2020-02-01"}


def test_another_row_is_asked_for_without_losing_those_that_are_filled(page):
    with visitor(page) as client:
        text = client.post("/twins", data={**MANY, "more": "rule"}).text
        assert len(re.findall('name="rule"', text)) == 3 and len(re.findall('name="assumption"', text)) == 2
        assert 'value="2020-03-01"' in text and 'value="50"' in text and "theory: epstein" in text
        assert len(re.findall('name="rule"', client.get("/twins", params=MANY).text)) == 2
        long = {**MANY, "more": "rule", "more_changes": "# " + "\u00fc" * 1_990}
        assert client.get("/twins", params=long).status_code == 414
        assert "\u00fc" * 1_990 in client.post("/twins", data=long).text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rule": "nope", "deed": "out"}, "no rule"),
        ({"rule": "custody", "deed": "from", "day": "soon"}, "which day"),
        ({"rule": "custody", "deed": "burn"}, "can be done to a rule"),
        ({"assumption": "nope", "value": "1"}, "no assumption"),
        ({"assumption": "dissent_price", "value": "many"}, "no number"),
        ({"more_changes": "a: [1"}, "changes in words"),
        ({"rule": ["custody"] * 13}, "at most 12"),
        ({}, "Nothing differs yet"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(page, given, says):
    with visitor(page) as client:
        answer = client.post("/twins", data={"one": "minimal", **given})
    assert answer.status_code == 422 and says in answer.text
