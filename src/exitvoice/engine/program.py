"""A model as the engine sees it: a layout, streams of randomness, signals and a short list of stages."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Layout
from exitvoice.engine.random import UNIFORMS_PER_BLOCK
from exitvoice.engine.rule import Rule

TRAIT_STREAM = 128  # trait blocks start here, so that no fresh draw shares their counter
TEAM_STREAM = 160  # and draws that a team shares, here
LANES = 4  # classes that a tally keeps apart
TOTAL_UNITS = 65536.0  # a total is in whole numbers of this fineness
TEAM = 16  # consecutive members of a unit who share a draw: as many as a wide register holds, one or two cache lines


@dataclass(frozen=True)
class Lookup:
    """A value read from a table per member: ``table[start + index]``.

    Attributes
    ----------
    name : str
        Value in the member's scope.
    table : str
        Name of an array handed in with the signals (read flat).
    start : str or None
        Integer unit signal: where the unit's row starts (None: 0).
    index : str
        Integer value in the member's scope. Every index must be valid in every row: lanes beyond the picked
        look up whatever their neighbours' state says.
    """

    name: str
    table: str
    start: str | None
    index: str


@dataclass(frozen=True)
class Signals:
    """Names of the numbers handed to the rules from outside, by what they vary over."""

    parameters: tuple[str, ...] = ()
    nation: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    stratum: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    unit_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many members have a truth value set, by class; `keep` stores the unit's total as a signal."""

    name: str
    keep: str | None = None


@dataclass(frozen=True)
class Total:
    """Sum over members of a real in [0, 2], by class, in fixed point (16 binary places)."""

    name: str


@dataclass(frozen=True)
class Stage:
    """One fused loop over units and their members.

    Attributes
    ----------
    name : str
    unit_rules : tuple of Rule
        Once a unit, before its members; may write unit signals.
    rules : tuple of Rule
        Once a member, in order.
    counts, totals : tuples
        What is tallied after the rules, by stratum and class.
    tally_rules : tuple of Rule
        Rules that only compute what is tallied.
    changes : bool
        Tally what the stage changes: what is counted after its rules less what was before, so that running tallies
        stay right without looking at everybody. The tally rules then see the columns and nothing else.
    select : tuple of str
        If given, only members who bear the mark of this name go through `rules`, and only changes can be tallied.
        One name for all rounds, or one a round.
    events : tuple of Count
        Truth values computed by `rules` of a stage with `select`, counted among the selected; at most 32.
    team_rules : tuple of Rule
        Once a team of `TEAM` consecutive members of a unit (the last may be smaller), in a stage without `select`:
        they read draws that the team shares, parameters and signals of the nation, and write marks.
    among : str or None
        Truth value of a member without which they bear no mark that `team_rules` write.
    turn : Rule or None
        If given, only units for which it returns true are worked on; not together with `select`.
    rounds : int
        How often the stage is run in one step; each round has draws of its own.
    """

    name: str
    rules: tuple[Rule, ...]
    unit_rules: tuple[Rule, ...] = ()
    tally_rules: tuple[Rule, ...] = ()
    counts: tuple[Count, ...] = ()
    totals: tuple[Total, ...] = ()
    events: tuple[Count, ...] = ()
    changes: bool = False
    select: tuple[str, ...] = ()
    team_rules: tuple[Rule, ...] = ()
    among: str | None = None
    turn: Rule | None = None
    rounds: int = 1

    def __post_init__(self) -> None:
        if self.turn and self.select:
            raise ValueError(f"stage {self.name!r} has both a turn of units and a selection of members")
        if self.select and (self.counts or self.totals) and not self.changes:
            raise ValueError(f"stage {self.name!r} selects members, so it can tally nothing but changes")

    @property
    def counted(self) -> tuple[Count, ...]:
        """Everything counted: over all members, then among the selected."""
        return (*self.counts, *self.events)

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of each count among everything counted."""
        return {count.name: place for place, count in enumerate(self.counted)}

    def places_of(self, names: tuple[str, ...]) -> NDArray[np.intp]:
        """Places of several counts; worked out once for the same names."""
        if names not in self._places_of:
            self._places_of[names] = np.array([self.places[name] for name in names], np.intp)
        return self._places_of[names]

    @cached_property
    def _places_of(self) -> dict[tuple[str, ...], NDArray[np.intp]]:
        return {}


@dataclass(frozen=True)
class Program:
    """Everything the compiler needs to write a model's loops.

    `fresh` and `fixed` list the uniforms in a fixed order: a name's place is its stream, so a new name
    goes to the end; `shared` does so for uniforms that a team has in common. `generation` names the field that renews
    a member's fixed traits; `tally_class` the field (0 to 3) that tallies keep apart; `first_stream` sets a program's
    draws apart from another's over the same units.
    """

    name: str
    layout: Layout
    stages: tuple[Stage, ...]
    signals: Signals
    fresh: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    traits: tuple[Rule, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    generation: str | None = None
    tally_class: str | None = None
    first_stream: int = 0

    def stage(self, name: str) -> Stage:
        """The stage of a name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Stage]:
        return {stage.name: stage for stage in self.stages}

    @cached_property
    def team_marks(self) -> frozenset[str]:
        """Marks that whole teams bear, or nearly."""
        return frozenset(n for stage in self.stages for item in stage.team_rules for n in item.writes)

    def stream(self, uniform: str) -> tuple[bool, int, int]:
        """Whether a uniform is fixed, its block, and its place in the block."""
        fixed = uniform in self.fixed
        place = (self.fixed if fixed else self.fresh).index(uniform)
        return fixed, place // UNIFORMS_PER_BLOCK, place % UNIFORMS_PER_BLOCK
