"""Defaults and plausible ranges of the model's parameters, each with its source or the word 'assumed'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from exitvoice.documents import Locator, Path, read_text
from exitvoice.errors import Mistake
from exitvoice.scenario.base import Name, Part, Supported, Title
from exitvoice.units import UNITS, is_unit

PRIORS = "priors/exit_control.yaml"


class Derivation(Part):
    """How a default follows from statements: `times` the figure `of` one, `over` that of another.

    Rounded to so many significant `digits`; figures are taken in base units (thousand persons are persons).
    """

    of: Name
    over: Name | None = None
    times: float = 1.0
    digits: int = Field(default=2, ge=1, le=9)

    @property
    def records(self) -> tuple[str, ...]:
        """The statements it is made of."""
        return (self.of,) if self.over is None else (self.of, self.over)


class Prior(Supported):
    """One parameter: what it is, its default, its plausible range, its source.

    `low` and `high` bound the prior; where the literature disagrees on a sign they lie on both sides of zero. Where
    `derived` says how the default follows from statements, a changed statement gives another default.
    """

    name: Name
    title: Title
    unit: str
    default: float
    low: float
    high: float
    mechanism: Name
    symbol: str | None = Field(default=None, max_length=20)
    note: Title | None = None
    derived: Derivation | None = None

    @property
    def spans_zero(self) -> bool:
        """Whether the sign of the effect is open."""
        return self.low < 0.0 < self.high


class PriorFile(Part):
    """The file of priors of one model."""

    format: Literal["exitvoice-priors/1"]
    model: Name
    parameters: tuple[Prior, ...]


@cache
def load_priors() -> Mapping[str, Prior]:
    """Return the priors of the exit-control model by name, in the order of the file.

    Examples
    --------
    >>> load_priors()["run_fade_weeks"].default
    3.0
    """
    content = (files("exitvoice") / "library" / PRIORS).read_bytes()
    document = read_text(content, name=PRIORS, model=PriorFile, checks=(_check,))
    return MappingProxyType({prior.name: prior for prior in document.parameters})


def _check(document: PriorFile, locator: Locator) -> Iterable[Mistake]:
    seen: set[str] = set()
    for index, prior in enumerate(document.parameters):
        path: Path = ("parameters", index)
        yield from _check_one(prior, path, locator)
        if prior.name in seen:
            yield locator.mistake(
                (*path, "name"), f"two parameters are named '{prior.name}'", "names are keys", "rename"
            )
        seen.add(prior.name)


def _check_one(prior: Prior, path: Path, locator: Locator) -> Iterator[Mistake]:
    if not prior.low <= prior.default <= prior.high:
        yield locator.mistake(
            (*path, "default"), "low <= default <= high does not hold", "a default is plausible", "mend it"
        )
    if not is_unit(prior.unit):
        known = ", ".join(UNITS)
        yield locator.mistake(
            (*path, "unit"), f"unknown unit '{prior.unit}'", "readers rely on units", f"use one of: {known}"
        )
    if not prior.is_supported:
        why = "every value names its evidence or says 'assumed'"
        yield locator.mistake(
            path, f"'{prior.name}' has neither evidence nor assumed", why, "add one of them"
        )
