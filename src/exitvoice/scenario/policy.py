"""Compile dated rules to tables that answer, at each step: what binds this kind of person in this unit?

A unit obeys a rule while its zeal lies below the rule's coverage. In one stratum (sector and region) the active rules
are sorted by coverage; a unit's level is the number of coverages above its zeal, and the word of a level joins the
rules of largest coverage, field by field the strictest. So overlapping rules need no products of shares.

A rule that is announced and not yet in force changes no word. It makes people run: exp(-(t - announced) / tau) from the
announcement until it is in force and the days of custody have passed, averaged over the step. Before the announcement
its effect is exactly zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exitvoice.scenario.activity import Course, activity, course_of
from exitvoice.scenario.levels import FINENESS, WHOLE_STEP, Floats, Places, Reach, lay_timings, lay_words
from exitvoice.scenario.reach import reach_of, thresholds_of
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario
from exitvoice.scenario.timeline import Timeline
from exitvoice.scenario.words import FREE_WORD, Words, word_of

KIN, CLASSES, RANKS = 2, 4, 4
CELLS = (KIN, CLASSES, RANKS)

Single = npt.NDArray[np.float32]


class PolicyTable(NamedTuple):
    """What binds whom in one step.

    Attributes
    ----------
    coverages : float32 (rules + 1,)
        Coverages of the active rules, largest first, then zeros.
    places : int (strata, L)
        Which of them stands at each level of a stratum. Stratum = sector * regions + region.
    words : uint32 (strata, L + 1, 2 kin, 4 classes, 4 ranks)
        Word of each level; bits in `exitvoice.scenario.words`. Kin 1: has a listed relative. Class 0 serves; 1, 2 and 3
        left office less than the first threshold, less than the second, or longer ago.
    timings : uint32, as words
        In the upper 16 bits `run`, in the lower `force`, both in 65,535ths.
    highest_run : float
        The largest of the runs, before it is cut to 16 bits.
    """

    coverages: Single
    places: Places
    words: Words
    timings: Words
    highest_run: float

    @property
    def breakpoints(self) -> Single:
        """Coverages by level, (strata, L), padded with 0: a unit's level is the number of them above its zeal."""
        return self.coverages[self.places]

    @property
    def run(self) -> Single:
        """Height of the run before a rule that will bind, 0 to 1; as words."""
        return (self.timings >> 16).astype(np.float32) / np.float32(FINENESS)

    @property
    def force(self) -> Single:
        """Fraction of the step for which the newest binding rule is in force, 1 ordinarily; as words."""
        return (self.timings & FINENESS).astype(np.float32) / np.float32(FINENESS)


class Lay(NamedTuple):
    """The functions of `exitvoice.scenario.levels` that make tables, plain or compiled."""

    words: Callable[[Places, Floats, Reach, int], tuple[Places, Words]] = lay_words
    timings: Callable[[Places, Floats, Floats, Reach, int], tuple[Words, float]] = lay_timings


