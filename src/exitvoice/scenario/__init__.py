"""What is asked: people, dated rules, drivers, assumptions; frozen, checked, compiled to tables."""

from exitvoice.scenario.changes import read_changes
from exitvoice.scenario.derived import derived_anew, derived_changes
from exitvoice.scenario.explain import Binding, demands, explain, who
from exitvoice.scenario.happening import Happening, happenings
from exitvoice.scenario.held import Held, HeldBy, HeldSector, held_on
from exitvoice.scenario.load import list_scenarios, load_scenario, scenario_text
from exitvoice.scenario.people import HeadCount, Issuing, Office, Rank, Region, Sector
from exitvoice.scenario.policy import Lay, PolicyBook, PolicyTable, compile_policy
from exitvoice.scenario.priors import Prior, load_priors
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario
from exitvoice.scenario.support import block_at, check_priors, check_support, supports
from exitvoice.scenario.timeline import Timeline, build_timeline

__all__ = [
    "Binding",
    "Happening",
    "HeadCount",
    "Held",
    "HeldBy",
    "HeldSector",
    "Issuing",
    "Lay",
    "Office",
    "PolicyBook",
    "PolicyTable",
    "Prior",
    "Rank",
    "Region",
    "Rule",
    "Scenario",
    "Sector",
    "Timeline",
    "block_at",
    "build_timeline",
    "check_priors",
    "check_support",
    "compile_policy",
    "demands",
    "derived_anew",
    "derived_changes",
    "explain",
    "happenings",
    "held_on",
    "list_scenarios",
    "load_priors",
    "load_scenario",
    "read_changes",
    "scenario_text",
    "supports",
    "who",
]
