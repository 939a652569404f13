"""What each mechanism costs, by compiling the stages with ever more of them, and what they move.

The increment of a mechanism's rules is the time of the stage up to and with them, less the time up to the
ones before. A result that nobody uses is not worked out, so the work behind it counts towards the first rule that does.
Increments depend on the order and carry the noise of two measurements.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from exitvoice.engine.columns import Population
from exitvoice.engine.compile import CompiledProgram, compile_program
from exitvoice.engine.loops import stage_marks
from exitvoice.engine.program import Program, Stage
from exitvoice.engine.rule import Rule
from exitvoice.engine.schedule import Scope, member_scope
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import Model, begin, step

WARM_UP, REPEATS = 10, 5
TALLIES = "tallies"


@dataclass(frozen=True)
class Moment:
    """A stage about to run: copies of all that it reads."""

    stage: Stage
    population: Population
    signals: SignalTables
    options: dict[str, Any]

    def copy(self) -> "Moment":
        """Copy what a stage changes."""
        population = Population.empty(self.population.layout, self.population.units)  # laid out as in a run
        for kept, here in (
            (self.population.columns, population.columns),
            (self.population.marks, population.marks),
        ):
            for name, values in kept.items():
                here[name][:] = values
        tables = dict(self.signals.tables)
        signals = replace(
            self.signals,
            nation=self.signals.nation.copy(),
            region=self.signals.region.copy(),
            stratum=self.signals.stratum.copy(),
            unit=self.signals.unit.copy(),
            unit_rows=self.signals.unit_rows.copy(),
            tables=tables,
        )
        return Moment(self.stage, population, signals, self.options)


def moments(model: Model) -> dict[str, Moment]:
    """The first moment of each stage in a step after the warm-up."""
    kept: dict[str, Moment] = {}
    original, lay = CompiledProgram.run_stage, CompiledProgram.lay
    workers = Threads(1)
    world = begin(model, workers)
    for now in range(WARM_UP):
        step(model, world, now, workers)

    def run(
        self: CompiledProgram, stage: Stage, population: Population, signals: SignalTables, **options: Any
    ) -> Any:
        kept.setdefault(stage.name, Moment(stage, population, signals, options).copy())
        return original(self, stage, population, signals, **options)

    CompiledProgram.run_stage = run  # type: ignore[method-assign]
    CompiledProgram.lay = lambda *_, **__: None  # type: ignore[method-assign, assignment]
    try:
        step(model, world, WARM_UP, workers)
    finally:
        CompiledProgram.run_stage, CompiledProgram.lay = original, lay  # type: ignore[method-assign]
    return kept


def seconds_of(program: Program, stage: Stage, moment: Moment) -> float:
    """Least processor time of one call on one thread."""
    compiled = compile_program(replace(program, stages=(stage,)))
    best = float("inf")
    for _ in range(REPEATS + 1):  # the first call compiles
        here = moment.copy()
        started = time.thread_time()
        compiled.run_stage(stage, here.population, here.signals, **moment.options)
        best = min(best, time.thread_time() - started)
    return best


def mechanism_of(rule: Rule) -> str:
    """Name of the file that a rule stands in."""
    return rule.function.__module__.rsplit(".", 1)[-1]


def increments(program: Program, moment: Moment) -> Iterator[tuple[str, str, float]]:
    """Mechanism, its rules, and nanoseconds a person that they add to a stage, in their order; the tallies last."""
    stage = moment.stage
    persons = moment.population.units.members
    bare = replace(stage, tally_rules=(), counts=(), totals=(), events=())
    before, rules = 0.0, ()
    for mechanism, members in groupby(stage.rules, mechanism_of):
        added = tuple(members)
        rules += added
        shorter = replace(bare, rules=rules)
        if stage.among not in {name for rule in rules for name in rule.writes}:
            shorter = replace(
                shorter, team_rules=(), among=None
            )  # teams are marked once it is told among whom
        now = seconds_of(program, shorter, moment) if is_seen(program, shorter) else before
        yield mechanism, ", ".join(rule.name for rule in added), 1e9 * (now - before) / persons
        before = now
    if stage.counted or stage.totals:
        yield TALLIES, TALLIES, 1e9 * (seconds_of(program, stage, moment) - before) / persons


def is_seen(program: Program, stage: Stage) -> bool:
    """Whether the rules write anything that lasts; if not, no work is done."""
    fields = {*program.layout.by_name, *program.layout.plain, *program.layout.marks}
    return bool(fields & set(member_scope(program, stage, stage.rules).writes))


def costs(model: Model, kept: dict[str, Moment]) -> tuple[dict[str, float], list[tuple[str, str, float]]]:
    """Nanoseconds a person and step by mechanism, slowest first, and each stage's increments in order."""
    program = model.compiled.program
    rows, sums = [], defaultdict(float)
    for name, moment in kept.items():
        for mechanism, rules, nanoseconds in increments(program, moment):
            rows.append((name, rules, nanoseconds * moment.stage.rounds))
            sums[mechanism] += nanoseconds * moment.stage.rounds
    return dict(sorted(sums.items(), key=lambda item: -item[1])), rows


def selected_share(program: Program, moment: Moment) -> float:
    """Share of persons who go through the rules of a stage."""
    if moment.stage.turn:
        return 1.0 / float(moment.signals.parameters[program.signals.parameters.index("opposition_period")])
    if not moment.stage.select:
        return 1.0
    return float(moment.population.marked(stage_marks(program, moment.stage)[0]).mean())


def bytes_moved(program: Program, moment: Moment) -> float:
    """Bytes of columns that one run of a stage reads and writes for each person, at the least."""
    stage = moment.stage
    share, marks = selected_share(program, moment), len(stage_marks(program, stage)) / 8.0
    if not stage.select:
        whole = member_scope(program, stage, (*stage.rules, *stage.tally_rules))
        return share * _bytes(program, whole) + marks
    body = _bytes(program, member_scope(program, stage, stage.rules)) * share
    tallied = _bytes(program, member_scope(program, stage, stage.tally_rules)) if stage.tally_rules else 0.0
    # what is worked on and what is tallied is met twice, but the second time in the cache
    return max(body, tallied) + marks


def _bytes(program: Program, scope: Scope) -> float:
    sizes = {column.name: np.dtype(column.dtype).itemsize for column in program.layout.columns}

    def touched(names: list[str]) -> set[str]:
        fields = program.layout.by_name
        return {fields[n].column if n in fields else n for n in names} & set(sizes)

    return float(
        sum(sizes[n] for n in touched([*scope.reads, *scope.writes]))
        + sum(sizes[n] for n in touched(scope.writes))
    )


__all__ = ["TALLIES", "bytes_moved", "costs", "moments", "selected_share"]
