"""Worlds and plans of stored results as they would be made today: today's scenario, priors and derived defaults."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from exitvoice.analysis.compare.verify import what_was_compared
from exitvoice.analysis.verify import asked_today
from exitvoice.ensemble import Plan, factors_of
from exitvoice.errors import InputError
from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, derived_changes, load_scenario


def board_world(name: str, ledger: Ledger) -> Scenario:
    """Return the scenario of a board as it stands today, with today's derived defaults."""
    scenario = load_scenario(name)
    anew = derived_changes(scenario, ledger)
    return scenario.with_changes(anew) if anew else scenario


def plan_today(plan: Plan, ledger: Ledger) -> Plan:
    """Return a plan as it would be made today: every point where it lay in the ranges, the ranges as they are now.

    A plan that does not say what was asked for keeps its scenario and its ranges.
    """
    asked: Mapping[str, object] = plan.asked or {}
    world = asked_today(asked, ledger) if asked else plan.scenario
    if isinstance(world, str):
        what, why = world, "an ensemble is made again from what was asked for"
        raise InputError.of(
            "plan.json", what, why=why, mend="make the ensemble again with `exitvoice ensemble`"
        )
    usual = asked.get("vary")
    names = set(usual) if isinstance(usual, list) else set()
    fresh = {factor.path: factor for factor in factors_of(world) if factor.path in names}
    factors, points = list(plan.factors), np.array(plan.points)
    for at, old in enumerate(plan.factors):
        new = fresh.get(old.path, old)
        if (new.low, new.high) != (old.low, old.high):
            points[:, at] = new.low + (points[:, at] - old.low) / (old.high - old.low) * (new.high - new.low)
            factors[at] = new
    return replace(plan, scenario=world, factors=tuple(factors), points=points)


def worlds_today(manifest: Mapping[str, object], folder: Path, ledger: Ledger) -> tuple[Scenario, Scenario]:
    """Return both worlds of a comparison as they stand today; as they stood, where nothing says what was asked for."""
    texts, _, _ = what_was_compared(manifest, folder)
    asked = manifest.get("asked")
    found: list[Scenario] = []
    for place, text in enumerate(texts):
        if not isinstance(asked, list) or len(asked) != 2:
            found.append(Scenario.from_text(text, name=f"{folder}/manifest.json"))
            continue
        world = asked_today(asked[place], ledger)
        if isinstance(world, str):
            why, mend = (
                "a comparison is made again from what was asked for",
                "compare anew with `exitvoice compare`",
            )
            raise InputError.of(folder / "manifest.json", world, why=why, mend=mend)
        found.append(world)
    return found[0], found[1]
