"""Morris's screen: which mechanisms can be left alone before anybody asks which assumption decides.

A claim may hinge on a hundred assumptions, too many to tell one from chance with as many worlds. So first all
assumptions of a mechanism are moved at once, from one plausible point to another, everything else left as it is, and
with the same draws: an elementary effect. A mechanism that moves the claim's effects past hardly any other world is
left out of the indices and the box. Elementary effects: Morris 1991, Technometrics 33; of groups: Campolongo, Cariboni
and Saltelli 2007, Environmental Modelling & Software 22; in a radial design, whose base points are worlds that are run
anyway: Campolongo, Saltelli and Cariboni 2011, Computer Physics Communications 182.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.claims.design import THEORIES, Setting, derived_seed
from exitvoice.claims.evaluate import effect_of
from exitvoice.claims.findings import Screened
from exitvoice.claims.load import parameters_of
from exitvoice.claims.runner import Runner
from exitvoice.claims.schema import COVERAGE, Hypothesis, Worlds
from exitvoice.ensemble import Plan, latin_hypercube
from exitvoice.scenario import load_priors

Floats = NDArray[np.float64]
LEAST_EFFECT = 0.05
"""Of a mechanism that stays: moved, it carries a claim's effect past one world in twenty on average."""
MOST_BASES = 2 * len(THEORIES)


@dataclass(frozen=True)
class Base:
    """The first round under one theory: its plan and its numbers, on which the screen stands."""

    plan: Plan
    data: xr.Dataset


@dataclass(frozen=True)
class Screening:
    """For each claim, its mechanisms with the size of their elementary effects, the largest first."""

    by_claim: Mapping[str, tuple[Screened, ...]]
    groups: Mapping[str, tuple[int, ...]]

    def columns(self, claim: str) -> frozenset[int] | None:
        """Return the columns of the points that matter to a claim; None where it was not screened."""
        found = self.by_claim.get(claim)
        if not found:
            return None
        return frozenset(at for one in found if one.is_kept for at in self.groups[one.mechanism])


NOT_SCREENED = Screening({}, {})


def groups_of(setting: Setting) -> dict[str, tuple[int, ...]]:
    """Return the columns of each mechanism; fields of rules are `coverage`."""
    priors = load_priors()
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(setting.names):
        groups.setdefault(priors[name].mechanism if name in priors else COVERAGE, []).append(at)
    return {name: tuple(columns) for name, columns in groups.items()}


def cost_of_base(asked: Sequence[Hypothesis], setting: Setting, worlds: Worlds) -> int:
    """Return the runs that the screen takes at one base point."""
    return sum(len(needed) for needed in _worlds_by_group(asked, setting, worlds).values())


