"""Words: every field where it belongs, and the strictest wins field by field."""

from functools import reduce

import pytest

from exitvoice.scenario.rules import Rule
from exitvoice.scenario.words import FREE_WORD, strictest, unpack, word_of


def rule(**fields: object) -> Rule:
    return Rule.model_validate(
        {
            "id": "r",
            "title": "r",
            "from": "2020-01-01",
            "applies_to": {},
            "coverage": 1.0,
            "assumed": "test",
            **fields,
        }
    )


def word(*rules: Rule) -> dict[str, int | bool]:
    return unpack(reduce(strictest, (word_of(one) for one in rules), FREE_WORD))


def test_free_word():
    assert unpack(FREE_WORD) == {
        "covered": False, "approval": False, "ban": False, "custody": False, "invalidate": False, "opaque": False,
        "trips_per_year": 3, "custody_days": 0, "trip_weeks": 255, "offices": 0, "reporting_days": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ban": True}, {"ban": True}),
        ({"custody": {"within_days": 30}}, {"custody": True, "custody_days": 30}),
        (
            {"custody": {"within_days": 255}, "invalidate": True},
            {"custody": True, "custody_days": 255, "invalidate": True},
        ),
        ({"approval": {"chain": ["a", "b"]}}, {"approval": True, "offices": 2}),
        (
            {"approval": {"chain": list("abcdefg"), "opaque": True}},
            {"approval": True, "offices": 7, "opaque": True},
        ),
        ({"trips_per_year": 0, "ban": True}, {"trips_per_year": 0, "ban": True}),
        ({"trips_per_year": 2}, {"trips_per_year": 2}),
        ({"max_days": 12}, {"trip_weeks": 2}),
        ({"max_days": 14}, {"trip_weeks": 2}),
        ({"max_days": 15}, {"trip_weeks": 3}),
        ({"max_days": 1778}, {"trip_weeks": 254}),
        ({"reporting_days": 31}, {"reporting_days": 31}),
    ],
)
def test_one_rule(fields, expected):
    assert word(rule(**fields)) == unpack(FREE_WORD) | {"covered": True} | expected


def test_strictest_of_each_field():
    mild = rule(
        custody={"within_days": 90},
        trips_per_year=2,
        max_days=30,
        reporting_days=20,
        approval={"chain": ["a"]},
    )
    harsh = rule(
        custody={"within_days": 5},
        trips_per_year=1,
        max_days=10,
        reporting_days=3,
        approval={"chain": ["a", "b"]},
    )
    assert word(mild, harsh) == word(harsh, mild) == word(harsh)


def test_fields_of_different_rules_join():
    joined = word(
        rule(custody={"within_days": 90}), rule(ban=True), rule(approval={"chain": ["a"], "opaque": True})
    )
    assert joined == unpack(FREE_WORD) | {
        "covered": True, "ban": True, "custody": True, "custody_days": 90, "approval": True, "opaque": True,
        "offices": 1,
    }  # fmt: skip
