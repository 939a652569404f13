"""`--set name=value` from words to values and back."""

import pytest

from exitvoice.cli.settings import as_words, parse_settings
from exitvoice.errors import InputError

FIELDS = {"theory", "control", "clock"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("kappa=2", {"parameters.kappa": 2}),
        ("kappa = 2.5", {"parameters.kappa": 2.5}),
        ("theory=epstein", {"theory": "epstein"}),
        ("mechanisms.discipline=0", {"mechanisms.discipline": 0}),
        ("rules.leaders-1999.ban=true", {"rules.leaders-1999.ban": True}),
        ("rules.leaders-1999.until=null", {"rules.leaders-1999.until": None}),
        ("clock.end=2010-01-01", {"clock.end": "2010-01-01"}),
        ("sectors.a.rank_shares=[0.5, 0.5]", {"sectors.a.rank_shares": [0.5, 0.5]}),
        ("about=a=b", {"parameters.about": "a=b"}),
    ],
)
def test_a_setting_is_read(change: str, expected: dict[str, object]) -> None:
    assert parse_settings([change], fields=FIELDS) == expected


@pytest.mark.parametrize("change", ["kappa", "=2", "kappa=", " = ", ""])
def test_a_setting_that_sets_nothing_is_a_mistake(change: str) -> None:
    with pytest.raises(InputError, match="sets nothing") as caught:
        parse_settings([change], fields=FIELDS)
    assert "--set risk_aversion_tail=1" in str(caught.value)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_settings(["kappa", "x=1", "x=2", "=3"], fields=FIELDS)
    assert len(caught.value.mistakes) == 3


def test_words_give_the_same_settings_again() -> None:
    settings = parse_settings(
        ["kappa=2", "theory=epstein", "rules.a.until=null", "b.c=[1, 2]"], fields=FIELDS
    )
    words = as_words(settings)
    assert words[::2] == ["--set"] * 4
    assert parse_settings(words[1::2], fields=FIELDS) == settings
