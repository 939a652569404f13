"""From truth in many worlds to a finding: share, verdict, what it hinges on, the box in which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exitvoice.analysis.discovery import Box, prim
from exitvoice.analysis.sensitivity import Index, given_data_indices
from exitvoice.claims.design import THEORIES, Setting, short_name
from exitvoice.claims.evaluate import Answers, holds
from exitvoice.claims.findings import Cut, Finding, PartFinding, finite
from exitvoice.claims.load import parameters_of
from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.claims.schema import Condition, Hypothesis, Worlds
from exitvoice.claims.screen import NOT_SCREENED, Screening
from exitvoice.claims.shares import LOOKS, Share, disagreement, level_of, share_of
from exitvoice.claims.verdicts import CANNOT_TELL, DEPENDS, verdict_of, verdict_of_hidden, verdict_of_some

Floats = NDArray[np.float64]
THETA = "punishment_steepness"
THEORY = "theory of expression"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LEAST_OF_EACH = (
    8  # worlds in which it holds, and in which not, below which nothing is asked of a box or an index
)


@dataclass(frozen=True)
class Sample:
    """A hypothesis's answers at points of one theory."""

    theory: str
    points: Floats
    answers: Answers


@dataclass(frozen=True)
class _Pool:
    """All samples of a hypothesis, one under another."""

    theory: NDArray[np.int64]
    points: Floats
    answers: Answers


@dataclass(frozen=True)
class Asking:
    """How a hypothesis is looked at.

    Attributes
    ----------
    setting : Setting
        Names of the columns of the points.
    worlds : Worlds
        Titles of what was compared.
    seed : int
        Of the bootstraps.
    level : float
        Of the intervals at this look.
    screening : Screening
        What may be left out of the indices and the box.
    """

    setting: Setting
    worlds: Worlds
    seed: int = 0
    level: float = level_of(LOOKS - 1)
    screening: Screening = NOT_SCREENED

    def share(self, truth: Floats, theory: NDArray[np.int64]) -> Share:
        """Return a share in which every theory weighs alike."""
        return share_of(truth, strata=theory, seed=self.seed, level=self.level)


def judge(hypothesis: Hypothesis, samples: Sequence[Sample], asking: Asking) -> Finding:
    """Return the finding on a hypothesis.

    Parameters
    ----------
    hypothesis : Hypothesis
        A testable one.
    samples : sequence of Sample
        Its answers; each a theory's.
    asking : Asking
    """
    pool = _pooled(samples, len(asking.setting.factors))
    truth = pool.answers.truth
    share = asking.share(truth, pool.theory)
    seen = asking.share(_where(truth, pool.answers.fits), pool.theory) if hypothesis.data else None
    hinges, noise, hinges_of = _hinges(hypothesis, pool, asking)
    chance = disagreement(truth)
    finding = Finding(
        claim=hypothesis.claim,
        verdict=verdict_of_hidden(share, seen) if hypothesis.hidden else verdict_of(share),
        reason="",
        tests=hypothesis.tests,
        question=hypothesis.question or "",
        by_construction=hypothesis.by_construction or "",
        left_open=hypothesis.left_open or "",
        is_cascade=hypothesis.cascade,
        is_hidden=hypothesis.hidden,
        share=share,
        seen=seen,
        parts=tuple(_part(part, pool, asking) for part in hypothesis.conditions),
        by_theory=_by_theory(hypothesis, pool, asking),
        by_sign=_by_sign(hypothesis, pool, asking),
        by_theta=_by_theta(hypothesis, pool, asking),
        hinges=hinges,
        hinges_of=hinges_of,
        noise=noise,
        screened=asking.screening.by_claim.get(hypothesis.claim, ()),
        box=_box(hypothesis, pool, asking),
        chance=None if np.isnan(chance) else chance,
        unmeasured=int(np.isnan(truth).all(axis=1).sum()),
    )
    return replace(finding, reason=_reason(finding))


