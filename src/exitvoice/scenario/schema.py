"""The scenario: one frozen document that says what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from exitvoice.clock import Clock
from exitvoice.documents import Locator, Tree, read_tree, validate_tree
from exitvoice.hashing import content_hash
from exitvoice.scenario.base import Date, Name, Part, Supported, Text, Title
from exitvoice.scenario.changes import change_tree, write_yaml
from exitvoice.scenario.checks import check_all
from exitvoice.scenario.drivers import Event, Mechanisms, SeriesSet, Shocks
from exitvoice.scenario.people import Issuing, Office, Rank, Region, Sector
from exitvoice.scenario.priors import load_priors
from exitvoice.scenario.rules import Rule

_PROSE = frozenset({"title", "about", "evidence", "assumed", "coverage_assumed"})


class ClockBlock(Part):
    """First day, first day that no longer counts, and days in a step."""

    start: Date
    end: Date
    step_days: int = Field(default=7, ge=1, le=31)


class Override(Supported):
    """A parameter's value in place of its default."""

    value: float


def _as_override(value: Override | float) -> Override:
    return value if isinstance(value, Override) else Override(value=value)


if TYPE_CHECKING:
    Given = Override
else:  # a file may give a bare number
    Given = Annotated[float | Override, AfterValidator(_as_override)]


class Scenario(Part):
    """A world: people, dated rules, drivers, assumptions. Frozen; a counterfactual is another Scenario.

    Load one with `load_scenario`; `with_changes` makes a twin; `hash` is its identity.
    """

    format: Literal["exitvoice-scenario/1"]
    name: Name
    title: Title
    about: Text
    clock: ClockBlock
    ranks: tuple[Rank, ...] = Field(min_length=1, max_length=4)
    regions: tuple[Region, ...] = Field(min_length=1, max_length=12)
    sectors: tuple[Sector, ...] = Field(min_length=1, max_length=24)
    offices: tuple[Office, ...] = Field(default=(), max_length=24)
    issuing: Issuing
    rules: tuple[Rule, ...] = Field(default=(), max_length=400)
    series: SeriesSet = SeriesSet()
    events: tuple[Event, ...] = Field(default=(), max_length=1000)
    shocks: Shocks = Shocks()
    mechanisms: Mechanisms = Mechanisms()
    theory: Literal["kuran", "epstein", "self_censorship"] = "kuran"
    leadership: Literal["naive", "sophisticated", "sophisticated_flat"] = "naive"
    control: Literal["scripted", "endogenous"] = "scripted"
    parameters: Mapping[str, Given] = Field(default_factory=dict)

    _text: str = PrivateAttr(default="")
    _tree: Tree = PrivateAttr(default_factory=dict)

    @property
    def text(self) -> str:
        """The YAML it was read from; of a twin, YAML that says the same."""
        return self._text or write_yaml(self._tree)

    @property
    def tree(self) -> Tree:
        """The plain data it was read from; do not change it."""
        return self._tree

    @cached_property
    def grid(self) -> Clock:
        """The grid of steps."""
        return Clock(self.clock.start, self.clock.end, self.clock.step_days)

    @cached_property
    def values(self) -> dict[str, float]:
        """Every parameter's value: the prior's default, or what the scenario says instead."""
        defaults = {name: prior.default for name, prior in load_priors().items()}
        return defaults | {name: override.value for name, override in self.parameters.items()}

    @cached_property
    def hash(self) -> str:
        """Content hash of everything that can change a result; comments, titles, reasons and sources do not count."""
        said = self.model_dump(mode="json", by_alias=True, exclude={"parameters"})
        return content_hash({"scenario": _without_prose(said), "values": self.values})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self.tree == other.tree

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def rank_names(self) -> tuple[str, ...]:
        """Names of the ranks, low to high."""
        return tuple(rank.name for rank in self.ranks)

    @property
    def region_names(self) -> tuple[str, ...]:
        """Names of the regions."""
        return tuple(region.name for region in self.regions)

    @property
    def sector_names(self) -> tuple[str, ...]:
        """Names of the sectors."""
        return tuple(sector.name for sector in self.sectors)

    def region_shares(self, sector: Sector) -> tuple[float, ...]:
        """Shares of a sector's persons by region, in the order of the regions."""
        if sector.region_shares is None:
            return tuple(region.share for region in self.regions)
        return tuple(sector.region_shares.get(name, 0.0) for name in self.region_names)

    def with_changes(self, changes: Mapping[str, object]) -> Scenario:
        """Return a twin in which some values differ.

        Parameters
        ----------
        changes : mapping of str to plain data
            Dotted path to new value. Items of a list go by their name or id:
            ``{"parameters.run_gain": 2, "rules.leaders-1999.coverage": 0.5, "sectors.teachers.opposition": 0.4}``.
            The value None removes an optional key, or an item of a list.

        Raises
        ------
        InputError
            With every mistake of the twin.
        """
        return _build(change_tree(self.tree, changes), Locator(f"{self.name} with changes"), "")

    @staticmethod
    def from_text(text: str | bytes, *, name: str) -> Scenario:
        """Read a scenario from YAML text.

        Parameters
        ----------
        text : str or bytes
            YAML; bytes must be UTF-8.
        name : str
            What to call the text in messages.

        Raises
        ------
        InputError
            With every mistake.
        """
        tree, locator = read_tree(text, name=name)
        return _build(tree, locator, text if isinstance(text, str) else text.decode("utf-8"))


def _build(tree: Tree, locator: Locator, text: str) -> Scenario:
    scenario = validate_tree(tree, locator, Scenario, raw_checks=(check_all,))
    scenario._tree, scenario._text = tree, text
    return scenario


def _without_prose(said: object) -> object:
    if isinstance(said, dict):
        kept = {
            key: item for key, item in said.items() if key not in _PROSE or isinstance(item, (int, float))
        }
        return {key: _without_prose(item) for key, item in kept.items()}
    return [_without_prose(item) for item in said] if isinstance(said, list) else said
