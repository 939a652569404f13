"""Small invented worlds for tests of the model, built from YAML text, and ways to run them.

Every world is the text below with changes; parameters out of their plausible range carry a reason, because the
reader of scenarios asks for one. Nothing here describes a real country.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.world import Model, StepRecord, World
from exitvoice.run import simulate
from exitvoice.scenario import Scenario

REASON = "chosen for a test"
SWITCHES = (
    "career", "document", "watchlist", "journey", "opposition", "confidence", "discipline", "expression",
    "offices", "information", "reporting", "leadership", "inspection", "enforcement", "incidents", "loss_of_control",
)  # fmt: skip

TEXT = """
format: exitvoice-scenario/1
name: small
title: A small invented world
about: Made for tests.
clock: {start: 2001-01-01, end: 2003-01-01, step_days: 7}
ranks:
  - {name: staff, title: staff}
  - {name: section, title: section}
  - {name: division, title: division}
  - {name: bureau, title: bureau}
regions:
  - {name: north, title: north, share: 0.5, population: 400000, assumed: chosen for a test}
  - {name: south, title: south, share: 0.5, population: 300000, assumed: chosen for a test}
sectors:
  - name: clerks
    title: clerks
    persons: 12800
    retired_share: 0.2
    unit_size: 32
    rank_shares: [0.7, 0.2, 0.08, 0.02]
    opposition: 0.35
    document_share: 0.5
    assumed: chosen for a test
  - name: guards
    title: guards
    persons: 3200
    retired_share: 0.1
    unit_size: 32
    rank_shares: [0.7, 0.2, 0.08, 0.02]
    enforcer: true
    opposition: 0.25
    document_share: 0.2
    assumed: chosen for a test
offices:
  - name: unit_office
    title: office of the unit
    decisions_per_week_per_1000: 4.0
    handling_weeks: 2
    refusal: 0.15
    refusal_by_rank: 0.1
    opacity: 0.3
    assumed: chosen for a test
  - name: city_office
    title: office of the city
    decisions_per_week_per_1000: 2.0
    handling_weeks: 4
    refusal: 0.3
    refusal_by_rank: 0.1
    opacity: 0.9
    assumed: chosen for a test
  - name: third
    title: third office
    decisions_per_week_per_1000: 2.0
    handling_weeks: 4
    refusal: 0.3
    refusal_by_rank: 0.1
    opacity: 0.9
    assumed: chosen for a test
issuing: {documents_per_week_per_1000: 3.0, assumed: chosen for a test}
"""


def rule(name: str, start: str | None = "2000-01-01", **terms: Any) -> dict[str, Any]:
    """A rule on everybody, serving and retired, in all units; `terms` change or add to it."""
    everybody = {"sectors": "all", "ranks": "all", "regions": "all", "service": "all"}
    scope = everybody | terms.pop("applies_to", {})
    said = {"id": name, "title": name, "applies_to": scope, "coverage": 1.0, "assumed": REASON, **terms}
    said.setdefault("coverage_assumed", REASON)
    return said if start is None else {**said, "from": start}


APPROVAL = {"approval": {"chain": ["unit_office"], "opaque": False}}
TWO_OFFICES = {"approval": {"chain": ["unit_office", "city_office"], "opaque": True}}


@cache
def _small() -> Scenario:
    return Scenario.from_text(TEXT, name="small")


def world(changes: Mapping[str, object] | None = None, /, **parameters: float) -> Scenario:
    """The small world with changes (dotted paths); `parameters` are parameters of the model by name."""
    given = {f"parameters.{name}": {"value": value, "assumed": REASON} for name, value in parameters.items()}
    return _small().with_changes({**(changes or {}), **given})


def switched(**strengths: float) -> dict[str, object]:
    """Changes that set the strengths of mechanisms."""
    return {f"mechanisms.{name}": value for name, value in strengths.items()}


def all_off(*kept: str) -> dict[str, object]:
    """Changes that switch every mechanism off but those that are `kept`."""
    return switched(**{name: 1.0 if name in kept else 0.0 for name in SWITCHES})


def only_sector(persons: float = 100_000, **values: object) -> dict[str, object]:
    """Changes that leave one sector of clerks in one region."""
    clerks = next(dict(sector) for sector in _small().tree["sectors"] if sector["name"] == "clerks")
    region = {"name": "north", "title": "north", "share": 1.0, "population": 10 * persons, "assumed": REASON}
    return {"sectors": [{**clerks, "persons": persons, **values}], "regions": [region]}


def run(scenario: Scenario, *, seed: int = 1, scale: float = 1.0, threads: int = 1) -> xr.Dataset:
    """Results of a whole run."""
    return simulate(scenario, seed=seed, scale=scale, threads=threads).data


def total(data: xr.Dataset, name: str) -> np.ndarray:
    """A variable by time, summed over sectors and ranks."""
    return data[name].sum(["sector", "rank"]).to_numpy().astype(float)


def walk(
    scenario: Scenario, steps: int, *, seed: int = 1, scale: float = 1.0, threads: int = 1
) -> Iterator[tuple[Model, World, StepRecord | None]]:
    """The state of a world at its beginning (record None) and after each step."""
    model = compile_model(scenario, scale=scale, seed=seed)
    workers = Threads(threads)
    try:
        here = begin(model, workers)
        yield model, here, None
        for now in range(steps):
            record = step(model, here, now, workers)
            yield model, here, record
    finally:
        workers.close()


def stage_by_stage(*_: object, **__: object) -> None:
    """Stands where `CompiledProgram.lay` does, so that each stage of a step is called from Python."""


def confidence_of(here: World) -> np.ndarray:
    """Confidence of every person: that of the unit."""
    return np.repeat(here.board.get_unit("confidence"), np.diff(here.population.units.offsets))


def columns(here: World) -> dict[str, np.ndarray]:
    """A copy of every column of a population, and each person's confidence."""
    columns = {name: values.copy() for name, values in here.population.columns.items()}
    return columns | {"confidence": confidence_of(here)}
