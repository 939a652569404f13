"""A counter-example at rest: one file that holds all that is needed to show it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from exitvoice.claims.design import short_name
from exitvoice.claims.schema import Hypothesis
from exitvoice.errors import InputError
from exitvoice.results.folders import clear_errors, write_whole_file
from exitvoice.scenario import Scenario, load_priors

FOLDER, SCENARIO = "counterexamples", "scenario.yaml"
_MOST_BYTES = 2**20
Effects = Mapping[str, float | None]


@dataclass(frozen=True)
class Case:
    """Values of some assumptions at which a claim's answer is another than at the defaults.

    Attributes
    ----------
    hypothesis : Hypothesis
        What was asked.
    worlds : mapping of str to changes
        The worlds that it compares.
    values : mapping of str to float
        By path; every other assumption has its default.
    scale : float
    seed : int
    holds_at_defaults : bool
    at_defaults, turned : mapping of str to float or None
        The effect of each part there and here; None where it is without bound or cannot be measured.
    """

    hypothesis: Hypothesis
    worlds: Mapping[str, Mapping[str, object]]
    values: Mapping[str, float]
    scale: float
    seed: int
    holds_at_defaults: bool
    at_defaults: Effects
    turned: Effects


def write_case(folder: Path, case: Case, scenario: Scenario) -> Path:
    """Write a counter-example, and beside it the scenario of all of them, below the folder of a board."""
    target = folder / FOLDER
    with clear_errors(target):
        target.mkdir(parents=True, exist_ok=True)
    write_whole_file(target / SCENARIO, scenario.text)
    text = TypeAdapter(Case).dump_json(case, indent=1, by_alias=True).decode()
    path = target / f"{case.hypothesis.claim}.json"
    write_whole_file(path, text + "\n")
    return path


def read_case(folder: Path, claim: str) -> tuple[Case, Scenario]:
    """Read a counter-example of a board and its scenario, or raise InputError."""
    path, scenario = folder / FOLDER / f"{claim}.json", folder / FOLDER / SCENARIO
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is larger than any counter-example")
        record = json.loads(path.read_text(encoding="utf-8"))
        # by JSON: what stands there is plain, dates and tuples are made of it
        case = TypeAdapter(Case).validate_json(json.dumps(record))
        text = scenario.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        kept = sorted(other.stem for other in (folder / FOLDER).glob("C*.json"))
        what = f"no counter-example of {claim} can be read here ({problem})"[:300]
        why = "a board keeps one for each claim whose answer some world turns"
        mend = f"name one of: {', '.join(kept)}" if kept else "name a folder that `exitvoice claims` wrote"
        raise InputError.of(path, what, why=why, mend=mend) from problem
    return case, Scenario.from_text(text, name=str(scenario))


def settings_of(values: Mapping[str, float]) -> dict[str, object]:
    """Return values as changes of a scenario; outside the prior they need their reason."""
    priors = load_priors()
    changes: dict[str, object] = {}
    for path, value in values.items():
        prior = priors.get(short_name(path))
        if path.startswith("parameters.") and prior is not None:
            outside = not prior.low <= value <= prior.high
            reason = "The sign is disputed; the prior is made symmetric."
            changes[f"parameters.{prior.name}"] = {"value": value, "assumed": reason} if outside else value
        else:
            changes[path] = value
    return changes


def settings_in(values: Mapping[str, float], world: Mapping[str, object]) -> dict[str, object]:
    """Return values and a world's own changes as one; a value inside a rule that the world takes out is left out."""
    gone = tuple(f"{path}." for path, change in world.items() if change is None)
    staying = {path: value for path, value in values.items() if not path.startswith(gone)}
    return settings_of(staying) | dict(world)
