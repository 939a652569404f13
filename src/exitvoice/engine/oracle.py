"""The same stages in plain Python, one member at a time: slow, readable, and what the loops must equal.

It shares the schedule and the rules with the compiler, and none of the generated code.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exitvoice.engine import random
from exitvoice.engine.columns import Column, Population
from exitvoice.engine.loops import MARKED, stage_marks
from exitvoice.engine.primitives import integer, level_share, real, share_level, u32
from exitvoice.engine.program import (
    TEAM,
    TEAM_STREAM,
    TOTAL_UNITS,
    TRAIT_STREAM,
    Lookup,
    Program,
    Stage,
)
from exitvoice.engine.schedule import (
    Block,
    Level,
    Operation,
    Scope,
    Shared,
    Uniform,
    member_scope,
    outside_names,
    tally_scope,
    team_scope,
    turn_scope,
    unit_scope,
)
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Tallies


@dataclass
class Place:
    """Where in a run a rule is applied; `words` are the random words drawn there so far."""

    seed: int
    step: int
    round: int
    unit: int
    member: int = 0
    words: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)


def run_stage(
    program: Program,
    stage: Stage,
    population: Population,
    signals: SignalTables,
    *,
    seed: int,
    step: int,
    round: int = 0,
) -> Tallies:
    """Run one round of a stage as the compiled kernel does; mutates the population and unit signals."""
    tallies = Tallies.none(stage, len(signals.stratum))
    rules = stage.rules if stage.changes else (*stage.rules, *stage.tally_rules)
    body = member_scope(program, stage, rules)
    tally = tally_scope(program, stage) if stage.changes else None
    picked = population.marked(stage_marks(program, stage, round)[0]) if stage.select else None
    running = {count.keep for count in stage.counts} if stage.changes else set()
    for unit in range(population.units.count):
        place = Place(seed, step, round, unit)
        outside = outside_values(program, population, signals, unit, place)
        turn, scope = turn_scope(program, stage), unit_scope(program, stage)
        for operation in turn.operations:
            apply(program, population, signals, operation, outside, place)
        if stage.turn and not outside[stage.turn.writes[0]]:
            continue
        for operation in scope.operations:
            apply(program, population, signals, operation, outside, place)
        for name in scope.writes:
            signals.unit[program.signals.unit.index(name), unit] = outside[name]
        kept: dict[str | None, int] = {c.keep: 0 for c in stage.counted if c.keep}
        begin, end = int(population.units.offsets[unit]), int(population.units.offsets[unit + 1])
        for at in range(begin, end):
            place = Place(seed, step, round, unit, at - begin)
            if picked is not None and not picked[at]:
                continue
            if tally is not None:
                values = _member(program, population, signals, tally, dict(outside), place, at)
                _tally(program, population, tallies, values, unit, kept, sign=-1)
            values = _member(program, population, signals, body, dict(outside), place, at)
            _count_events(program, population, tallies, values, unit, kept)
            if tally is not None:
                values = _member(program, population, signals, tally, dict(outside), place, at)
            _tally(program, population, tallies, values, unit, kept)
            _mark_team(program, population, signals, stage, values, place)
        for keep, number in kept.items():
            row = program.signals.unit.index(keep or "")
            signals.unit[row, unit] = number + (signals.unit[row, unit] if keep in running else 0)
    return tallies


def outside_values(
    program: Program, population: Population, signals: SignalTables, unit: int, place: Place
) -> dict[str, Any]:
    """Everything that a unit's members read of the outside, by name."""
    stratum, region = population.units.stratum[unit], population.units.region[unit]
    places = {
        "region": (region, ...),
        "stratum": (stratum, ...),
        "unit": (..., unit),
        "unit_rows": (..., unit),
    }
    values: dict[str, Any] = {"round": place.round, "step": place.step}
    values["unit_number"] = int(population.units.number[unit])
    for name, (kind, column) in outside_names(program).items():
        table = getattr(signals, kind)
        values[name] = table[places[kind]][column] if kind in places else table[column]
        if kind == "unit_rows":
            values[name] = int(values[name])
    return values


def plain_value(column: Column, stored: Any) -> Any:
    """What rules see of a stored value."""
    if column.share:
        return level_share(int(stored))
    return stored if column.dtype == "float32" else int(stored)


