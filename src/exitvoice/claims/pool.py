"""A claim's answers in all worlds that were run, and how they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.claims.design import THEORIES, Setting, short_name
from exitvoice.claims.evaluate import Answers
from exitvoice.claims.schema import Worlds
from exitvoice.claims.screen import NOT_SCREENED, Screening
from exitvoice.claims.shares import LOOKS, Share, level_of, share_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A hypothesis's answers at points of one theory."""

    theory: str
    points: Floats
    answers: Answers


@dataclass(frozen=True)
class Pool:
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
    is_last : bool
        Whether this is the last look: only then interactions are asked for.
    """

    setting: Setting
    worlds: Worlds
    seed: int = 0
    level: float = level_of(LOOKS - 1)
    screening: Screening = NOT_SCREENED
    is_last: bool = True

    def share(self, truth: Floats, theory: NDArray[np.int64]) -> Share:
        """Return a share in which every theory weighs alike."""
        return share_of(truth, strata=theory, seed=self.seed, level=self.level)


def pooled(samples: Sequence[Sample], factors: int) -> Pool:
    """Put samples one under another."""
    most = max((sample.answers.truth.shape[1] for sample in samples), default=1)
    names = samples[0].answers.effects if samples else {}
    return Pool(
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


def mean_truth(truth: Floats) -> Floats:
    """Return the mean truth of each point over its replications; NaN where none is known."""
    known = ~np.isnan(truth)
    counted = known.sum(axis=1)
    summed = np.where(known, truth, 0.0).sum(axis=1)
    return np.asarray(np.divide(summed, counted, out=np.full(truth.shape[0], np.nan), where=counted > 0))


def default_values(paths: Sequence[str], setting: Setting) -> Mapping[str, float]:
    """Return the defaults of factors by path: the scenario's own value, the middle of a range that has none."""
    values = setting.scenario.values
    middle = {factor.path: (factor.low + factor.high) / 2 for factor in setting.factors}
    return {path: values.get(short_name(path), middle.get(path, float("nan"))) for path in paths}
