"""A study as ensembles: one at the defaults with several seeds, one at points of the prior."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from exitvoice.analysis.patterns.quantities import names_in, quantities_in
from exitvoice.analysis.patterns.schema import Pattern, Quantity, Study
from exitvoice.ensemble import Factor, Plan, Variant, factors_of
from exitvoice.ensemble.designs import latin_hypercube
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario, load_priors, load_scenario

SMALL = "small"
QUICK_SEEDS, QUICK_DRAWS = 2, 4


@cache
def _library_world(name: str) -> Scenario:
    if name == SMALL:
        text = (files("exitvoice") / "library" / "evidence" / "patterns" / "_small.yaml").read_bytes()
        return Scenario.from_text(text, name="_small.yaml")
    return load_scenario(name)


def scenario_of(study: Study) -> Scenario:
    """Return what all worlds of a study start from."""
    scenario = _library_world(study.scenario)
    return scenario.with_changes(dict(study.changes)) if study.changes else scenario


def factors_of_study(study: Study) -> tuple[Factor, ...]:
    """Return what the draws of a study vary: parameters named, and all of the mechanisms named.

    A parameter that the study itself sets is not drawn: its value has a reason of its own. Of a parameter named under
    `within` only that part of the prior is drawn.
    """
    scenario = scenario_of(study)
    chosen = [
        prior.name
        for prior in load_priors().values()
        if prior.low < prior.high
        and prior.name not in scenario.parameters
        and (prior.name in study.vary or prior.mechanism in study.vary)
    ]
    parts = study.within
    return tuple(
        replace(factor, low=parts[factor.name].low, high=parts[factor.name].high)
        if factor.name in parts
        else factor
        for factor in factors_of(scenario, chosen)
    )


def plans_of(pattern: Pattern, study: Study, *, is_quick: bool = False, seed: int = 0) -> dict[str, Plan]:
    """Return the ensembles of a study by name: `defaults`, and `prior` if something varies.

    Parameters
    ----------
    is_quick : bool
        Few seeds and draws: enough to see that everything runs, not to judge.
    """
    scenario = scenario_of(study)
    variants = tuple(Variant(world.name, dict(world.changes)) for world in study.worlds)
    outputs = tuple(dict.fromkeys(name for quantity in _asked(pattern, study) for name in names_in(quantity)))
    seeds = min(study.seeds, QUICK_SEEDS) if is_quick else study.seeds
    plans = {
        "defaults": Plan(
            scenario=scenario, scale=study.scale, seed=_seed(seed, pattern, study, "defaults"),
            variants=variants, replications=seeds, outputs=outputs,
        )
    }  # fmt: skip
    if study.draws:
        factors = factors_of_study(study)
        draws = min(study.draws, QUICK_DRAWS) if is_quick else study.draws
        points = latin_hypercube(factors, draws, seed=_seed(seed, pattern, study, "points") % 2**32)
        plans["prior"] = Plan(
            scenario=scenario, scale=study.scale, seed=_seed(seed, pattern, study, "prior"),
            variants=variants, factors=factors, points=points, outputs=outputs, design="latin-hypercube",
        )  # fmt: skip
    return plans


def _asked(pattern: Pattern, study: Study) -> Iterable[Quantity]:
    for test in pattern.tests:
        if test.study == study.name:
            yield from quantities_in(test.comparison)
    for curve in pattern.curves:
        if curve.study == study.name:
            yield curve.quantity


def _seed(seed: int, pattern: Pattern, study: Study, part: str) -> int:
    return int(content_hash({"pattern": [str(seed), pattern.pattern, study.name, part]})[:12], 16)