def _pooled(samples: Sequence[Sample], factors: int) -> _Pool:
    most = max((sample.answers.truth.shape[1] for sample in samples), default=1)
    names = samples[0].answers.effects if samples else {}
    return _Pool(
        theory=np.concatenate([np.full(len(s.points), THEORIES.index(s.theory)) for s in samples])
        if samples
        else np.zeros(0, np.int64),
        points=np.concatenate([s.points for s in samples]) if samples else np.zeros((0, factors)),
        answers=Answers(
            truth=_stacked([s.answers.truth for s in samples], most),
            effects={name: _stacked([s.answers.effects[name] for s in samples], most) for name in names},
            fits=_stacked([s.answers.fits.astype(np.float64) for s in samples], most) == 1.0,
        ),
    )


def _stacked(parts: Sequence[Floats], most: int) -> Floats:
    wide = [np.pad(part, ((0, 0), (0, most - part.shape[1])), constant_values=np.nan) for part in parts]
    return np.concatenate(wide) if wide else np.zeros((0, most))


def _where(truth: Floats, keep: NDArray[np.bool_]) -> Floats:
    return np.where(keep, truth, np.nan)


def _cut(label: str, pool: _Pool, rows: NDArray[np.bool_], hypothesis: Hypothesis, asking: Asking) -> Cut:
    share = asking.share(pool.answers.truth[rows], pool.theory[rows])
    return Cut(label, share, CANNOT_TELL if hypothesis.hidden else verdict_of_some(share))


def _by_theory(hypothesis: Hypothesis, pool: _Pool, asking: Asking) -> tuple[Cut, ...]:
    return tuple(
        _cut(name.replace("_", " "), pool, pool.theory == at, hypothesis, asking)
        for at, name in enumerate(THEORIES)
    )


def _by_sign(hypothesis: Hypothesis, pool: _Pool, asking: Asking) -> tuple[Cut, ...]:
    cuts: list[Cut] = []
    for name in hypothesis.contested:
        column = pool.points[:, asking.setting.names.index(name)]
        cuts.append(_cut(f"{name} above zero", pool, column > 0, hypothesis, asking))
        cuts.append(_cut(f"{name} below zero", pool, column < 0, hypothesis, asking))
    return tuple(cuts)


def _by_theta(hypothesis: Hypothesis, pool: _Pool, asking: Asking) -> tuple[Cut, ...]:
    names = asking.setting.names
    if not hypothesis.cascade or THETA not in names:
        return ()
    at = names.index(THETA)
    edges = np.linspace(asking.setting.factors[at].low, asking.setting.factors[at].high, 4)
    column = pool.points[:, at]
    return tuple(
        _cut(
            f"theta {first:.1f} to {last:.1f}", pool, (column >= first) & (column <= last), hypothesis, asking
        )
        for first, last in pairwise(edges)
    )


def _part(condition: Condition, pool: _Pool, asking: Asking) -> PartFinding:
    effect, worlds = pool.answers.effects[condition.name], asking.worlds
    known = effect[~np.isnan(effect)]
    outcome = OUTCOMES[condition.outcome]
    # 'lower' takes values that occur, so that an infinite ratio does not spoil its neighbours
    spread = np.quantile(known, QUANTILES, method="lower") if known.size else np.full(len(QUANTILES), np.nan)
    titles = [worlds.worlds[name].title for name in (condition.intervention, condition.world) if name]
    return PartFinding(
        name=condition.name,
        outcome=outcome.title,
        unit="share" if condition.measure == "relative" else outcome.unit,
        measure=condition.measure,
        direction=condition.direction,
        threshold=condition.threshold,
        why=condition.why,
        worlds=" | against | ".join(titles),
        share=asking.share(holds(condition, effect), pool.theory),
        quantiles=tuple(finite(value) for value in spread),
        effects=tuple(finite(value) for value in np.sort(known)),
    )


