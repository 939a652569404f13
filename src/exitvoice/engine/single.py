"""One member going through one stage, in slow motion: what the rules said, and what another draw would have done.

It replays the oracle's operations for a single member on copies, so nothing it does reaches a population. A draw
can be exchanged for another value, all else equal; only what depends on it is then worked out anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.oracle import Place, apply, outside_values, plain_value
from exitvoice.engine.program import Lookup, Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import Level, Operation, Shared, Uniform, member_scope, unit_scope
from exitvoice.engine.signals import SignalTables

Event = Callable[[Mapping[str, Any]], bool]
_HALVINGS = 28
_PROBES = tuple(
    float(p) for p in np.concatenate([np.geomspace(1e-7, 0.5, 41), 1.0 - np.geomspace(0.5, 1e-7, 41)])
)


@dataclass(frozen=True)
class Snapshot:
    """Everything that one member's rules read in one stage, copied before the stage runs."""

    population: Population
    signals: SignalTables
    member: int
    seed: int
    step: int
    round: int


@dataclass(frozen=True)
class Span:
    """The draws for which something happens, all else equal: `low` <= draw < `high`; the draw itself."""

    name: str
    draw: float
    low: float
    high: float

    @property
    def chance(self) -> float:
        """Chance of a draw in the span."""
        return self.high - self.low

    @property
    def is_met(self) -> bool:
        """Whether the draw lies in the span."""
        return self.low <= self.draw < self.high


def take_snapshot(
    population: Population,
    signals: SignalTables,
    unit: int,
    member: int,
    *,
    seed: int,
    step: int,
    round: int = 0,
) -> Snapshot:
    """Copy what a member of a unit is about to meet; cheap, so it can be done at every step for a few members."""
    units = population.units
    at = int(units.offsets[unit]) + member
    stratum, region = int(units.stratum[unit]), int(units.region[unit])
    alone = Units(
        np.array([0, 1], np.int64),
        units.number[unit : unit + 1],
        units.key[unit : unit + 1],
        np.zeros(1, np.int32),
        np.zeros(1, np.int32),
    )
    columns = {name: values[at : at + 1].copy() for name, values in population.columns.items()}
    near = SignalTables(
        parameters=signals.parameters,
        nation=signals.nation.copy(),
        region=signals.region[region : region + 1].copy(),
        stratum=signals.stratum[stratum : stratum + 1].copy(),
        unit=signals.unit[:, unit : unit + 1].copy(),
        unit_rows=signals.unit_rows[:, unit : unit + 1].copy(),
        tables=dict(signals.tables),
    )
    return Snapshot(Population(population.layout, alone, columns), near, member, seed, step, round)


class Replay:
    """A member's way through the rules of a stage, step by step of the schedule.

    Attributes
    ----------
    before : dict
        State and outside values before the stage.
    after : dict
        Every name after it: state, traits, draws and results of rules.
    """

    def __init__(self, program: Program, stage: Stage, snapshot: Snapshot) -> None:
        self._program, self._snapshot = program, snapshot
        self._operations = _operations(program, stage)
        self._place = Place(snapshot.seed, snapshot.step, snapshot.round, 0, snapshot.member)
        with np.errstate(all="ignore"):
            values = self._start(stage)
            self.before = dict(values)
            self._inputs: list[tuple[Any, ...]] = []
            for operation in self._operations:
                self._inputs.append(tuple(values.get(name) for name in self._reads(operation)))
                apply(program, snapshot.population, snapshot.signals, operation, values, self._place)
        self.after = values

    @property
    def draws(self) -> tuple[str, ...]:
        """Fresh uniforms that the rules of the stage read."""
        return tuple(o.name for o in self._operations if isinstance(o, Uniform) and not o.block.fixed)

    def with_draw(self, name: str, value: float) -> Mapping[str, Any]:
        """Return every name after the stage if one draw had been another."""
        changed: dict[str, Any] = {}
        place = replace(self._place, words=dict(self._place.words))
        population, signals = self._snapshot.population, self._snapshot.signals
        with np.errstate(all="ignore"):
            for operation, inputs in zip(self._operations, self._inputs, strict=True):
                if isinstance(operation, Uniform) and operation.name == name:
                    changed[name] = np.float32(value)
                    continue
                reads = self._reads(operation)
                if changed.keys().isdisjoint(reads):
                    for written in _writes(operation):  # worked out from what has not changed
                        changed.pop(written, None)
                    continue
                own = dict(zip(reads, inputs, strict=True)) | {
                    key: changed[key] for key in reads if key in changed
                }
                apply(self._program, population, signals, operation, own, place)
                changed.update((key, own.get(key)) for key in _writes(operation))
        return {**self.after, **changed}

    def span(self, draw: str, event: Event) -> Span | None:
        """Return the draws for which an event happens, all else equal.

        None where no draw makes it happen, or the stage does not read that draw.

        An event is taken to happen on one stretch of the draw, as it does for rules that compare a draw with
        chances; the stretch that holds the draw itself is found by halving.
        """
        if draw not in self.draws:
            return None
        own = float(self.after[draw])
        inside = own
        if not event(self.after):
            found = next((p for p in _PROBES if event(self.with_draw(draw, p))), None)
            if found is None:
                return None
            inside = found
        low = self._edge(draw, event, inside, 0.0)
        high = self._edge(draw, event, inside, 1.0)
        return Span(draw, own, low, high)

    def spans(self, event: Event) -> tuple[Span, ...]:
        """Return the spans of the draws on which it depends whether an event happens, the narrowest first."""
        found = (self.span(draw, event) for draw in self.draws)
        return tuple(
            sorted((s for s in found if s is not None and s.chance < 0.999999), key=lambda s: s.chance)
        )

    def _edge(self, draw: str, event: Event, inside: float, end: float) -> float:
        if event(self.with_draw(draw, end if end == 0.0 else 0.99999994)):
            return end
        outside = end
        for _ in range(_HALVINGS):
            middle = 0.5 * (inside + outside)
            if event(self.with_draw(draw, middle)):
                inside = middle
            else:
                outside = middle
        return outside if end > 0.0 else inside

    def _reads(self, operation: Operation) -> tuple[str, ...]:
        if isinstance(operation, Rule):
            return operation.reads
        if isinstance(operation, Lookup):
            return (operation.index,) if operation.start is None else (operation.index, operation.start)
        if isinstance(operation, Uniform | Level):
            return (operation.block.name,)
        if isinstance(operation, Shared):
            return ()
        # the fixed words of a new generation are others
        generation = self._program.generation
        return (generation,) if operation.fixed and generation else ()

    def _start(self, stage: Stage) -> dict[str, Any]:
        program, population, signals = self._program, self._snapshot.population, self._snapshot.signals
        values = outside_values(program, population, signals, 0, self._place)
        for operation in unit_scope(program, stage).operations:
            apply(program, population, signals, operation, values, self._place)
        values["member"] = self._snapshot.member
        for name, column in program.layout.plain.items():
            values[name] = plain_value(column, population.columns[name][0])
        for name in program.layout.by_name:
            values[name] = int(population.get(name)[0])
        return values


@cache
def _operations(program: Program, stage: Stage) -> tuple[Operation, ...]:
    rules = stage.rules if stage.changes else (*stage.rules, *stage.tally_rules)
    return tuple(member_scope(program, stage, rules).operations)


def _writes(operation: Operation) -> tuple[str, ...]:
    return operation.writes if isinstance(operation, Rule) else (operation.name,)