@dataclass
class PolicyBook:
    """The rules of a scenario, compiled.

    Attributes
    ----------
    thresholds : tuple of float
        Years since leaving office that tell the retired apart, at most two, sorted.
    rule_ids : tuple of str
        The rules, in the order of the scenario.
    coverage, in_force : float64 (steps, rules)
        Share of units that apply a rule, 0 while it is not active; fraction of the step for which it is in force.
    chains : mapping of int to tuple of str
        Offices of the chain of approval by its length.
    levels : int
        L, the largest number of active rules in any stratum at any step.
    """

    thresholds: tuple[float, ...]
    rule_ids: tuple[str, ...]
    coverage: Floats
    in_force: Floats
    chains: Mapping[int, tuple[str, ...]]
    levels: int
    _reach: Reach
    _course: Course
    _lay: Lay

    def __post_init__(self) -> None:
        # the last of each that was made, and its number
        self._table: tuple[int, PolicyTable] | None = None
        self._words: tuple[int, Places, Words] | None = None
        self._timings: tuple[int, Words, float] | None = None

    def at(self, step: int) -> PolicyTable:
        """Return the table of a step; equal tables in a row are one object, and so are equal parts of two tables."""
        number = self._course.table[step]
        if self._table is None or self._table[0] != number:
            _, places, words = self._words_at(step)
            _, timings, highest = self._timings_at(step)
            table = PolicyTable(self._course.coverages[step], places, words, timings, highest)
            self._table = number, table
        return self._table[1]

    def _words_at(self, step: int) -> tuple[int, Places, Words]:
        number = self._course.order[step]
        if self._words is None or self._words[0] != number:
            ordered, in_force, _ = self._active(step)
            places, words = self._lay.words(ordered, in_force, self._reach, self.levels)
            self._words = number, places, self._by_cell(words)
        return self._words

    def _timings_at(self, step: int) -> tuple[int, Words, float]:
        number = self._course.timing[step]
        if self._timings is None or self._timings[0] != number:
            if number < 0:
                shape = (len(self._reach.reaches), self.levels + 1, self._reach.words.shape[1])
                timings, highest = np.full(shape, WHOLE_STEP, np.uint32), 0.0
            else:
                timings, highest = self._lay.timings(*self._active(step), self._reach, self.levels)
            self._timings = number, self._by_cell(timings), highest
        return self._timings

    def _active(self, step: int) -> tuple[Places, Floats, Floats]:
        """Return the active rules by coverage: their places, parts of the step, runs."""
        course, active = self._course, self._course.active[step]
        return course.rules[step, :active], course.in_force[step, :active], course.run[step, :active]

    def _by_cell(self, words: Words) -> Words:
        words = words.reshape(*words.shape[:2], *CELLS)
        words.setflags(write=False)
        return words


def compile_policy(
    scenario: Scenario, timeline: Timeline | None = None, *, lay: Lay | None = None
) -> PolicyBook:
    """Compile a scenario's rules on its grid of steps.

    Parameters
    ----------
    scenario : Scenario
        Its rules, and its parameter `run_fade_weeks`.
    timeline : Timeline, optional
        Accepted so that all compilers of a scenario are called alike; it must lie on the scenario's own grid.
    lay : Lay, optional
        What makes the tables: the plain functions, if not their compiled form.
    """
    clock = scenario.grid
    if timeline is not None and timeline.steps != clock.steps:
        raise ValueError(f"the timeline has {timeline.steps} steps, the scenario {clock.steps}")
    thresholds = thresholds_of(scenario.rules)
    active = activity(scenario, clock)
    reach = _reach(scenario, thresholds)
    at_once = (active.coverage > 0.0).astype(np.float64) @ reach.reaches.T
    return PolicyBook(
        thresholds=thresholds,
        rule_ids=tuple(rule.id for rule in scenario.rules),
        coverage=active.coverage,
        in_force=active.in_force,
        chains={
            len(rule.approval.chain): rule.approval.chain
            for rule in reversed(scenario.rules)
            if rule.approval
        },
        levels=int(at_once.max(initial=0.0)),
        _reach=reach,
        _course=course_of(active),
        _lay=lay or Lay(),
    )


def _reach(scenario: Scenario, thresholds: tuple[float, ...]) -> Reach:
    rules = scenario.rules
    binds = np.zeros((len(rules), KIN * CLASSES * RANKS), np.bool_)
    words = np.full(binds.shape, FREE_WORD, np.uint32)
    newest = np.zeros(len(rules), np.intp)
    newest[sorted(range(len(rules)), key=lambda index: (rules[index].start or date.min, index))] = range(
        len(rules)
    )
    for index, rule in enumerate(rules):
        binds[index] = reach_of(rule, scenario.rank_names, thresholds).ravel()
        words[index, binds[index]] = word_of(rule)
    pairs = [(sector, region) for sector in scenario.sector_names for region in scenario.region_names]
    reaches = [[_reaches(rule, *pair) for rule in rules] for pair in pairs]
    return Reach(words, binds, newest, np.array(reaches, np.bool_).reshape(len(pairs), len(rules)))


def _reaches(rule: Rule, sector: str, region: str) -> bool:
    scope = rule.applies_to
    return (scope.sectors is None or sector in scope.sectors) and (
        scope.regions is None or region in scope.regions
    )