def _member(
    program: Program,
    population: Population,
    signals: SignalTables,
    scope: Scope,
    values: dict[str, Any],
    place: Place,
    at: int,
) -> dict[str, Any]:
    layout = program.layout
    values["member"] = place.member
    for name in layout.plain:
        values[name] = plain_value(layout.plain[name], population.columns[name][at])
    for name, item in layout.by_name.items():
        word = int(population.columns[item.column][at])
        values[name] = (word >> layout.shifts[name]) & ((1 << item.bits) - 1)
    for operation in scope.operations:
        apply(program, population, signals, operation, values, place)
    for name in scope.writes:
        if name in layout.plain:
            share = layout.plain[name].share
            population.columns[name][at] = share_level(values[name]) if share else values[name]
        elif name in layout.by_name:
            item, shift = layout.by_name[name], layout.shifts[name]
            mask = ((1 << item.bits) - 1) << shift
            word = int(population.columns[item.column][at])
            population.columns[item.column][at] = (word & ~mask) | ((int(values[name]) << shift) & mask)
        elif name in layout.marks:
            _set_mark(population, name, place, bears=values[name])
    return values


def _set_mark(population: Population, name: str, place: Place, *, bears: bool) -> None:
    block = population.units.blocks[place.unit] + place.member // MARKED
    bit = np.uint64(1 << (place.member % MARKED))
    word = population.marks[name][block]
    population.marks[name][block] = word | bit if bears else word & ~bit


def _mark_team(
    program: Program,
    population: Population,
    signals: SignalTables,
    stage: Stage,
    values: dict[str, Any],
    place: Place,
) -> None:
    """Work out for each member anew what is the same for all of a team."""
    scope = team_scope(program, stage)
    for operation in scope.operations:
        apply(program, population, signals, operation, values, place)
    for name in scope.writes:
        _set_mark(population, name, place, bears=bool(values[name] and values.get(stage.among or "", True)))


def apply(
    program: Program,
    population: Population,
    signals: SignalTables,
    operation: Operation,
    values: dict[str, Any],
    place: Place,
) -> None:
    """Do one operation of a schedule: draw words, take a uniform of them, look up, or apply a rule."""
    if isinstance(operation, Block):
        units = population.units
        step = 0 if operation.fixed else place.step
        stream = (TRAIT_STREAM if operation.fixed else 0) + program.first_stream + operation.index
        renewal = values[program.generation] << 16 if operation.fixed and program.generation else 0
        last = renewal if operation.fixed else place.round << 8
        place.words[operation.name] = random.philox(
            int(units.number[place.unit]),
            int(units.key[place.unit]),
            u32(place.member | (step << 16)),
            u32(stream | last),
            *random.seed_halves(place.seed),
        )
    elif isinstance(operation, Uniform):
        words = place.words[operation.block.name]
        half = random.lower_uniform if operation.place % 2 else random.upper_uniform
        values[operation.name] = half(words[operation.place // 2], words[3])
    elif isinstance(operation, Level):
        half_level = random.lower_level if operation.place % 2 else random.upper_level
        values[operation.name] = half_level(place.words[operation.block.name][operation.place // 2])
    elif isinstance(operation, Shared):
        words = random.philox(
            int(population.units.number[place.unit]),
            int(population.units.key[place.unit]),
            u32(place.member // MARKED | (place.step << 16)),
            u32(TEAM_STREAM + program.first_stream + operation.index | place.round << 8),
            *random.seed_halves(place.seed),
        )
        values[operation.name] = random.uniform(words[place.member % MARKED // TEAM])
    elif isinstance(operation, Lookup):
        table = signals.tables[operation.table]
        start = 0 if operation.start is None else values[operation.start]
        values[operation.name] = table.reshape(-1)[start + int(values[operation.index])]
    else:
        result = operation.function(*(values[name] for name in operation.reads))
        results = result if len(operation.writes) > 1 else (result,)
        values.update(zip(operation.writes, results, strict=True))
        for name in program.layout.shares.intersection(operation.writes):
            values[name] = level_share(share_level(values[name]))


def _count_events(
    program: Program,
    population: Population,
    tallies: Tallies,
    values: dict[str, Any],
    unit: int,
    kept: dict[str | None, int],
) -> None:
    lane = int(values[program.tally_class]) if program.tally_class else 0
    for place, event in enumerate(tallies.stage.events, start=len(tallies.stage.counts)):
        tallies.counts[population.units.stratum[unit], place, lane] += bool(values[event.name])
        if event.keep:
            kept[event.keep] += bool(values[event.name])


def _tally(
    program: Program,
    population: Population,
    tallies: Tallies,
    values: dict[str, Any],
    unit: int,
    kept: dict[str | None, int],
    sign: int = 1,
) -> None:
    stratum = population.units.stratum[unit]
    lane = int(values[program.tally_class]) if program.tally_class else 0
    for place, count in enumerate(tallies.stage.counts):
        tallies.counts[stratum, place, lane] += sign * bool(values[count.name])
        if count.keep:
            kept[count.keep] += sign * bool(values[count.name])
    for place, total in enumerate(tallies.stage.totals):
        fixed = integer(values[total.name] * real(TOTAL_UNITS) + real(0.5))
        tallies.totals[stratum, place, lane] += sign * fixed
