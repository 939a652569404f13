"""What an ensemble varies: a parameter, a field of a rule, a head-count, each with its plausible range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from exitvoice.documents import nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.scenario import Scenario, load_priors

Kind = Literal["parameter", "field", "head_count"]


@dataclass(frozen=True)
class Factor:
    """One uncertain value of a scenario.

    Attributes
    ----------
    path : str
        Dotted path of `Scenario.with_changes`, such as ``parameters.risk_aversion_tail``,
        ``rules.teachers-2024.coverage`` or ``sectors.teachers.persons.value``.
    low, high : float
        Plausible range, in the unit of the value; low < high.
    title : str
        What it is, in words.
    kind : 'parameter', 'field' or 'head_count'
    """

    path: str
    low: float
    high: float
    title: str = ""
    kind: Kind = "parameter"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"the range of {self.path} is {self.low} to {self.high}: low < high must hold")

    @property
    def name(self) -> str:
        """Short name: a parameter's own, the path of anything else."""
        return self.path.removeprefix("parameters.")


def factors_of(scenario: Scenario, names: Iterable[str] | None = None) -> tuple[Factor, ...]:
    """Return what is uncertain in a scenario: parameters with a prior's range, head-counts with one.

    Parameters
    ----------
    scenario : Scenario
    names : iterable of str, optional
        Names of parameters, or dotted paths (``parameters.NAME``, ``sectors.NAME.persons``); everything with a
        range if not given.

    Returns
    -------
    tuple of Factor
        In the order asked for; in that of the priors and sectors if nothing is asked for.

    Raises
    ------
    InputError
        With every name that has no range, and the nearest one that has.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> factors_of(load_scenario("minimal"), ["risk_aversion_tail"])[0].high
    5.0
    """
    known = {factor.path: factor for factor in (*_parameters(), *_head_counts(scenario))}
    if names is None:
        return tuple(known.values())
    chosen = {name: known.get(_path(name)) for name in names}
    faults = [_no_range(name, known) for name, factor in chosen.items() if factor is None]
    if faults:
        raise InputError(faults)
    return tuple(factor for factor in chosen.values() if factor is not None)


def factor_between(path: str, low: float, high: float) -> Factor:
    """Return a factor with a range of one's own; bare names are parameters.

    Raises
    ------
    ValueError
        If low < high does not hold.
    """
    path = _path(path)
    if path.startswith("parameters."):
        prior = load_priors().get(path.removeprefix("parameters."))
        return Factor(path, low, high, prior.title if prior is not None else "", "parameter")
    parts = path.split(".")
    is_count = len(parts) == 4 and parts[0] == "sectors" and parts[2] == "persons"
    return Factor(path, low, high, path, "head_count" if is_count else "field")


def _path(name: str) -> str:
    parts = name.split(".")
    if len(parts) == 1:
        return f"parameters.{name}"
    if len(parts) == 3 and parts[0] == "sectors" and parts[2] == "persons":
        return f"{name}.value"
    return name


def _parameters() -> Iterable[Factor]:
    for name, prior in load_priors().items():
        if prior.low < prior.high:
            yield Factor(f"parameters.{name}", prior.low, prior.high, prior.title, "parameter")


def _head_counts(scenario: Scenario) -> Iterable[Factor]:
    for sector in scenario.sectors:
        low, high = sector.persons.interval
        if low < high:
            title = f"Persons: {sector.title}"
            yield Factor(f"sectors.{sector.name}.persons.value", max(low, 1.0), high, title, "head_count")


def _no_range(name: str, known: Mapping[str, Factor]) -> Mistake:
    path = _path(name)
    prior = load_priors().get(path.removeprefix("parameters."))
    fixed = prior is not None and prior.low == prior.high
    short = [factor.name for factor in known.values()]
    return Mistake(
        file="factors",
        line=None,
        column=None,
        path=name,
        what="its prior is a single value" if fixed else "nothing of this name has a range",
        why="only what has a low and a high end can be varied",
        mend=f"leave it out, or give a range: {name}=LOW..HIGH",
        nearest=None if fixed else nearest_name(path.removeprefix("parameters."), short),
    )
