"""The fewest assumptions that turn an answer: found among the points that were run, made fewer by runs of their own.

At the defaults the claim holds or it does not. Points at which it is the other way round lie somewhere in the space of
assumptions. Of the nearest of them, the values of the assumptions that matter most are put into the defaults: one, two,
four, all that passed the screen, every one; and the worlds are run. A point may have turned by chance only, and the
nearest ones lie at the edge of where the claim turns: if none of their sets does, points farther off are tried. The
smallest set that turns the answer is made
smaller then: a part of it is put back to its default, and where the answer stays turned it is left there. It is minimal
when no single value can be put back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.claims.counterexamples.case import settings_in
from exitvoice.claims.design import Setting
from exitvoice.claims.evaluate import Answers, evaluate
from exitvoice.claims.findings import Finding
from exitvoice.claims.outcomes import KEPT
from exitvoice.claims.pool import Sample, default_values
from exitvoice.claims.runner import Runner
from exitvoice.claims.schema import Hypothesis
from exitvoice.claims.screen import groups_of
from exitvoice.ensemble import Plan, Variant

Floats = NDArray[np.float64]
Values = Mapping[str, float]
NEAREST = 2
"""Points whose values are tried one by one."""
FARTHER = 3
"""Points farther off that are tried one after the other where no set of the nearest turns the answer."""
_STAGES = 9


@dataclass(frozen=True)
class Turned:
    """A set of values that turns the answer, and what the worlds gave there and at the defaults."""

    values: Values
    is_minimal: bool
    holds_at_defaults: bool
    at_defaults: Answers
    answers: Answers


@dataclass(frozen=True)
class _Search:
    """How far the search for one claim has come; `step` values are put back at once.

    `further` are sets from points farther off, for where the nearest turned by chance only.
    """

    hypothesis: Hypothesis
    at_defaults: Answers
    waiting: tuple[Values, ...]
    further: tuple[tuple[Values, ...], ...] = ()
    best: Turned | None = None
    step: int = 0

    @property
    def holds(self) -> bool:
        return bool(self.at_defaults.truth[0, 0] == 1.0)

    @property
    def is_over(self) -> bool:
        return not self.waiting


def find_counterexamples(
    runner: Runner,
    asked: Sequence[Hypothesis],
    samples: Mapping[str, Sequence[Sample]],
    findings: Mapping[str, Finding],
) -> dict[str, Turned]:
    """Look for the fewest assumptions that turn each answer, with the runs that are left.

    Parameters
    ----------
    runner : Runner
    asked : sequence of Hypothesis
    samples : mapping of str to sequence of Sample
        By claim, what was run.
    findings : mapping of str to Finding
        By claim; their hinges and screens say which assumptions matter.

    Returns
    -------
    dict of str to Turned
        By claim; those of which none was found are not in it.
    """
    setting = runner.setting
    names = dict.fromkeys(name for item in asked for name in item.worlds)
    plan = _plan(setting, [Variant(name, dict(setting.worlds[name])) for name in names])
    data = runner.run(plan, "defaults", "the world at its defaults")
    if runner.account.is_stopped:
        return {}
    searches = [
        _begun(item, own, findings[item.claim], samples[item.claim], setting)
        for item in asked
        if not np.isnan((own := evaluate(item, data)).truth[0, 0])
    ]
    for stage in range(_STAGES):
        going = [search for search in searches if not search.is_over]
        affordable = _affordable(going, runner.account.left)
        found = _run(runner, affordable, stage) if affordable else {}
        if not found:
            break
        searches = [_after(search, found[search.hypothesis.claim])
                    if search.hypothesis.claim in found else search for search in searches]  # fmt: skip
    return {search.hypothesis.claim: search.best for search in searches if search.best is not None}


def _affordable(going: Sequence[_Search], runs: int) -> list[_Search]:
    """Cut what is tried to what can be paid: each claim its part, the smallest and the largest set first."""
    each = sum(len(search.hypothesis.worlds) for search in going)
    most = runs // each if each else 0
    if most < 1:
        return []
    return [replace(search, waiting=_spread(search.waiting, most)) for search in going]


def _spread(waiting: tuple[Values, ...], most: int) -> tuple[Values, ...]:
    if len(waiting) <= most:
        return waiting
    return (*waiting[: most - 1], waiting[-1])


def _run(runner: Runner, searches: Sequence[_Search], stage: int) -> dict[str, list[tuple[Values, Answers]]]:
    """Run every set of values that is waiting, each in the worlds of its claim."""
    setting = runner.setting
    variants = [
        Variant(_named(search, number, world), settings_in(values, setting.worlds[world]))
        for search in searches
        for number, values in enumerate(search.waiting)
        for world in search.hypothesis.worlds
    ]
    data = runner.run(_plan(setting, variants), f"turning-{stage + 1}", "counter-examples")
    if runner.account.is_stopped:
        return {}
    return {search.hypothesis.claim: [(values, _answers(search, number, data))
                                      for number, values in enumerate(search.waiting)]
            for search in searches}  # fmt: skip


def _after(search: _Search, tried: Sequence[tuple[Values, Answers]]) -> _Search:
    """Take the smallest set that turned the answer, and say what is to be tried next."""
    turned = [
        (values, answers) for values, answers in tried if answers.truth[0, 0] == float(not search.holds)
    ]
    if turned:
        values, answers = min(turned, key=lambda one: len(one[0]))
        best = Turned(values, len(values) == 1, search.holds, search.at_defaults, answers)
        step = max(1, len(values) // 3)
        return replace(search, best=best, step=step, waiting=_without_some(values, step))
    seen = [values for values, _ in tried]
    rest = tuple(values for values in search.waiting if values not in seen)
    if rest:
        return replace(search, waiting=rest)
    if search.best is None:
        return replace(
            search, waiting=search.further[0] if search.further else (), further=search.further[1:]
        )
    if search.step == 1:  # nothing can be put back alone
        return replace(search, best=replace(search.best, is_minimal=True), waiting=())
    step = max(1, search.step // 3)
    return replace(search, step=step, waiting=_without_some(search.best.values, step))


def _without_some(values: Values, step: int) -> tuple[Values, ...]:
    """Return the set without each of its parts of `step` values."""
    if len(values) == 1:
        return ()
    paths = list(values)
    parts = [paths[at : at + step] for at in range(0, len(paths), step)]
    return tuple({path: values[path] for path in paths if path not in part} for part in parts)


def _begun(
    hypothesis: Hypothesis,
    at_defaults: Answers,
    finding: Finding,
    samples: Sequence[Sample],
    setting: Setting,
) -> _Search:
    """Return the search as it begins: sets of values of the nearest points that turned, then of points farther off."""
    turned = _turned(samples, setting, bool(at_defaults.truth[0, 0] == 1.0))
    if not turned.size:
        return _Search(hypothesis, at_defaults, ())
    order = _order(finding, setting)
    near = turned[np.argsort(_distance(turned, setting, order[:4]))]
    off = [near[at] for at in np.unique(np.linspace(0, len(near) - 1, FARTHER + 1).round().astype(int))[1:]]
    further = tuple(
        tuple({setting.factors[at].path: float(row[at]) for at in order[:size]} for size in (2, len(order)))
        for row in off
    )
    return _Search(hypothesis, at_defaults, _ladder(near, order, setting), further)


def _ladder(near: Floats, order: Sequence[int], setting: Setting) -> tuple[Values, ...]:
    """Return the sets of values worth a run, the smallest first: more and more of the nearest point that turned."""
    sets = [{setting.factors[at].path: float(row[at])} for row in near[:NEAREST] for at in order[:NEAREST]]
    sizes = sorted({2, 4, max(2, len(order) // 2), len(order)})
    sets += [{setting.factors[at].path: float(near[0][at]) for at in order[:size]} for size in sizes]
    unique = {tuple(sorted(values.items())): values for values in sets}
    return tuple(sorted(unique.values(), key=len))


def _order(finding: Finding, setting: Setting) -> list[int]:
    """Return the columns that may matter: hinges first, then the mechanisms as the screen has them, then the rest."""
    names = [hinge.factor for hinge in finding.hinges if hinge.factor in setting.names]
    groups = groups_of(setting)
    for one in finding.screened:
        names += [setting.names[at] for at in groups[one.mechanism]]
    if not finding.screened:
        names += setting.names
    return [setting.names.index(name) for name in dict.fromkeys(names)]


def _turned(samples: Sequence[Sample], setting: Setting, holds: bool) -> Floats:
    """Return the points of the scenario's own theory at which the answer is the other one."""
    rows = [
        sample.points[sample.answers.truth[:, 0] == float(not holds)]
        for sample in samples
        if sample.theory == setting.scenario.theory
    ]
    return np.concatenate(rows) if rows else np.zeros((0, len(setting.factors)))


def _distance(points: Floats, setting: Setting, columns: Sequence[int]) -> Floats:
    """Distance from the defaults over the assumptions that matter, each in units of its range."""
    middle = default_values([setting.factors[at].path for at in columns], setting)
    total = np.zeros(points.shape[0])
    for at in columns:
        factor = setting.factors[at]
        total += np.abs(points[:, at] - middle[factor.path]) / (factor.high - factor.low)
    return total


def _answers(search: _Search, number: int, data: xr.Dataset) -> Answers:
    worlds = search.hypothesis.worlds
    names = [_named(search, number, world) for world in worlds]
    return evaluate(search.hypothesis, data.sel(variant=names).assign_coords(variant=list(worlds)))


def _named(search: _Search, number: int, world: str) -> str:
    return f"{search.hypothesis.claim}/{number}/{world}"


def _plan(setting: Setting, variants: Sequence[Variant]) -> Plan:
    return Plan(
        scenario=setting.scenario,
        scale=setting.scale,
        seed=setting.seed,
        variants=tuple(variants),
        outputs=KEPT,
        design="defaults and what turns them",
    )
