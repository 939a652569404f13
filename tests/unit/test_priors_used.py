"""Every parameter of the library is read by some code of the model or of the scenario's compilers."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from exitvoice.models.exit_control.bounds import BoundRules
from exitvoice.models.exit_control.compiled.told_from import TellingRules
from exitvoice.models.exit_control.institutions.leadership import GridRules, NaiveRules
from exitvoice.models.exit_control.institutions.smoothing import names_of
from exitvoice.models.exit_control.program import THEORIES, exit_control_program
from exitvoice.models.exit_control.rules import Rules
from exitvoice.scenario import load_priors

SOURCE = Path(__file__).parents[2] / "src" / "exitvoice"
KEY = re.compile(r'\bvalues\[\s*"(\w+)"\s*\]')  # as in values["run_fade_weeks"]


def read_by_rules() -> set[str]:
    return {name for theory in THEORIES for name in exit_control_program(theory).signals.parameters}


def read_by_institutions() -> set[str]:
    kinds = [field.type for field in fields(Rules)] + [GridRules, NaiveRules, TellingRules, BoundRules]
    return {name for kind in kinds for name in names_of(kind)}


def read_by_key() -> set[str]:
    modules = [*(SOURCE / "models" / "exit_control").rglob("*.py"), *(SOURCE / "scenario").rglob("*.py")]
    return {name for module in modules for name in KEY.findall(module.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def readers() -> set[str]:
    return read_by_rules() | read_by_institutions() | read_by_key()


def test_every_prior_is_read(readers):
    assert [name for name in load_priors() if name not in readers] == []


@pytest.mark.parametrize("find", [read_by_rules, read_by_institutions, read_by_key])
def test_each_way_of_reading_finds_some_that_the_others_do_not(find):
    others = {read_by_rules, read_by_institutions, read_by_key} - {find}
    assert (find() & set(load_priors())) - {name for other in others for name in other()}


def test_an_unread_name_would_be_seen(readers):
    assert "long_trip_years" not in readers


def test_what_rules_and_keys_read_is_in_the_library_or_made_from_it(readers):
    """A name that the library lacks is a switch, a length of time in steps, or worked out of others."""
    made = {"dt", "office_first", "office_second", "mean_retired_steps", "opposition_period", "opposition_dt"}
    made |= {"leavers_wish", "visit_offices"}
    strange = {
        name
        for name in read_by_rules() | read_by_key()
        if name not in load_priors() and name not in made and not name.endswith(("_on", "_steps"))
    }
    assert strange == set()
