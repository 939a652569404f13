"""Notes down each step as labelled numbers of real persons."""

import math
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
Where = tuple[str, str]  # one of `TALLIES`, and a name in it

#: What is weighed in each step, side by side, and the stage that counts what it counts.
TALLIES = {"standing": "start", "week": "week", "events": "events", "display": "start", "totals": "start"}
OF_THE_DAY = ("is_covered",)  # what the rules of the step's first day say, counted anew each step
#: Where what is added up or divided before it is told is taken from: more is made of it than 32 bits allow.
EXACT = {
    "unfree": ("week", "unfree"),
    "opposition": ("totals", "opposition_held"),
    **{queue: ("events", queue) for queue in QUEUES},
}
#: Where what is told as it was counted is taken from.
TOLD_AS_COUNTED = {
    variable.name: ("week" if variable.tally in OF_THE_DAY else tally, variable.tally)
    for tally, variables in (("standing", STOCKS), ("events", (*AWAY, *FLOWS)), ("display", DISPLAYS))
    for variable in variables
}
FROM_OTHERS = ("mean_wait_weeks", "hope_visit", "hope_leave")  # of the nation, worked out at the end
CELLS = (*STOCKS, *AWAY, *FLOWS, *DISPLAYS, *DERIVED)


class Recorder:
    """Tables with a row for each step, filled one step at a time; what follows from them is worked out at the end.

    Attributes
    ----------
    tallied : float32 array, shape (steps, sectors, names, ranks)
        Persons, of what is told as it was counted.
    kept : float64 array, as `tallied`
        Those of `EXACT`.
    told : float64 array, shape (steps, numbers)
        All else; `named` gives its parts by name.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        people, ranks, places = model.people, len(model.scenario.ranks), _places(model)
        self.wanted = np.array([places[where] for where in TOLD_AS_COUNTED.values()])
        self.exact = np.array([places[where] for where in EXACT.values()])
        self.tallied = np.zeros((model.steps, people.sectors, len(self.wanted), ranks), np.float32)
        self.kept = np.zeros((model.steps, people.sectors, len(self.exact), ranks))
        self.told, self.named = _table(model)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is noted down, by name: the arrays themselves, not copies."""
        return {"tallied": self.tallied, "kept": self.kept, "told": self.told}

    def note(self, now: int, record: StepRecord) -> None:
        """Take down step `now`."""
        standing, week, events, display = record.standing, record.week, record.events, record.display
        tallies = (standing.counts, week.counts, events.counts, display.counts, standing.totals)
        kept = self.kept[now]
        sums.weigh(tallies, self.model.people.weight, self.wanted, self.tallied[now], self.exact, kept)
        for name, value in _told(record).items():
            self.named[name][now] = value

    def _cells(self, steps: int) -> dict[str, NDArray[np.float32]]:
        """What is told by sector and rank, of the first steps."""
        found = {
            name: np.ascontiguousarray(self.tallied[:steps, :, place])
            for place, name in enumerate(TOLD_AS_COUNTED)
        }
        kept = {name: self.kept[:steps, :, place] for place, name in enumerate(EXACT)}
        persons = found["persons"]
        derived = {
            "applying": np.add.reduce([kept[queue] for queue in QUEUES]),
            "mean_opposition": kept["opposition"] / TOTAL_UNITS / np.maximum(persons, 1e-9),
            "unfree_person_years": kept["unfree"] * self.model.dt,
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
        hoped = self.named["hoped"][:steps].mean(axis=2)
        nation = self.named | {
            "mean_wait_weeks": self._wait(cells),
            "hope_visit": hoped[:, VISITS],
            "hope_leave": hoped[:, LEAVES],
        }
        confidence = mean_confidence(self.model.people, self.named["felt"][:steps]).astype(np.float32)
        bound = np.asarray(book.coverage * book.in_force, np.float32)
        groups = (
            (CELLS, ("time", "sector", "rank"), cells),
            (SECTORS, ("time", "sector"), {"mean_confidence": confidence}),
            (NATION, ("time",), nation),
            (REGIONS, ("time", "region"), self.named),
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


def _told(record: StepRecord) -> dict[str, Any]:
    """Return the numbers of a step that are not tallies, by name."""
    state = record.institutions
    return {
        "felt": record.felt,
        "hoped": state.kept.hoped,
        "believed_opposition": state.belief.mean,
        "believed_sd": state.belief.sd,
        "true_opposition": state.shown.opposed,
        "reported_opposition": record.reported,
        "perceived_crisis": state.crisis,
        "control": state.control,
        "elite_conflict": state.conflict_level,
        "seen_dissent": state.shown.nation_dissent,
        "enforcement": state.force,
        "dissent_share": state.shown.dissent,
        "incident": record.incident,
        "loss_of_control": record.lost,
        "background_exits": state.kept.background.exits,
        "background_passports": state.kept.background.passports,
    }


def _table(model: Model) -> tuple[Floats, dict[str, Floats]]:
    """Make a table with a row for each step, and give the parts of its rows by name: views of it, not copies."""
    people = model.people
    shapes: dict[str, tuple[int, ...]] = {"felt": (2, len(people.weight)), "hoped": (2, people.regions)}
    shapes |= {variable.name: () for variable in NATION if variable.name not in FROM_OTHERS}
    shapes |= {variable.name: (people.regions,) for variable in REGIONS}
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    table = np.zeros((model.steps, ends[-1]))
    parts = zip(shapes.items(), np.split(table, ends[:-1], axis=1), strict=True)
    return table, {name: part.reshape(model.steps, *shape) for (name, shape), part in parts}


def _places(model: Model) -> dict[Where, int]:
    """Place of each name of each tally among all of them."""
    stages = {tally: model.compiled.program.stage(stage) for tally, stage in TALLIES.items()}
    names = [
        (tally, item.name)
        for tally, stage in stages.items()
        for item in (stage.totals if tally == "totals" else stage.counted)
    ]
    return {where: place for place, where in enumerate(names)}


def _attrs(variable: Variable) -> dict[str, str]:
    return {"units": variable.unit, "long_name": variable.long_name, "source": variable.source}
