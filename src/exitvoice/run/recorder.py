"""Notes down each step as labelled numbers of real persons."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.engine import sums
from exitvoice.engine.program import TOTAL_UNITS
from exitvoice.models.exit_control import Model, StepRecord
from exitvoice.models.exit_control.columns import QUEUES
from exitvoice.models.exit_control.people import TOO_FEW
from exitvoice.models.exit_control.state import LEAVES, VISITS
from exitvoice.models.exit_control.world import mean_confidence
from exitvoice.run.variables import (
    AWAY,
    DERIVED,
    DISPLAYS,
    FLOWS,
    NATION,
    REGIONS,
    RULES,
    SECTORS,
    STOCKS,
    Variable,
)
from exitvoice.units import WEEKS_PER_YEAR

Floats = NDArray[np.float64]


OF_THE_DAY = ("is_covered",)  # what the rules of the step's first day say, counted anew each step
UNFREE = ("unfree",)
OPPOSITION = np.zeros(1, np.intp)  # the one total that is held
#: Tallies of a step, by the name they have in its record, and the stage that counts what they count.
TALLIED = {"standing": "start", "week": "week", "events": "events", "display": "start"}
CELLS = (*STOCKS, *AWAY, *FLOWS, *DISPLAYS, *DERIVED)


class Recorder:
    """Arrays over all steps, filled one step at a time; what follows from them is worked out at the end."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.ranks = len(model.scenario.ranks)
        steps = model.steps
        cells = (model.people.sectors, self.ranks)
        self.stages = {name: model.compiled.program.stage(stage) for name, stage in TALLIED.items()}
        self.tallied = {
            name: np.zeros((steps, model.people.sectors, len(stage.counted), self.ranks), np.float32)
            for name, stage in self.stages.items()
        }
        self.unfree, self.applying, self.opposition = (np.zeros((steps, *cells)) for _ in range(3))
        self.felt = np.zeros((steps, 2, len(model.people.weight)))
        self.nation = {v.name: np.zeros(steps, np.float64) for v in NATION}
        self.hoped = np.zeros((steps, 2, model.people.regions))
        self.regions = {v.name: np.zeros((steps, model.people.regions), np.float64) for v in REGIONS}

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is noted down, by name: the arrays themselves, not copies."""
        groups: dict[str, dict[str, NDArray[Any]]] = {
            "tallied": dict(self.tallied),
            "cells": {"unfree": self.unfree, "applying": self.applying, "opposition": self.opposition},
            "strata": {"felt": self.felt},
            "nation": dict(self.nation),
            "regions": {**self.regions, "hoped": self.hoped},
        }
        return {
            f"{group}/{name}": array for group, arrays in groups.items() for name, array in arrays.items()
        }

    def note(self, now: int, record: StepRecord) -> None:
        """Take down step `now`."""
        standing, week, events = record.standing, record.week, record.events
        weight, tallied = self.model.people.weight, self.tallied
        sums.weigh(standing.counts, weight, tallied["standing"][now])
        sums.weigh(week.counts, weight, tallied["week"][now])
        sums.weigh(events.counts, weight, tallied["events"][now])
        sums.weigh(record.display.counts, weight, tallied["display"][now])
        sums.weigh_together(week.counts, week.stage.places_of(UNFREE), weight, self.unfree[now])
        sums.weigh_together(events.counts, events.stage.places_of(QUEUES), weight, self.applying[now])
        sums.weigh_together(standing.totals, OPPOSITION, weight, self.opposition[now])
        self.felt[now] = record.felt
        self.hoped[now] = record.institutions.hoped
        self._nation(now, record)
        self._regions(now, record)

    def _nation(self, now: int, record: StepRecord) -> None:
        state = record.institutions
        row = {
            "believed_opposition": state.belief.mean,
            "believed_sd": state.belief.sd,
            "true_opposition": state.shown.opposed,
            "reported_opposition": record.reported,
            "perceived_crisis": state.crisis,
            "control": state.control,
            "elite_conflict": state.conflict_level,
            "seen_dissent": state.shown.nation_dissent,
        }
        for name, value in row.items():
            self.nation[name][now] = value

    def _regions(self, now: int, record: StepRecord) -> None:
        state = record.institutions
        row = {
            "enforcement": state.force,
            "dissent_share": state.shown.dissent,
            "incident": record.incident,
            "loss_of_control": record.lost,
            "background_exits": state.background.exits,
            "background_passports": state.background.passports,
        }
        for name, values in row.items():
            self.regions[name][now] = values

    def _cells(self, steps: int) -> dict[str, NDArray[np.float32]]:
        """What is told by sector and rank, of the first steps."""
        found = {}
        sources = {"standing": STOCKS, "events": (*AWAY, *FLOWS), "display": DISPLAYS}
        for source, variables in sources.items():
            for variable in variables:
                taken = "week" if variable.tally in OF_THE_DAY else source
                place = self.stages[taken].places[variable.tally]
                found[variable.name] = np.ascontiguousarray(self.tallied[taken][:steps, :, place])
        persons = found["persons"]
        derived = {
            "applying": self.applying[:steps],
            "mean_opposition": self.opposition[:steps] / TOTAL_UNITS / np.maximum(persons, 1e-9),
            "unfree_person_years": self.unfree[:steps] * self.model.dt,
            "vacant": self._vacant(persons),
        }
        return found | {name: values.astype(np.float32) for name, values in derived.items()}

    def _vacant(self, persons: NDArray[np.float32]) -> Floats:
        # an empty post keeps no rank, so vacancies are laid to the ranks in proportion to their persons
        people = self.model.people
        posts = (people.simulated * people.weight).reshape(people.sectors, people.regions).sum(axis=1)
        empty = np.maximum(posts - persons.sum(axis=-1), 0.0)
        held = np.maximum(persons.sum(axis=-1, keepdims=True), 1e-9)
        return np.asarray(empty[..., np.newaxis] * persons / held)

    def _wait(self, cells: dict[str, NDArray[np.float32]]) -> Floats:
        """Mean wait for a decision, in weeks: Little's law; while nobody decides the wait has no value."""
        grants, refusals, applying = (
            cells[name].reshape(len(cells[name]), -1).sum(axis=1)
            for name in ("grants", "refusals", "applying")
        )
        decided, waiting = (grants + refusals).astype(np.float64), applying.astype(np.float64)
        unknown = np.full(len(decided), np.nan)
        wait = np.divide(waiting, decided, out=unknown, where=decided > 0.0) * self.model.dt * WEEKS_PER_YEAR
        return np.where(waiting > 0.0, wait, 0.0)

    def dataset(self, steps: int, attrs: dict[str, object]) -> xr.Dataset:
        """Everything noted down in the first `steps` steps."""
        scenario, book = self.model.scenario, self.model.book
        coords = {
            "time": self.model.timeline.starts[:steps].astype("datetime64[ns]"),
            "sector": list(scenario.sector_names),
            "rank": list(scenario.rank_names),
            "region": list(scenario.region_names),
            "rule": list(book.rule_ids),
        }
        cells = self._cells(steps)
        hoped = self.hoped[:steps].mean(axis=2)
        nation = self.nation | {
            "mean_wait_weeks": self._wait(cells),
            "hope_visit": hoped[:, VISITS],
            "hope_leave": hoped[:, LEAVES],
        }
        confidence = mean_confidence(self.model.people, self.felt[:steps]).astype(np.float32)
        bound = np.asarray(book.coverage * book.in_force, np.float32)
        groups = (
            (CELLS, ("time", "sector", "rank"), cells),
            (SECTORS, ("time", "sector"), {"mean_confidence": confidence}),
            (NATION, ("time",), nation),
            (REGIONS, ("time", "region"), self.regions),
            (RULES, ("time", "rule"), {"rule_coverage": bound}),
        )
        data = {}
        for variables, dimensions, arrays in groups:
            for variable in variables:
                data[variable.name] = (dimensions, arrays[variable.name][:steps], _attrs(variable))
        dataset = xr.Dataset(data, coords=coords, attrs=attrs)
        return dataset.assign_coords(too_few=(("sector", "rank"), self._too_few()))

    def _too_few(self) -> NDArray[np.bool_]:
        people = self.model.people
        simulated = people.simulated.reshape(people.sectors, people.regions).sum(axis=1)
        shares = np.array([sector.rank_shares for sector in self.model.scenario.sectors])
        return np.asarray(simulated[:, np.newaxis] * shares < TOO_FEW)


def _attrs(variable: Variable) -> dict[str, str]:
    return {"units": variable.unit, "long_name": variable.long_name, "source": variable.source}
