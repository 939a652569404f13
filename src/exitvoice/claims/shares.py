"""The share of plausible worlds in which something holds, and how sure that is.

A world is a draw of assumptions from their priors together with a draw of chance, so its share over independent
draws is a binomial one and its interval holds simulation noise already. Where a point was run more than once, its
replications stand together: the points are weighted anew as the Bayesian bootstrap does (Rubin 1981), and the
replications of a point are drawn anew. Half a world in which it holds and half one in which it does not are added, so
that without replications the interval is Jeffreys's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOOKS = 3
LEVEL = 1.0 - 0.05 / LOOKS
"""Of every interval that a verdict rests on: it is looked at three times, and all three together err in 5 %."""
HIGH, LOW = 0.8, 0.2
LEAST_WORLDS = 12
_DRAWS = 4000


@dataclass(frozen=True)
class Share:
    """A share with its interval and the number of worlds it rests on."""

    value: float
    low: float
    high: float
    worlds: int

    @property
    def is_decided(self) -> bool:
        """Whether the interval lies clear of both limits of the verdicts."""
        return not (self.low <= HIGH <= self.high or self.low <= LOW <= self.high)


def share_of(truth: Floats, *, seed: int = 0, level: float = LEVEL) -> Share:
    """Return the share of worlds in which something holds.

    Parameters
    ----------
    truth : array (points, replications)
        1 where it holds, 0 where not, NaN where it is not known.
    seed : int
        Of the bootstrap.
    level : float
        Of the interval.

    Returns
    -------
    Share
        With `value` NaN and the interval 0 to 1 where nothing is known.

    Examples
    --------
    >>> import numpy as np
    >>> share = share_of(np.ones((40, 1)))
    >>> share.value, share.low > 0.85
    (1.0, True)
    """
    known = ~np.isnan(truth)
    truth, known = truth[known.any(axis=1)], known[known.any(axis=1)]
    worlds = truth.shape[0]
    if not worlds:
        return Share(float("nan"), 0.0, 1.0, 0)
    random = np.random.default_rng(seed)
    each = np.where(known, truth, 0.0).sum(axis=1) / known.sum(axis=1)
    drawn = np.tile(each, (_DRAWS, 1))
    again = np.flatnonzero(known.sum(axis=1) > 1)
    for row in again:
        values = truth[row, known[row]]
        drawn[:, row] = random.choice(values, (_DRAWS, values.size)).mean(axis=1)
    weight = random.standard_gamma(np.concatenate([np.ones(worlds), [0.5, 0.5]]), (_DRAWS, worlds + 2))
    shares = (weight[:, :worlds] * drawn).sum(axis=1) + weight[:, -1]
    low, high = np.quantile(shares / weight.sum(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return Share(float(each.mean()), float(low), float(high), worlds)


def disagreement(truth: Floats) -> float:
    """Return the share of points, run more than once, at which chance alone changes the answer; NaN if none was."""
    known = ~np.isnan(truth)
    twice = truth[known.sum(axis=1) > 1]
    if not twice.shape[0]:
        return float("nan")
    return float((np.nanmax(twice, axis=1) > np.nanmin(twice, axis=1)).mean())
