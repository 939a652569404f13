"""When the rules of a scenario act: how far and in which part of each step, and who runs before they do."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from exitvoice.clock import Clock
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario
from exitvoice.units import DAYS_PER_WEEK

Floats = npt.NDArray[np.float64]
LEAST_RUN = 1e-3  # a run below a thousandth of its first height has ended


@dataclass(frozen=True)
class Activity:
    """The rules in each step, in the order of the scenario, shape (steps, rules); all 0 while a rule is not active.

    Attributes
    ----------
    coverage : float64 array
        Share of units that apply a rule.
    in_force : float64 array
        Fraction of the step for which it is in force.
    run : float64 array
        Height of the run before it.
    """

    coverage: Floats
    in_force: Floats
    run: Floats


@dataclass(frozen=True)
class Course:
    """What the steps of a run have of the rules' order by coverage, worked out for all of them at once.

    Equal numbers of two steps say that what is numbered is the same in both.

    Attributes
    ----------
    order : tuple of int
        Number of each step's order: which rules are active, in which order, and which of them are in force.
    timing : tuple of int
        Number of the runs before rules and the parts of the step, in their order; -1 where there is neither.
    table : tuple of int
        Number of all that a step has of the rules.
    active : tuple of int
        How many rules are active.
    rules : int64 array, shape (steps, rules)
        Places of the rules in the scenario, by coverage: the active first, the largest first.
    coverages : float32 array, shape (steps, rules + 1)
        Coverages of the rules in that order, then a zero.
    in_force, run : float64 arrays, shape (steps, rules)
        Of the rules in that order.
    """

    order: tuple[int, ...]
    timing: tuple[int, ...]
    table: tuple[int, ...]
    active: tuple[int, ...]
    rules: npt.NDArray[np.intp]
    coverages: npt.NDArray[np.float32]
    in_force: Floats
    run: Floats


def course_of(activity: Activity) -> Course:
    """Order the active rules of all steps by coverage, and those of one coverage by place."""
    coverage, in_force, run = activity.coverage, activity.in_force, activity.run
    rules = np.argsort(-coverage, axis=1, kind="stable")
    state = np.where(coverage > 0.0, 1, 0) + (in_force > 0.0)
    order = _numbered(rules, np.take_along_axis(state, rules, axis=1))
    is_at_rest = ~((run > 0.0) | ((in_force > 0.0) & (in_force < 1.0))).any(axis=1)
    timing = np.where(is_at_rest, -1, _numbered(order, in_force, run))
    return Course(
        order=tuple(order.tolist()),
        timing=tuple(timing.tolist()),
        table=tuple(_numbered(order, timing, coverage).tolist()),
        active=tuple((coverage > 0.0).sum(axis=1).tolist()),
        rules=rules,
        coverages=np.pad(np.take_along_axis(coverage, rules, axis=1), ((0, 0), (0, 1))).astype(np.float32),
        in_force=np.take_along_axis(in_force, rules, axis=1),
        run=np.take_along_axis(run, rules, axis=1),
    )


def _numbered(*parts: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Number the rows of several arrays laid side by side, equal rows alike, in the order of their appearance."""
    rows = np.column_stack(parts).astype(np.float64)
    numbers: dict[bytes, int] = {}
    return np.array([numbers.setdefault(row.tobytes(), len(numbers)) for row in rows], np.int64)


def activity(scenario: Scenario, clock: Clock) -> Activity:
    """State of the rules in each step: active where they cover anybody and are in force or make people run."""
    fade_days = scenario.values["run_fade_weeks"] * DAYS_PER_WEEK
    middles = [clock.date_of(step) + timedelta(days=clock.step_days // 2) for step in range(clock.steps)]
    coverage, in_force, run = (np.zeros((clock.steps, len(scenario.rules))) for _ in range(3))
    for index, rule in enumerate(scenario.rules):
        steps = range(*_life(rule, clock))
        for step, part in _parts(rule, clock, steps):
            in_force[step, index] = part
        for step, height in _runs(rule, clock, steps, fade_days):
            run[step, index] = height
        acts = (in_force[:, index] > 0.0) | (run[:, index] > 0.0)
        coverage[acts, index] = [rule.coverage_at(middles[at]) for at in np.flatnonzero(acts).tolist()]
    is_active = coverage > 0.0
    return Activity(coverage, in_force * is_active, run * is_active)


def _parts(rule: Rule, clock: Clock, steps: range) -> Iterator[tuple[int | slice, float]]:
    """Yield the fraction of steps for which a rule is in force: whole steps, then those of its first and last day."""
    if rule.start is None:
        return
    begins = clock.step_of(rule.start)
    yield slice(max(begins, steps.start), steps.stop), 1.0
    for day in (rule.start, rule.until):
        if day is not None and clock.step_of(day) in steps:
            yield clock.step_of(day), clock.fraction(clock.step_of(day), rule.start, rule.until)


def _runs(rule: Rule, clock: Clock, steps: range, fade_days: float) -> Iterator[tuple[int, float]]:
    """Yield the height of the run before a rule in each step that has one, from the first on."""
    for step in steps:
        height = _run(rule, clock, step, fade_days)
        if height == 0.0:  # it only falls
            return
        yield step, height


def _life(rule: Rule, clock: Clock) -> tuple[int, int]:
    known = rule.known_from
    first = 0 if known is None else min(max(clock.step_of(known), 0), clock.steps)
    last = clock.steps if rule.until is None else min(max(clock.step_of(rule.until) + 1, 0), clock.steps)
    return first, last


def _run(rule: Rule, clock: Clock, step: int, fade_days: float) -> float:
    """Mean over the step of exp(-(t - known) / fade) while the rule is known and documents are still in hand."""
    known, until = rule.known_from, _run_end(rule)
    if known is None or (rule.start is not None and until is not None and until <= known):
        return 0.0
    low = max(step * clock.step_days, clock.day_of(known))
    high = (step + 1) * clock.step_days
    high = high if until is None else min(high, clock.day_of(until))
    if high <= low:
        return 0.0
    origin = clock.day_of(known)
    area = fade_days * (math.exp(-(low - origin) / fade_days) - math.exp(-(high - origin) / fade_days))
    mean = area / clock.step_days
    return mean if math.exp(-(low - origin) / fade_days) > LEAST_RUN else 0.0


def _run_end(rule: Rule) -> date | None:
    """First day on which nobody has a reason to run: in force and documents handed in, or the rule is gone."""
    if rule.start is None:
        return rule.until
    end = rule.start + timedelta(days=0 if rule.custody is None else rule.custody.within_days)
    return end if rule.until is None else min(end, rule.until)
