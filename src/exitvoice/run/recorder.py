"""Notes down each step as labelled numbers of real persons."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.models.exit_control import Model, StepRecord
from exitvoice.models.exit_control.columns import OFFICES
from exitvoice.models.exit_control.people import TOO_FEW
from exitvoice.models.exit_control.state import LEAVES, VISITS
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
CELLS = (*STOCKS, *AWAY, *FLOWS, *DISPLAYS, *DERIVED)


class Recorder:
    """Arrays over all steps, filled one step at a time."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.ranks = len(model.scenario.ranks)
        steps = model.steps
        cells = (steps, model.people.sectors, self.ranks)
        self.cells = {v.name: np.zeros(cells, np.float32) for v in CELLS}
        self.sectors = {v.name: np.zeros((steps, model.people.sectors), np.float32) for v in SECTORS}
        self.nation = {v.name: np.zeros(steps, np.float64) for v in NATION}
        self.regions = {v.name: np.zeros((steps, model.people.regions), np.float64) for v in REGIONS}

    def note(self, now: int, record: StepRecord) -> None:
        """Take down step `now`."""
        self._cells(now, record)
        self._nation(now, record)
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

    def _cells(self, now: int, record: StepRecord) -> None:
        cells, dt = self.cells, self.model.dt
        standing = self._by_sector(record.standing.counts)
        week = self._by_sector(record.week.counts)
        events = self._by_sector(record.events.counts)
        display = self._by_sector(record.display.counts)
        for variable in STOCKS:
            tallied, by = (record.week, week) if variable.tally in OF_THE_DAY else (record.standing, standing)
            cells[variable.name][now] = by[:, tallied.stage.places[variable.tally]]
        for variable in (*AWAY, *FLOWS):
            cells[variable.name][now] = events[:, record.events.stage.places[variable.tally]]
        for variable in DISPLAYS:
            cells[variable.name][now] = display[:, record.display.stage.places[variable.tally]]
        persons = cells["persons"][now]
        held = np.maximum(persons, 1e-9)
        queues = [record.events.stage.places[f"queue_{place}"] for place in range(OFFICES)]
        cells["applying"][now] = events[:, queues].sum(axis=1)
        opposition = self._by_sector(record.standing.total("opposition_held")[:, np.newaxis])[:, 0]
        cells["mean_opposition"][now] = opposition / held
        self.sectors["mean_confidence"][now] = record.confidence
        cells["unfree_person_years"][now] = week[:, record.week.stage.places["unfree"]] * dt
        cells["vacant"][now] = self._vacant(persons)

    def _vacant(self, persons: Floats) -> Floats:
        # an empty post keeps no rank, so vacancies are laid to the ranks in proportion to their persons
        people = self.model.people
        posts = (people.simulated * people.weight).reshape(people.sectors, people.regions).sum(axis=1)
        empty = np.maximum(posts - persons.sum(axis=1), 0.0)
        held = np.maximum(persons.sum(axis=1, keepdims=True), 1e-9)
        return np.asarray(empty[:, np.newaxis] * persons / held)

    def _nation(self, now: int, record: StepRecord) -> None:
        state = record.institutions
        decided = float(self.cells["grants"][now].sum() + self.cells["refusals"][now].sum())
        waiting = float(self.cells["applying"][now].sum())
        # Little's law; while nobody decides the wait has no value
        wait = waiting / decided * self.model.dt * WEEKS_PER_YEAR if decided > 0 else float("nan")
        row = {
            "believed_opposition": state.belief.mean,
            "believed_sd": state.belief.sd,
            "true_opposition": state.shown.opposed,
            "reported_opposition": record.reported,
            "perceived_crisis": state.crisis,
            "control": state.control,
            "elite_conflict": state.conflict_level,
            "seen_dissent": state.shown.nation_dissent,
            "mean_wait_weeks": wait if waiting > 0 else 0.0,
            "hope_visit": float(state.hoped[VISITS].mean()),
            "hope_leave": float(state.hoped[LEAVES].mean()),
        }
        for name, value in row.items():
            self.nation[name][now] = value

    def _by_sector(self, by_stratum: NDArray[np.int64] | Floats) -> Floats:
        """Real persons by sector, name and rank, of simulated ones by stratum, name and class."""
        people = self.model.people
        real = by_stratum * people.weight[:, np.newaxis, np.newaxis]
        table = real.reshape(people.sectors, people.regions, *real.shape[1:])
        return np.asarray(np.add.reduce(table, axis=1)[..., : self.ranks])

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
        bound = np.asarray(book.coverage * book.in_force, np.float32)
        groups = (
            (CELLS, ("time", "sector", "rank"), self.cells),
            (SECTORS, ("time", "sector"), self.sectors),
            (NATION, ("time",), self.nation),
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
