"""Compile dated rules to tables that answer, at each step: what binds this kind of person in this unit?

A unit obeys a rule while its zeal lies below the rule's coverage. In one stratum (sector and region) the active rules
are sorted by coverage; a unit's level is the number of coverages above its zeal, and the word of a level joins the
rules of largest coverage, field by field the strictest. So overlapping rules need no products of shares.

A rule that is announced and not yet in force changes no word. It makes people run: exp(-(t - announced) / tau) from the
announcement until it is in force and the days of custody have passed, averaged over the step. Before the announcement
its effect is exactly zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from exitvoice.scenario.activity import Active, Course, activity, by_coverage, course_of
from exitvoice.scenario.reach import reach_of, thresholds_of
from exitvoice.scenario.rules import Rule
from exitvoice.scenario.schema import Scenario
from exitvoice.scenario.timeline import Timeline
from exitvoice.scenario.words import FREE_WORD, Terms, WordBuilder, Words, terms_of

KIN, CLASSES, RANKS = 2, 4, 4
CELLS = (KIN, CLASSES, RANKS)

Single = npt.NDArray[np.float32]
Binds = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PolicyTable:
    """What binds whom in one step.

    Attributes
    ----------
    breakpoints : float32 (strata, L)
        Coverages of the active rules, largest first, padded with 0. A unit's level is the number of them above its
        zeal. Stratum = sector * regions + region.
    words : uint32 (strata, L + 1, 2 kin, 4 classes, 4 ranks)
        Word of each level; bits in `exitvoice.scenario.words`. Kin 1: has a listed relative. Class 0 serves; 1, 2 and 3
        left office less than the first threshold, less than the second, or longer ago.
    run : float32, as words
        Height of the run before a rule that will bind, 0 to 1.
    force : float32, as words
        Fraction of the step for which the newest binding rule is in force; 1 ordinarily.
    highest_run : float
        The largest of `run`.
    """

    breakpoints: Single
    words: Words
    run: Single
    force: Single
    highest_run: float


@dataclass(frozen=True)
class _Order:
    """What an order of active rules by coverage gives, whatever the coverages: built once for each order.

    Attributes
    ----------
    places : (strata, L)
        Which of the ordered rules stands at each level; beyond the last, their number.
    words : uint32 (strata, L + 1, 2, 4, 4)
    """

    places: npt.NDArray[np.intp]
    words: Words


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
    coverage: npt.NDArray[np.float64]
    in_force: npt.NDArray[np.float64]
    chains: Mapping[int, tuple[str, ...]]
    levels: int
    _terms: tuple[Terms, ...]
    _reach: tuple[Binds, ...]
    _newest: tuple[int, ...]
    _patterns: tuple[tuple[tuple[int, ...], npt.NDArray[np.intp]], ...]
    _strata: int
    _active: tuple[tuple[Active, ...], ...]
    _course: Course
    _last: tuple[tuple[Active, ...], PolicyTable] | None = None
    _orders: dict[int, _Order] = field(default_factory=dict)

    def at(self, step: int) -> PolicyTable:
        """Return the table of a step; equal tables in a row are one object, and so are equal parts of two tables."""
        active = self._active[step]
        if self._last is None or (self._last[0] is not active and self._last[0] != active):
            self._last = (active, self._build(step))
        return self._last[1]

    def _build(self, step: int) -> PolicyTable:
        active, course = self._active[step], self._course
        which = course.order[step]
        if which not in self._orders:
            self._orders[which] = self._order(by_coverage(active))
        order, (run, force), highest = self._orders[which], self._at_rest, 0.0
        breakpoints = course.coverages[step][order.places]
        if course.has_run[step]:
            run = self._runs(by_coverage(active), order)
            highest = float(run.max(initial=0.0))
        if course.has_part[step]:
            force = self._forced(by_coverage(active))
        for array in (breakpoints, run, force):
            array.setflags(write=False)
        return PolicyTable(breakpoints, order.words, run, force, highest)

    @cached_property
    def _at_rest(self) -> tuple[Single, Single]:
        """Run and force where no rule is about to begin, begins or ends."""
        shape = (self._strata, self.levels + 1, *CELLS)
        return np.zeros(shape, dtype=np.float32), np.ones(shape, dtype=np.float32)

    def _order(self, ordered: list[Active]) -> _Order:
        places = np.full((self._strata, self.levels), len(ordered), dtype=np.intp)
        words = np.full((self._strata, self.levels + 1, *CELLS), FREE_WORD, dtype=np.uint32)
        for rules, strata in self._patterns:
            here = [place for place, one in enumerate(ordered) if one.rule in rules]
            places[strata, : len(here)] = here
            words[strata] = self._words([ordered[place] for place in here])
        words.setflags(write=False)
        return _Order(places, words)

    def _words(self, here: list[Active]) -> Words:
        builder, levels = WordBuilder(CELLS), np.empty((self.levels + 1, *CELLS), dtype=np.uint32)
        levels[:] = builder.words()
        for level, one in enumerate(here, start=1):
            if one.fraction > 0.0:
                builder.add(self._terms[one.rule], self._reach[one.rule])
            levels[level:] = builder.words()
        return levels

    def _runs(self, ordered: list[Active], order: _Order) -> Single:
        levels = np.zeros((self._strata, self.levels + 1, *CELLS), dtype=np.float32)
        for place, one in enumerate(ordered):
            if one.run > 0.0:
                reached = np.maximum.accumulate(order.places == place, axis=1)
                run = reached[..., np.newaxis, np.newaxis, np.newaxis] * (
                    self._reach[one.rule] * np.float32(one.run)
                )
                np.maximum(levels[:, 1:], run, out=levels[:, 1:])
        return levels

    def _forced(self, ordered: list[Active]) -> Single:
        force = self._at_rest[1].copy()
        for rules, strata in self._patterns:
            here = [one for one in ordered if one.rule in rules]
            if any(0.0 < one.fraction < 1.0 for one in here):
                force[strata] = self._forces(here)
        return force

    def _forces(self, here: list[Active]) -> Single:
        levels = np.ones((self.levels + 1, *CELLS), dtype=np.float32)
        newest = np.full(CELLS, -1)
        for level, one in enumerate(here, start=1):
            if one.fraction > 0.0:
                newer = self._reach[one.rule] & (self._newest[one.rule] > newest)
                newest[newer] = self._newest[one.rule]
                levels[level:, newer] = one.fraction
        return levels


def compile_policy(scenario: Scenario, timeline: Timeline | None = None) -> PolicyBook:
    """Compile a scenario's rules on its grid of steps.

    Parameters
    ----------
    scenario : Scenario
        Its rules, and its parameter `run_fade_weeks`.
    timeline : Timeline, optional
        Accepted so that all compilers of a scenario are called alike; it must lie on the scenario's own grid.
    """
    clock = scenario.grid
    if timeline is not None and timeline.steps != clock.steps:
        raise ValueError(f"the timeline has {timeline.steps} steps, the scenario {clock.steps}")
    thresholds = thresholds_of(scenario.rules)
    active = activity(scenario, clock)
    patterns = _patterns(scenario)
    by_date = sorted(
        range(len(scenario.rules)), key=lambda index: (scenario.rules[index].start or date.min, index)
    )
    shape = (clock.steps, len(scenario.rules))
    coverage, in_force = np.zeros(shape), np.zeros(shape)
    for step, rules in enumerate(active):
        for one in rules:
            coverage[step, one.rule], in_force[step, one.rule] = one.coverage, one.fraction
    return PolicyBook(
        thresholds=thresholds,
        rule_ids=tuple(rule.id for rule in scenario.rules),
        coverage=coverage,
        in_force=in_force,
        chains={
            len(rule.approval.chain): rule.approval.chain
            for rule in reversed(scenario.rules)
            if rule.approval
        },
        levels=max(
            (sum(one.rule in rules for one in now) for now in set(active) for rules, _ in patterns), default=0
        ),
        _terms=tuple(terms_of(rule) for rule in scenario.rules),
        _reach=tuple(reach_of(rule, scenario.rank_names, thresholds) for rule in scenario.rules),
        _newest=tuple(by_date.index(index) for index in range(len(scenario.rules))),
        _patterns=patterns,
        _strata=len(scenario.sectors) * len(scenario.regions),
        _active=active,
        _course=course_of(active, coverage),
    )


def _patterns(scenario: Scenario) -> tuple[tuple[tuple[int, ...], npt.NDArray[np.intp]], ...]:
    """Group the strata by the rules that can reach them: within a group all tables are equal."""
    groups: dict[tuple[int, ...], list[int]] = {}
    pairs = [(sector, region) for sector in scenario.sector_names for region in scenario.region_names]
    for stratum, (sector, region) in enumerate(pairs):
        rules = tuple(index for index, rule in enumerate(scenario.rules) if _reaches(rule, sector, region))
        groups.setdefault(rules, []).append(stratum)
    return tuple((rules, np.array(strata, dtype=np.intp)) for rules, strata in groups.items())


def _reaches(rule: Rule, sector: str, region: str) -> bool:
    scope = rule.applies_to
    return (scope.sectors is None or sector in scope.sectors) and (
        scope.regions is None or region in scope.regions
    )
