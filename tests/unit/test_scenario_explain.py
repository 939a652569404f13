"""Who is under which rule on a day."""

from datetime import date

import pytest

from exitvoice.errors import InputError
from exitvoice.scenario import Scenario, demands, explain, happenings, load_scenario, who


@pytest.fixture(scope="module")
def minimal() -> Scenario:
    return load_scenario("minimal")


def ids(found):
    return [one.rule.id for one in found]


def test_rules_appear_when_people_know_of_them(minimal):
    assert ids(explain(minimal, date(2018, 12, 31))) == []
    assert ids(explain(minimal, date(2020, 4, 30))) == ["consent"]
    found = explain(minimal, date(2020, 5, 1))
    assert [(one.rule.id, one.status) for one in found] == [("consent", "in force"), ("custody", "announced")]
    assert explain(minimal, date(2020, 7, 1))[1].status == "in force"


def test_rules_end(minimal):
    twin = minimal.with_changes({"rules.consent.until": "2020-06-01"})
    assert "consent" in ids(explain(twin, date(2020, 5, 31)))
    assert "consent" not in ids(explain(twin, date(2020, 6, 1)))


def test_largest_coverage_first(minimal):
    found = explain(minimal, date(2021, 7, 1))
    assert [one.coverage for one in found] == [0.8, 0.7]


def test_questions_about_one_kind_of_person(minimal):
    day = date(2021, 1, 1)
    assert ids(explain(minimal, day, sector="guards")) == ["consent"]
    assert ids(explain(minimal, day, rank="staff")) == ["consent"]
    assert ids(explain(minimal, day, service="retired")) == ["custody"]  # two years after office
    assert len(explain(minimal, day, sector="clerks", rank="bureau", region="coast", service="serving")) == 2


def test_words(minimal):
    custody = minimal.rules[1]
    assert (
        who(minimal, custody) == "serving; clerks; division, bureau; every region; and 2 years after office"
    )
    assert demands(custody) == (
        "documents handed in within 30 days; consent of work_unit, then security_office, no reasons given; "
        "at most 1 trip a year; at most 12 days a trip; documents back within 10 days"
    )
    assert explain(minimal, date(2021, 1, 1))[0].assumed == "an invented rule"


def test_events_of_a_day(minimal):
    def on(*day, **where):
        return [one.event.id for one in happenings(minimal, date(*day), **where)]

    assert on(2021, 2, 28) == [] == on(2021, 5, 1)
    assert on(2021, 3, 1) == ["shortage"] == on(2021, 4, 30, region="inland")
    assert on(2021, 4, 30, region="coast") == []
    (stand_back, resigns) = happenings(load_scenario("gdr-1989"), date(1989, 10, 20), region="leipzig")
    assert (stand_back.does, stand_back.where) == ("enforcement -0.9", "leipzig")
    assert (resigns.does, resigns.where) == ("goals_met +0.1", "every region")


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [("sector", "clerk", "clerks"), ("rank", "buro", "bureau"), ("region", "coats", "coast")],
)
def test_unknown_names_are_refused(minimal, kind, name, near):
    with pytest.raises(InputError) as caught:
        explain(minimal, date(2021, 1, 1), **{kind: name})
    assert caught.value.mistakes[0].nearest == near
