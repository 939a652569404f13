"""When the rules of a scenario act: how far and in which part of each step, and who runs before they do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from exitvoice.clock import Clock
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario
from exitvoice.units import DAYS_PER_WEEK

LEAST_RUN = 1e-3  # a run below a thousandth of its first height has ended


@dataclass(frozen=True)
class Active:
    """A rule's state in one step: place in the scenario, coverage, fraction in force, height of the run."""

    rule: int
    coverage: float
    fraction: float
    run: float


@dataclass(frozen=True)
class Course:
    """What the steps of a run have of the rules' order by coverage, worked out for all of them at once.

    Attributes
    ----------
    order : tuple of int
        Number of each step's order: which rules are active, in which order, and which of them are in force.
    coverages : float32 array, shape (steps, rules + 1)
        Coverages of the active rules in that order, then zeros.
    has_run, has_part : tuple of bool
        Whether people run before a rule; whether a rule is in force for a part of the step.
    """

    order: tuple[int, ...]
    coverages: npt.NDArray[np.float32]
    has_run: tuple[bool, ...]
    has_part: tuple[bool, ...]


def by_coverage(active: tuple[Active, ...]) -> list[Active]:
    """Sort rules by coverage, the largest first, and those of one coverage by place."""
    return sorted(active, key=lambda one: (-one.coverage, one.rule))


def course_of(active: tuple[tuple[Active, ...], ...], coverage: npt.NDArray[np.float64]) -> Course:
    """Order the active rules of all steps; `coverage` is theirs, shape (steps, rules), 0 while a rule is not active."""
    state = np.zeros(coverage.shape, np.int64)
    for step, rules in enumerate(active):
        for one in rules:
            state[step, one.rule] = 2 if one.fraction > 0.0 else 1
    order = np.argsort(-coverage, axis=1, kind="stable")
    keys = np.concatenate([order, np.take_along_axis(state, order, axis=1)], axis=1)
    numbers: dict[bytes, int] = {}
    return Course(
        order=tuple(numbers.setdefault(row.tobytes(), len(numbers)) for row in keys),
        coverages=np.pad(np.take_along_axis(coverage, order, axis=1), ((0, 0), (0, 1))).astype(np.float32),
        has_run=tuple(any(one.run > 0.0 for one in rules) for rules in active),
        has_part=tuple(any(0.0 < one.fraction < 1.0 for one in rules) for rules in active),
    )


def activity(scenario: Scenario, clock: Clock) -> tuple[tuple[Active, ...], ...]:
    """State of the active rules in each step, in the order of the scenario."""
    fade_days = scenario.values["run_fade_weeks"] * DAYS_PER_WEEK
    steps: list[list[Active]] = [[] for _ in range(clock.steps)]
    for index, rule in enumerate(scenario.rules):
        for step in range(*_life(rule, clock)):
            fraction = 0.0 if rule.start is None else clock.fraction(step, rule.start, rule.until)
            run = _run(rule, clock, step, fade_days)
            middle = clock.date_of(step) + timedelta(days=clock.step_days // 2)
            coverage = rule.coverage_at(middle)
            if coverage > 0.0 and (fraction > 0.0 or run > 0.0):
                steps[step].append(Active(index, coverage, fraction, run))
    return tuple(tuple(rules) for rules in steps)


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
