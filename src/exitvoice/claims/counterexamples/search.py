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

from exitvoice.claims.counterexamples.case import settings_in
from exitvoice.claims.counterexamples.near import Values, sets_to_try
from exitvoice.claims.design import Setting
from exitvoice.claims.evaluate import Answers, evaluate
from exitvoice.claims.findings import Finding
from exitvoice.claims.outcomes import KEPT
from exitvoice.claims.pool import Sample
from exitvoice.claims.runner import Runner
from exitvoice.claims.schema import Hypothesis
from exitvoice.ensemble import Plan, Variant

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
    at_defaults = {item.claim: evaluate(item, data) for item in asked}
    searches = [
        _begun(item, at_defaults[item.claim], findings[item.claim], samples[item.claim], setting)
        for item in asked
        if not np.isnan(at_defaults[item.claim].truth[0, 0])
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


def _begun(
    hypothesis: Hypothesis,
    at_defaults: Answers,
    finding: Finding,
    samples: Sequence[Sample],
    setting: Setting,
) -> _Search:
    search = _Search(hypothesis, at_defaults, ())
    waiting, further = sets_to_try(finding, samples, setting, holds=search.holds)
    return replace(search, waiting=waiting, further=further)


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
