"""The defaults in the code are those of the library, so that a test of one is a test of the other."""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from exitvoice.models.exit_control.institutions.background import BackgroundRules
from exitvoice.models.exit_control.institutions.control import ControlRules
from exitvoice.models.exit_control.institutions.enforcement import EnforcementRules
from exitvoice.models.exit_control.institutions.information import CampaignRules
from exitvoice.models.exit_control.institutions.inspection import InspectionRules
from exitvoice.models.exit_control.institutions.leadership import GridRules, NaiveRules
from exitvoice.models.exit_control.institutions.loss_of_control import LossRules
from exitvoice.models.exit_control.institutions.offices import HopeRules
from exitvoice.models.exit_control.institutions.reporting import ReportingRules
from exitvoice.models.exit_control.institutions.smoothing import chosen, names_of

NOT_PRIORS = {"form", "opposed_points", "candour_points"}  # a named alternative, and numerical accuracy
KINDS = [
    BackgroundRules,
    CampaignRules,
    ControlRules,
    EnforcementRules,
    GridRules,
    HopeRules,
    InspectionRules,
    LossRules,
    NaiveRules,
    ReportingRules,
]


@pytest.fixture(scope="module")
def library():
    text = (files("exitvoice") / "library" / "priors" / "exit_control.yaml").read_text(encoding="utf-8")
    return {prior["name"]: prior["default"] for prior in YAML(typ="safe").load(text)["parameters"]}


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_those_of_the_library(kind, library):
    own = {name: getattr(kind(), name) for name in names_of(kind) if name not in NOT_PRIORS}
    assert own == {name: library[name] for name in own}


def test_chosen_takes_its_own_names_and_no_others():
    rules = chosen(ReportingRules, {"report_bias": 0.1, "somebody_elses": 3.0})
    assert rules == ReportingRules(report_bias=0.1)
