"""A calibration as it is asked: the world, what is unknown in it, and the vector that was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from exitvoice.calibration.figures import Figure, Floats, figures_of
from exitvoice.calibration.schema import Parameter, Target, Targets
from exitvoice.calibration.summaries import Entry, entries_of, observed_vector
from exitvoice.ensemble import Factor, factors_of
from exitvoice.evidence.series import load_series
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario


@dataclass(frozen=True)
class Problem:
    """All that a calibration needs to know.

    Attributes
    ----------
    targets : Targets
    scenario : Scenario
        With the changes of the targets.
    factors : tuple of Factor
        What is unknown, each with its range: uniform priors.
    figures : tuple of Figure
    entries : tuple of Entry
        Of every vector, those that are fitted and those that are held out.
    observed : array (entries,)
    """

    targets: Targets
    scenario: Scenario
    factors: tuple[Factor, ...]
    figures: tuple[Figure, ...]
    entries: tuple[Entry, ...]
    observed: Floats

    @cached_property
    def is_fit(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which entries are fitted."""
        return np.array([entry.is_fit for entry in self.entries])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the unknowns."""
        return tuple(
            factor.path.removeprefix("parameters.").removesuffix(".value") for factor in self.factors
        )

    @property
    def by_name(self) -> Mapping[str, Target]:
        """The targets by name."""
        return {target.name: target for target in self.targets.targets}

    @property
    def ranges(self) -> Floats:
        """Lowest and highest of each unknown, (factors, 2)."""
        return np.array([(factor.low, factor.high) for factor in self.factors])

    @cached_property
    def identity(self) -> str:
        """Content hash of the question: world, unknowns with their ranges, data, distances, observation models."""
        return content_hash(
            {
                "targets": self.targets.model_dump(mode="json", by_alias=True, exclude={"about", "limits"}),
                "scenario": self.scenario.hash,
                "factors": [[factor.path, factor.low, factor.high] for factor in self.factors],
                "observed": [float(value) for value in self.observed],
            }
        )


def problem_of(targets: Targets, scenario: Scenario) -> Problem:
    """Put a calibration together.

    Parameters
    ----------
    targets : Targets
        Checked, as `load_targets` gives them.
    scenario : Scenario
        The world named there, perhaps changed; the targets' own changes are made here.
    """
    world = world_of(targets, scenario)
    figures = figures_of(targets.targets, load_series())
    entries = entries_of(figures)
    by_name = {target.name: target for target in targets.targets}
    return Problem(
        targets=targets,
        scenario=world,
        factors=tuple(_factor(parameter, world) for parameter in targets.parameters),
        figures=figures,
        entries=entries,
        observed=observed_vector(by_name, figures, entries),
    )


def world_of(targets: Targets, scenario: Scenario) -> Scenario:
    """Return the world that is run: with the targets' changes, and with a reason for every range of its own."""
    changes = dict(targets.changes)
    for parameter in targets.parameters:
        if parameter.why is not None and f"parameters.{parameter.name}" not in changes:
            value = scenario.values.get(parameter.name, parameter.low)
            changes[f"parameters.{parameter.name}"] = {"value": value, "assumed": parameter.why}
    return scenario.with_changes(changes) if changes else scenario


def _factor(parameter: Parameter, world: Scenario) -> Factor:
    factor = factors_of(world, [parameter.name])[0]
    if parameter.low is not None and parameter.high is not None:
        factor = replace(factor, low=parameter.low, high=parameter.high)
    # a value that the scenario states with its reason is replaced inside that statement, so that the reason stays
    if parameter.name in world.parameters:
        factor = replace(factor, path=f"{factor.path}.value")
    return factor
