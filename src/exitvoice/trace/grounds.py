"""On what each verdict rests, as hashes; kept beside a board or beside patterns, so that a change can be named.

A verdict on a claim rests on the claim and its sources, on the data it is held against, on what the scenario names, on
the priors that were varied (with what they name) and on the values of all others. One on a pattern rests on what the
pattern and its worlds name, and on the priors. Patterns hold the model as it is shipped.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from exitvoice.analysis.patterns import Pattern
from exitvoice.analysis.patterns.plan import factors_of_study, scenario_of
from exitvoice.claims.load import Board, parameters_of
from exitvoice.claims.schema import Hypothesis, Worlds
from exitvoice.evidence import Ledger
from exitvoice.hashing import content_hash
from exitvoice.results.folders import write_whole_file
from exitvoice.results.provenance import hash_prior, hashes_of
from exitvoice.scenario import Prior, Scenario, load_priors, supports

FILE = "verdicts-rest-on.json"
_PARAMETERS = "parameters."
Hashes = dict[str, dict[str, str]]


def grounds(board: Board, scenario: Scenario, ledger: Ledger) -> dict[str, Hashes]:
    """Return for each testable claim of a board the hashes of what its verdict rests on, by kind and name."""
    priors = load_priors()
    in_scenario = {name for block in supports(scenario).values() for name in block.evidence}
    return {
        item.claim: _of_one(item, board.worlds, in_scenario, scenario, ledger, priors)
        for item in board.testable
    }


def pattern_grounds(patterns: Iterable[Pattern], ledger: Ledger) -> dict[str, Hashes]:
    """Return for each pattern the hashes of what its verdict rests on, by kind and name."""
    priors = load_priors()
    found: dict[str, Hashes] = {}
    for pattern in patterns:
        worlds = {study.scenario: scenario_of(study) for study in pattern.studies}
        named = {
            name for world in worlds.values() for block in supports(world).values() for name in block.evidence
        }
        named |= {name for part in (*pattern.fixed, *pattern.curves) for name in part.evidence}
        named |= {name for test in pattern.tests for name in test.observed.evidence}
        drawn = {f.name for study in pattern.studies if study.draws for f in factors_of_study(study)}
        found[pattern.pattern] = {
            **hashes_of(ledger, named),
            "priors": {name: _prior(prior, is_varied=name in drawn) for name, prior in priors.items()},
            "scenarios": {name: world.hash for name, world in worlds.items()},
            "hypotheses": {pattern.pattern: content_hash(pattern.model_dump(mode="json"))},
        }
    return found


def write_grounds(folder: Path, found: Mapping[str, Hashes]) -> None:
    """Keep beside a board or patterns what the verdicts rest on."""
    write_whole_file(folder / FILE, json.dumps(found, indent=1, sort_keys=True) + "\n")


def read_grounds(folder: Path) -> dict[str, Hashes]:
    """Read what the verdicts of a folder rest on; empty where nothing was kept or it cannot be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_one(
    hypothesis: Hypothesis,
    worlds: Worlds,
    in_scenario: set[str],
    scenario: Scenario,
    ledger: Ledger,
    priors: Mapping[str, Prior],
) -> Hashes:
    varied = {
        path.removeprefix(_PARAMETERS)
        for path in parameters_of(hypothesis, worlds)
        if path.startswith(_PARAMETERS)
    }
    named = {hypothesis.claim, *in_scenario}
    named |= {name for datum in hypothesis.data for name in datum.evidence}
    named |= {name for prior in varied for name in priors[prior].evidence}
    return {
        **hashes_of(ledger, named),
        "priors": {name: _prior(prior, is_varied=name in varied) for name, prior in priors.items()},
        "scenarios": {scenario.name: scenario.hash},
        "hypotheses": {hypothesis.claim: content_hash(hypothesis.model_dump(mode="json"))},
    }


def _prior(prior: Prior, *, is_varied: bool) -> str:
    return hash_prior(prior) if is_varied else content_hash(prior.default)
