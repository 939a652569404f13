"""The table of parameters."""

from collections import Counter

import numpy as np
import pytest

from exitvoice.documents import read_text
from exitvoice.errors import InputError
from exitvoice.evidence import load_ledger
from exitvoice.scenario import check_priors, derived_anew, load_priors
from exitvoice.scenario.drivers import Mechanisms
from exitvoice.scenario.priors import PriorFile, _check

MECHANISMS = {*Mechanisms.model_fields, "traits"}


def test_every_prior_is_complete():
    for name, prior in load_priors().items():
        assert prior.name == name
        assert prior.low <= prior.default <= prior.high
        assert prior.is_supported
        assert prior.mechanism in MECHANISMS, name
        assert len(prior.title) > 8


def test_names_are_whole_words():
    for name in load_priors():
        assert name == name.lower()
        assert all(len(part) > 1 for part in name.split("_")), name


def test_symbols_are_used_once():
    counts = Counter(prior.symbol for prior in load_priors().values() if prior.symbol)
    assert {symbol for symbol, count in counts.items() if count > 1} == set()


def test_evidence_of_priors_exists():
    assert [str(one) for one in check_priors()] == []


@pytest.mark.parametrize(
    "name",
    [
        "opposition_blocked",
        "opposition_peers",
        "opposition_campaign",
        "conformity_dissent",
        "elite_purge_fear",
    ],
)
def test_disputed_signs_stay_open(name):
    assert load_priors()[name].spans_zero


def test_the_sanction_mix_sums_to_one():
    priors = load_priors()
    mix = [priors[f"sanction_{kind}"].default for kind in ("warning", "demotion", "removal", "custody")]
    assert sum(mix) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            "{name: aa, title: t, unit: share, default: 2, low: 0, high: 1, mechanism: m, assumed: x}",
            "does not hold",
        ),
        (
            "{name: aa, title: t, unit: furlong, default: 0, low: 0, high: 1, mechanism: m, assumed: x}",
            "unknown unit",
        ),
        ("{name: aa, title: t, unit: share, default: 0, low: 0, high: 1, mechanism: m}", "neither evidence"),
        ("{name: aa, title: t, unit: share, low: 0, high: 1, mechanism: m, assumed: x}", "lacks 'default'"),
    ],
)
def test_bad_priors_are_refused(entry, words):
    text = f"format: exitvoice-priors/1\nmodel: m\nparameters:\n  - {entry}\n"
    with pytest.raises(InputError, match=words):
        read_text(text, name="x", model=PriorFile, checks=(_check,))


def test_two_priors_of_one_name_are_refused():
    entry = "{name: aa, title: t, unit: share, default: 0, low: 0, high: 1, mechanism: m, assumed: x}"
    text = f"format: exitvoice-priors/1\nmodel: m\nparameters:\n  - {entry}\n  - {entry}\n"
    with pytest.raises(InputError, match="two parameters are named 'aa'"):
        read_text(text, name="x", model=PriorFile, checks=(_check,))


def test_derived_defaults_are_what_their_statements_give():
    derived = [prior for prior in load_priors().values() if prior.derived]
    assert len(derived) >= 3
    assert all(set(prior.derived.records) <= set(prior.evidence) for prior in derived)
    assert derived_anew(load_ledger()) == {}


def test_the_wish_to_leave_is_half_of_what_the_gdr_gives():
    """The reason given for the default names .0006, .4, .0015, .09 and .01: each from the ledger and the priors."""
    ledger, values = load_ledger(), {name: prior.default for name, prior in load_priors().items()}
    yearly = [ledger.statements[f"gdr-first-applications-{year}"].value for year in range(1977, 1984)]
    applied = sum(yearly) / 7 / 16.7e6
    assert applied == pytest.approx(0.0006, abs=5e-5)
    wishes = applied / 0.4
    assert wishes == pytest.approx(0.0015, abs=1e-4)
    shape, ceiling = values["wish_shape"], values["leaver_ceiling"]
    draws = np.random.default_rng(0).random(400_000)
    wish = np.sqrt(1 - (1 - draws) ** (1 / shape))
    admitted = np.where(draws >= 1 - ceiling, wish, 0).mean()
    assert admitted == pytest.approx(0.09, abs=2e-3)
    assert wishes / (admitted * 1.7) == pytest.approx(2 * values["leave_wish_rate"], rel=0.05)
