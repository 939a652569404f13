"""From truth in many worlds to a finding: share, verdict, and the same under each theory, sign and theta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exitvoice.claims.cuts import by_sign, by_theory, by_theta
from exitvoice.claims.evaluate import holds
from exitvoice.claims.findings import Cut, Finding, PartFinding, finite
from exitvoice.claims.hinges import box_of, hinges_of, interplay_of
from exitvoice.claims.needs import needs_of
from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.claims.pool import Asking, Pool, Sample, pooled
from exitvoice.claims.schema import Condition, Hypothesis
from exitvoice.claims.shares import disagreement
from exitvoice.claims.verdicts import CANNOT_TELL, DEPENDS, verdict_of, verdict_of_hidden

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


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
    pool = pooled(samples, len(asking.setting.factors))
    truth = pool.answers.truth
    share = asking.share(truth, pool.theory)
    seen = asking.share(_where(truth, pool.answers.fits), pool.theory) if hypothesis.data else None
    chance = disagreement(truth)
    unmeasured = int(np.isnan(truth).all(axis=1).sum())
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
        by_theory=by_theory(hypothesis, pool, asking),
        by_sign=by_sign(hypothesis, pool, asking),
        by_theta=by_theta(hypothesis, pool, asking),
        screened=asking.screening.by_claim.get(hypothesis.claim, ()),
        chance=None if np.isnan(chance) else chance,
        unmeasured=unmeasured,
        needs=None
        if hypothesis.hidden
        else needs_of(share, unmeasured=unmeasured, runs_a_world=len(hypothesis.worlds)),
    )
    finding = _with_deciding(finding, hypothesis, pool, asking)
    return replace(finding, reason=_reason(finding))


def _with_deciding(finding: Finding, hypothesis: Hypothesis, pool: Pool, asking: Asking) -> Finding:
    """Add what decides the claim; interactions at the last look only, for none spends runs by them."""
    hinges, noise, of_what = hinges_of(hypothesis, pool, asking)
    interplay, interplay_title = interplay_of(hypothesis, pool, asking) if asking.is_last else (None, "")
    return replace(
        finding,
        hinges=hinges,
        hinges_of=of_what,
        noise=noise,
        interplay=interplay,
        interplay_of=interplay_title,
        box=box_of(hypothesis, pool, asking),
    )


def withheld(finding: Finding, why: str) -> Finding:
    """Return a finding without its verdict: it rests on a posterior that may not carry one.

    Shares stay, so that a reader sees what would have been said.
    """
    return replace(
        finding,
        verdict=CANNOT_TELL,
        reason=f"The assumptions were inferred. {why}",
        needs=None,
        by_theory=_without_verdicts(finding.by_theory),
        by_sign=_without_verdicts(finding.by_sign),
        by_theta=_without_verdicts(finding.by_theta),
    )


def _without_verdicts(cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    return tuple(replace(cut, verdict=CANNOT_TELL, needs=None) for cut in cuts)


def _where(truth: Floats, keep: NDArray[np.bool_]) -> Floats:
    return np.where(keep, truth, np.nan)


def _part(condition: Condition, pool: Pool, asking: Asking) -> PartFinding:
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
        return f"The interval still crosses a limit of the verdicts. {_more(finding)}"
    return ""


def _more(finding: Finding) -> str:
    needs = finding.needs
    if needs is None or needs.runs is None:
        return "The share lies so near it that no number of runs is likely to settle it."
    return f"About {needs.runs:,} more runs would likely settle it, if the share stays what it is."
