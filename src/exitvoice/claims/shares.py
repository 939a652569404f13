"""The share of plausible worlds in which something holds, and how sure that is.

A world is a draw of assumptions from their priors together with a draw of chance, so its share over independent
draws is a binomial one and its interval holds simulation noise already. Where a point was run more than once, its
replications stand together: the points are weighted anew as the Bayesian bootstrap does (Rubin 1981), and the
replications of a point are drawn anew. Half a world in which it holds and half one in which it does not are added, so
that without replications the interval is Jeffreys's.

Runs are spent where verdicts are open, so the theories of expression end with unequal numbers of worlds. Each theory is
a stratum: shares are estimated in each and averaged, so that no theory weighs more because more was asked of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ERRORS = (0.005, 0.010, 0.035)
"""How often the interval of each look may err: all looks together in 5 %. Most is left to the last, which has most
worlds; what is clear after the first is clear at half a per cent too."""
LOOKS = len(ERRORS)
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


def level_of(look: int) -> float:
    """Return the level of the intervals at a look, from 0; the last one's beyond.

    Examples
    --------
    >>> level_of(0), level_of(7)
    (0.995, 0.965)
    """
    return 1.0 - ERRORS[min(look, LOOKS - 1)]


def share_of(
    truth: Floats,
    *,
    strata: NDArray[np.integer] | None = None,
    seed: int = 0,
    level: float = 1.0 - ERRORS[-1],
) -> Share:
    """Return the share of worlds in which something holds.

    Parameters
    ----------
    truth : array (points, replications)
        1 where it holds, 0 where not, NaN where it is not known.
    strata : array (points,), optional
        Stratum of each point; each that has a known world weighs alike.
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
    asked = known.any(axis=1)
    truth, known = truth[asked], known[asked]
    of = np.zeros(len(truth), np.int64) if strata is None else np.asarray(strata)[asked]
    names = np.unique(of)
    if not names.size:
        return Share(float("nan"), 0.0, 1.0, 0)
    random = np.random.default_rng(seed)
    each = np.where(known, truth, 0.0).sum(axis=1) / known.sum(axis=1)
    value, shares = 0.0, np.zeros(_DRAWS)
    for name in names:
        inside = of == name
        value += float(each[inside].mean()) / names.size
        prior = 0.5 / names.size
        shares += _bootstrap(truth[inside], known[inside], each[inside], prior, random) / names.size
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return Share(value, float(low), float(high), len(truth))


def _bootstrap(
    truth: Floats, known: NDArray[np.bool_], each: Floats, prior: float, random: np.random.Generator
) -> Floats:
    """Draw the share anew; `prior` worlds in which it holds, and as many in which not, are added."""
    worlds = truth.shape[0]
    drawn = np.tile(each, (_DRAWS, 1))
    for row in np.flatnonzero(known.sum(axis=1) > 1):
        values = truth[row, known[row]]
        drawn[:, row] = random.choice(values, (_DRAWS, values.size)).mean(axis=1)
    shape = np.concatenate([np.ones(worlds), [prior, prior]])
    weight = random.standard_gamma(shape, (_DRAWS, worlds + 2))
    return np.asarray(((weight[:, :worlds] * drawn).sum(axis=1) + weight[:, -1]) / weight.sum(axis=1))


def disagreement(truth: Floats) -> float:
    """Return the share of points, run more than once, at which chance alone changes the answer; NaN if none was."""
    known = ~np.isnan(truth)
    twice = truth[known.sum(axis=1) > 1]
    if not twice.shape[0]:
        return float("nan")
    return float((np.nanmax(twice, axis=1) > np.nanmin(twice, axis=1)).mean())