def screen(
    runner: Runner, asked: Sequence[Hypothesis], bases: Mapping[str, Base], worlds: Worlds, *, points: int
) -> Screening:
    """Move each mechanism at some base points and return how far that carries each claim's effects.

    Parameters
    ----------
    runner : Runner
    asked : sequence of Hypothesis
    bases : mapping of str to Base
        The first round, by theory.
    worlds : Worlds
    points : int
        Base points, dealt out to the theories in turn.
    """
    setting = runner.setting
    groups, needed = groups_of(setting), _worlds_by_group(asked, setting, worlds)
    own_groups = {item.claim: set(_worlds_by_group([item], setting, worlds)) for item in asked}
    others = latin_hypercube(setting.factors, points, seed=derived_seed(setting.seed, "screen"))
    effects: dict[tuple[str, str], list[float]] = {}
    ranks = {item.claim: _Ranks(item, list(bases.values())) for item in asked}
    for at, theory in enumerate(THEORIES):
        own = range(at, points, len(THEORIES))
        rows = [(number // len(THEORIES), others[number]) for number in own]
        for place, (names, members) in enumerate(_by_worlds(needed).items()):
            if not rows or runner.account.is_stopped:
                continue
            moves = [(row, group, _moved(bases[theory].plan.points[row], other, groups[group]))
                     for row, other in rows for group in members]  # fmt: skip
            plan = replace(bases[theory].plan, points=np.array([to for _, _, to in moves]),
                           variants=tuple(v for v in bases[theory].plan.variants if v.name in names),
                           design="radial")  # fmt: skip
            data = runner.run(plan, f"screen/{theory}-{place + 1}", "Morris's screen")
            for item in asked:
                if set(item.worlds) <= set(names):
                    _note(item, data, moves, ranks[item.claim], at, effects)
    effects = {which: sizes for which, sizes in effects.items() if which[1] in own_groups[which[0]]}
    return Screening(_sized(effects), groups)


def _worlds_by_group(
    asked: Sequence[Hypothesis], setting: Setting, worlds: Worlds
) -> dict[str, tuple[str, ...]]:
    paths = {factor.path.removesuffix(".value"): at for at, factor in enumerate(setting.factors)}
    found: dict[str, dict[str, None]] = {}
    for item in asked:
        columns = {paths[path.removesuffix(".value")] for path in parameters_of(item, worlds)}
        for group, own in groups_of(setting).items():
            if columns & set(own):
                found.setdefault(group, {}).update(dict.fromkeys(item.worlds))
    return {group: tuple(names) for group, names in found.items()}


def _by_worlds(needed: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], list[str]]:
    """Put groups that need the same worlds together, so that they are one ensemble."""
    found: dict[tuple[str, ...], list[str]] = {}
    for group, names in needed.items():
        found.setdefault(tuple(sorted(names)), []).append(group)
    return found


def _moved(base: Floats, other: Floats, columns: Sequence[int]) -> Floats:
    point = base.copy()
    point[list(columns)] = other[list(columns)]
    return point


class _Ranks:
    """Where an effect lies among those of all worlds of the first round: a share, so that no outlier counts more."""

    def __init__(self, hypothesis: Hypothesis, bases: Sequence[Base]) -> None:
        self.at_base = [
            {part.name: effect_of(part, base.data)[:, 0] for part in hypothesis.conditions} for base in bases
        ]
        self._known = {
            part.name: np.sort(np.concatenate([one[part.name] for one in self.at_base]))
            for part in hypothesis.conditions
        }

    def of(self, part: str, effect: float) -> float:
        """Return the share of worlds with a smaller effect, and half of those with the same."""
        known = self._known[part][~np.isnan(self._known[part])]
        if np.isnan(effect) or not known.size:
            return float("nan")
        below, upto = np.searchsorted(known, effect, "left"), np.searchsorted(known, effect, "right")
        return float((below + upto) / 2 / known.size)


def _note(
    item: Hypothesis,
    data: xr.Dataset,
    moves: Sequence[tuple[int, str, Floats]],
    ranks: _Ranks,
    theory: int,
    effects: dict[tuple[str, str], list[float]],
) -> None:
    """Note how far each move carried the effects of a hypothesis: the farthest of its parts counts."""
    after = {part.name: effect_of(part, data)[:, 0] for part in item.conditions}
    for place, (row, group, _) in enumerate(moves):
        gaps = [
            abs(ranks.of(name, values[place]) - ranks.of(name, ranks.at_base[theory][name][row]))
            for name, values in after.items()
        ]
        known = [gap for gap in gaps if not np.isnan(gap)]
        if known:
            effects.setdefault((item.claim, group), []).append(max(known))


def _sized(effects: Mapping[tuple[str, str], Sequence[float]]) -> dict[str, tuple[Screened, ...]]:
    found: dict[str, list[Screened]] = {}
    for (claim, group), sizes in effects.items():
        size = float(np.mean(sizes))
        found.setdefault(claim, []).append(Screened(group, size, len(sizes), size >= LEAST_EFFECT))
    return {claim: tuple(sorted(own, key=lambda one: -one.size)) for claim, own in found.items()}
