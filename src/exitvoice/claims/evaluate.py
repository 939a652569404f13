"""From the numbers of an ensemble to truth: does a hypothesis hold in each of its worlds?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.claims.outcomes import read_outcome, simulated_events
from exitvoice.claims.schema import Condition, Datum, Hypothesis

Floats = NDArray[np.float64]
LEAST_EVENTS = 5.0
"""Fewer simulated persons than this, in both worlds together, make no ratio."""


@dataclass(frozen=True)
class Answers:
    """What a hypothesis came to at some points.

    Attributes
    ----------
    truth : array (points, replications)
        1 where every part holds, 0 where one does not, NaN where it is not known or does not count.
    effects : dict of str to array (points, replications)
        The effect, or the level, of each condition.
    fits : array (points, replications)
        Whether the world as it stands agrees with the data of the hypothesis.
    """

    truth: Floats
    effects: dict[str, Floats]
    fits: NDArray[np.bool_]


def evaluate(hypothesis: Hypothesis, data: xr.Dataset) -> Answers:
    """Ask a hypothesis of every point and replication of an ensemble that holds its worlds.

    Parameters
    ----------
    hypothesis : Hypothesis
    data : xr.Dataset
        Dimensions variant (named by world), point, replication, and what its outcomes need.

    Returns
    -------
    Answers
    """
    effects = {part.name: effect_of(part, data) for part in hypothesis.conditions}
    truth = _all([holds(part, effects[part.name]) for part in hypothesis.parts])
    if hypothesis.given:
        counts = _all([holds(part, effects[part.name]) for part in hypothesis.given])
        truth = np.where(counts == 1.0, truth, np.nan)
    fits = np.ones(truth.shape, bool)
    for datum in hypothesis.data:
        fits &= _fits(datum, data, hypothesis.parts[0].world)
    return Answers(truth, effects, fits)


def effect_of(condition: Condition, data: xr.Dataset) -> Floats:
    """Return the effect of a condition's intervention, or the level it asks for, (points, replications)."""
    values = read_outcome(data, condition.outcome, condition.horizon)
    with_it = _of(values, condition.intervention or condition.world)
    if condition.measure == "level":
        return with_it
    without = _of(values, condition.world)
    if condition.measure == "difference":
        return with_it - without
    ratio = np.divide(with_it, without, out=np.full_like(with_it, np.inf), where=without > 0) - 1.0
    ratio[np.isnan(with_it) | np.isnan(without)] = np.nan
    events = simulated_events(data, condition.outcome, condition.horizon)
    if events is not None:
        both = _of(events, condition.world) + _of(events, condition.intervention or condition.world)
        ratio[~(both >= LEAST_EVENTS)] = np.nan
    elif bool((without == 0).any()):
        ratio[(without == 0) & (with_it == 0)] = np.nan
    return np.asarray(ratio)


def holds(condition: Condition, effect: Floats) -> Floats:
    """Return 1 where a condition is met, 0 where not, NaN where the effect is not known."""
    limit = condition.threshold
    met = {
        "rises": effect > limit,
        "falls": effect < -limit,
        "unmoved": np.abs(effect) < limit,
        "above": effect > limit,
        "below": effect < limit,
    }[condition.direction]
    return np.where(np.isnan(effect), np.nan, met.astype(np.float64))


def beside(answers: Answers, again: Answers) -> Answers:
    """Return answers with those of the same first points under other chance beside them, as further replications."""
    rows = ((0, answers.truth.shape[0] - again.truth.shape[0]), (0, 0))

    def joined(one: Floats, two: Floats) -> Floats:
        return np.concatenate([one, np.pad(two, rows, constant_values=np.nan)], axis=1)

    return Answers(
        truth=joined(answers.truth, again.truth),
        effects={name: joined(values, again.effects[name]) for name, values in answers.effects.items()},
        fits=np.concatenate([answers.fits, np.pad(again.fits, rows)], axis=1),
    )


def _of(values: xr.DataArray, world: str) -> Floats:
    return np.asarray(values.sel(variant=world).transpose("point", "replication").values, np.float64)


def _all(truths: Sequence[Floats]) -> Floats:
    """Whether all hold: one that does not settles it, even where another is not known."""
    stacked = np.stack(truths)
    fails, known = (stacked == 0.0).any(axis=0), ~np.isnan(stacked).any(axis=0)
    return np.where(fails, 0.0, np.where(known, 1.0, np.nan))


def _fits(datum: Datum, data: xr.Dataset, world: str) -> NDArray[np.bool_]:
    values = _of(read_outcome(data, datum.outcome, datum.horizon), world)
    return np.asarray((values >= datum.low) & (values <= datum.high))
