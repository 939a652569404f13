"""What the summary of a run holds and in which order: the labels of an ensemble's arrays, known before any run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.documents import nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.results.periods import period_starts
from exitvoice.run.recorder import CELLS
from exitvoice.run.variables import NATION, REGIONS, RULES, SECTORS, Variable
from exitvoice.scenario import Scenario

COST = "unfree_person_years"
_STEP = " per step"

_END = "in the last year"
#: Of the whole run, one number each; the human cost first.
SCALARS = (
    Variable("person_years", "person-years", "Person-years without freedom to leave, whole run", COST),
    Variable("covered_share", "share", f"Share who may leave only with permission, {_END}", "covered"),
    Variable("documents_held_end", "documents", f"Documents held by the state, {_END}", "documents_held"),
    Variable("applications_total", "persons", "Applications, whole run", "applications"),
    Variable("grants_total", "persons", "Applications granted, whole run", "grants"),
    Variable("refusals_total", "persons", "Applications refused, whole run", "refusals"),
    Variable("departures_total", "persons", "Departures of every kind, whole run", "departures_*, fled"),
    Variable("stayed_away_total", "persons", "Overstayed, left for good or fled, whole run", "overstayed ..."),
    Variable("fled_total", "persons", "Persons who fled, whole run", "fled"),
    Variable("caught_total", "persons", "Persons caught fleeing, whole run", "caught"),
    Variable("stopped_total", "persons", "Persons stopped at the border, whole run", "stopped"),
    Variable("wrongly_stopped_total", "persons", "Stopped though free to leave, whole run", "wrongly_stopped"),
    Variable("sanctioned_total", "persons", "Persons sanctioned, whole run", "sanctioned"),
    Variable("opposed_share", "share", f"Share opposed in private, {_END}", "opposed"),
    Variable("falsifier_share", "share", f"Share opposed who perform loyalty, {_END}", "falsifiers"),
    Variable("dissent_peak", "share", "Highest share in open dissent in any step", "dissent"),
    Variable("dissent_peak_at", "year", "When it was reached, as a decimal year", "dissent"),
    Variable("belief_error", "share", f"Opposed as believed at the top, less true, {_END}", "believed_opposition"),
    Variable("control_lost", "0 or 1", "Whether control was lost anywhere", "loss_of_control"),
    Variable("control_lost_at", "year", "When it was first lost, as a decimal year", "loss_of_control"),
    Variable("simulated_persons", "persons", "Simulated persons", "run"),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Variables with the same dimensions: they lie in one array, so that a run is a few chunks, not fifty.

    `kind` is also the name of the array; `dimensions` are those of one variable.
    """

    kind: str
    variables: tuple[Variable, ...]
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str

    @property
    def block(self) -> tuple[int, ...]:
        """Shape of a run's chunk: variables first."""
        return (len(self.variables), *self.shape)


@dataclass(frozen=True)
class Layout:
    """The labels of one run's summary; the same for every run of a plan.

    Parameters
    ----------
    scenario : Scenario
    outputs : tuple of str
        Variables to keep step by step.
    """

    scenario: Scenario
    outputs: tuple[str, ...] = ()

    @cached_property
    def years(self) -> NDArray[np.datetime64]:
        """First days of the years that the run touches."""
        return period_starts(xr.DataArray(self.steps, dims="time"), "Y")[:-1]

    @property
    def steps(self) -> NDArray[np.datetime64]:
        """First days of the steps."""
        return self.scenario.grid.starts.astype("datetime64[ns]")

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The arrays of a run."""
        years, sectors, regions = len(self.years), len(self.scenario.sectors), len(self.scenario.regions)
        by_sector = sorted((*CELLS, *SECTORS), key=lambda variable: variable.name != COST)
        yearly = (
            Group("scalars", SCALARS, (), (), "float64"),
            Group("sectors", _yearly(by_sector), ("time", "sector"), (years, sectors), "float32"),
            Group("nation", _yearly(NATION), ("time",), (years,), "float64"),
            Group("regions", _yearly(REGIONS), ("time", "region"), (years, regions), "float32"),
        )
        return (*yearly, *(self._kept(name) for name in self.outputs))

    def _kept(self, name: str) -> Group:
        kinds = {
            ("sector", "rank"): CELLS,
            ("sector",): SECTORS,
            (): NATION,
            ("region",): REGIONS,
            ("rule",): RULES,
        }
        for below, variables in kinds.items():
            for variable in variables:
                if variable.name == name:
                    shape = (len(self.steps), *(len(self.labels[dimension]) for dimension in below))
                    kept = Variable(f"{name}_by_step", variable.unit, variable.long_name, variable.source)
                    return Group(f"{name}_by_step", (kept,), ("step", *below), shape, "float32")
        raise InputError([_unknown(name, [v.name for group in kinds.values() for v in group])])

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """Names along the dimensions that have names."""
        scenario = self.scenario
        return {
            "sector": list(scenario.sector_names),
            "rank": list(scenario.rank_names),
            "region": list(scenario.region_names),
            "rule": [rule.id for rule in scenario.rules],
        }


def is_flow(variable: Variable) -> bool:
    """Tell whether the variable counts what happens in a step, so that a year is a sum and not a mean."""
    return variable.unit.endswith(_STEP)


def _yearly(variables: tuple[Variable, ...] | list[Variable]) -> tuple[Variable, ...]:
    return tuple(
        Variable(
            v.name,
            f"{v.unit.removesuffix(_STEP)} per year" if is_flow(v) else v.unit,
            f"{v.long_name}: {'sum' if is_flow(v) else 'mean'} of the year",
            v.source,
        )
        for v in variables
    )


def _unknown(name: str, known: list[str]) -> Mistake:
    return Mistake(
        file="outputs",
        line=None,
        column=None,
        path=name,
        what="a run has no such variable",
        why="only what a run records can be kept",
        mend="use the name of a variable of a run, such as dissent or control",
        nearest=nearest_name(name, known),
    )