def _columns(hypothesis: Hypothesis, asking: Asking) -> list[int]:
    wanted = {short_name(path) for path in parameters_of(hypothesis, asking.worlds)}
    kept = asking.screening.columns(hypothesis.claim)
    return [
        at for at, name in enumerate(asking.setting.names) if name in wanted and (kept is None or at in kept)
    ]


def _mean_truth(truth: Floats) -> Floats:
    known = ~np.isnan(truth)
    counted = known.sum(axis=1)
    summed = np.where(known, truth, 0.0).sum(axis=1)
    return np.asarray(np.divide(summed, counted, out=np.full(truth.shape[0], np.nan), where=counted > 0))


def _hinges(hypothesis: Hypothesis, pool: _Pool, asking: Asking) -> tuple[tuple[Index, ...], float, str]:
    columns = _columns(hypothesis, asking)
    names = [*(asking.setting.names[at] for at in columns), THEORY]
    at = np.column_stack([pool.points[:, columns], pool.theory])
    for title, values in _targets(hypothesis, pool):
        known = np.isfinite(values)
        if known.sum() < 2 * _LEAST_OF_EACH:
            continue
        found = given_data_indices(at[known], values[known], names, seed=asking.seed)
        if found.told_from_noise:
            return found.told_from_noise[:6], found.noise, title
    return (), 1.0, ""


def _targets(hypothesis: Hypothesis, pool: _Pool) -> list[tuple[str, Floats]]:
    """What indices are asked of: whether it holds, if that varies; else how large the effect is, in ranks."""
    targets: list[tuple[str, Floats]] = []
    truth = _mean_truth(pool.answers.truth)
    if min(np.nansum(truth), np.nansum(1.0 - truth)) >= _LEAST_OF_EACH:
        targets.append(("whether it holds", truth))
    for part in reversed(hypothesis.parts):
        effect = _mean_truth(pool.answers.effects[part.name])
        targets.append((f"the size of: {part.name}", _ranked(effect)))
    return targets


def _ranked(values: Floats) -> Floats:
    # a few huge ratios would otherwise be all of the variance
    ranks = np.full(values.size, np.nan)
    known = ~np.isnan(values)
    _, place = np.unique(values[known], return_inverse=True)
    ranks[known] = place
    return ranks


def _box(hypothesis: Hypothesis, pool: _Pool, asking: Asking) -> Box | None:
    truth = _mean_truth(pool.answers.truth)
    known = ~np.isnan(truth)
    is_true = truth[known] > 0.5
    if min(is_true.sum(), (~is_true).sum()) < _LEAST_OF_EACH:
        return None
    columns = _columns(hypothesis, asking)
    theories = (pool.theory[:, np.newaxis] == np.arange(len(THEORIES))).astype(np.float64)
    names = [
        *(asking.setting.names[at] for at in columns),
        *(f"theory: {name.replace('_', ' ')}" for name in THEORIES),
    ]
    at = np.column_stack([pool.points[:, columns], theories])
    return prim(at[known], is_true, names, seed=asking.seed)


def _reason(finding: Finding) -> str:
    share = finding.share
    assert share is not None
    if finding.verdict == CANNOT_TELL and finding.is_hidden:
        return (
            "It asks for the level of something nobody sees, and what is seen moves the share no further than chance: "
            "prior in, prior out."
        )
    if finding.verdict == CANNOT_TELL:
        return f"In only {share.worlds} worlds is there enough to measure."
    if finding.verdict == DEPENDS and not share.is_decided:
        return "The interval still crosses a limit of the verdicts: more runs may settle it."
    return ""


def default_values(paths: Sequence[str], setting: Setting) -> Mapping[str, float]:
    """Return the defaults of factors by path: the scenario's own value, the middle of a range that has none."""
    values = setting.scenario.values
    middle = {factor.path: (factor.low + factor.high) / 2 for factor in setting.factors}
    return {path: values.get(short_name(path), middle.get(path, float("nan"))) for path in paths}
