"""What a series tells of each unknown: how well draws are foretold from what the series would have shown of them.

A smooth function of the figures (kernel ridge regression: a straight part and a curved one) foretells each unknown of a
draw from the other draws, which leave it out. The share of the unknown's variance that goes so is a lower bound of
the mean contraction from prior to posterior, with everything else unknown as well: a better inference could tell more.
Dummies that no rule reads are foretold in the same way, ridge chosen and all; a series tells of an unknown only what
it does not seem to tell of the dummies, with the share of false fields among those told held below `FALSE_SHARE`
(Benjamini and Hochberg 1995, over all fields of a world).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Floats

FALSE_SHARE = 0.05
DUMMIES = 1000
TAIL = 0.05
"""Share of dummies from which the tail is carried on as an exponential one: like that of a chi-square with one degree
of freedom over the number of draws, which it would be for one straight figure."""
MOST_COMPONENTS = 16
"""Of the figures of a series, by their variance: with some hundred draws more would add more noise than they tell."""
LEAST_CHANCE = 1e-6
"""Less is not said: a tail that is carried on is no count."""
RIDGES = np.logspace(-1.5, 3.0, 8)
LEAST_SIZE = 1e-5


@dataclass(frozen=True, eq=False)
class Learnt:
    """What one series tells: for each unknown the share of variance that goes, its interval and its chance.

    Attributes
    ----------
    share, low, high : array (unknowns,)
        Mean over draws and an interval of 95 % of it.
    chance : array (unknowns,)
        Share of dummies of which as much seems told.
    noise : array (dummies,)
        What seems told of each dummy.
    """

    share: Floats
    low: Floats
    high: Floats
    chance: Floats
    noise: Floats


def learn(vectors: Floats, unknowns: Floats, groups: np.ndarray, *, seed: int) -> Learnt:
    """Ask what some figures tell of each unknown.

    Parameters
    ----------
    vectors : array (draws, numbers)
        What the series would have shown of each draw.
    unknowns : array (draws, columns)
        One column an unknown; several for one that is a word, each 0 or 1.
    groups : array (columns,)
        Number of the unknown that a column belongs to, from 0 and without gaps.
    seed : int
        Of the dummies.
    """
    dummies = np.random.Generator(np.random.PCG64([seed, 17])).random((len(vectors), DUMMIES))
    hat = _Hat.of(_components(vectors))
    after, before = (_by_group(errors, groups) for errors in hat.errors(unknowns))
    share, half = _shrunk(after, before)
    left, alone = hat.errors(dummies)
    noise = 1.0 - left.mean(axis=0) / alone.mean(axis=0)
    return Learnt(share, share - half, share + half, chance_of(share, noise), noise)


def together(several: Sequence[Learnt]) -> Learnt:
    """Return what several readings of the same draws tell: of each unknown, and of each dummy, what the best one tells.

    Together they tell at least as much as each alone; a single regression on all figures of many series may find less.
    """
    shares = np.array([one.share for one in several])
    best = shares.argmax(axis=0), np.arange(shares.shape[1])
    share = shares[best]
    low, high = (np.array([getattr(one, end) for one in several])[best] for end in ("low", "high"))
    noise = np.max([one.noise for one in several], axis=0)
    return Learnt(share, low, high, chance_of(share, noise), noise)


def chance_of(share: Floats, noise: Floats) -> Floats:
    """Return how often so much seems told of a dummy; beyond the last of them their tail is carried on.

    Parameters
    ----------
    share : array
    noise : array (dummies,)
        What seems told of each.
    """
    noise = np.sort(noise)
    reached = (1.0 + len(noise) - np.searchsorted(noise, share, side="left")) / (1.0 + len(noise))
    start = float(np.quantile(noise, 1.0 - TAIL))
    scale = max(float((noise[noise > start] - start).mean()), 1e-6)
    scale *= 1.0 + 1.0 / np.sqrt(TAIL * len(noise))  # one standard error to the safe side
    beyond = np.maximum(TAIL * np.exp(-(share - start) / scale), LEAST_CHANCE)
    return np.asarray(np.where(share > start, beyond, reached))


def beyond_chance(chances: Floats, *, false_share: float = FALSE_SHARE) -> np.ndarray:
    """Return which fields are told, with the expected share of false ones among them below `false_share`.

    Examples
    --------
    >>> beyond_chance(np.array([0.001, 0.9, 0.012, 0.4])).tolist()
    [True, False, True, False]
    """
    order = np.argsort(chances, kind="stable")
    allowed = false_share * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    under = np.flatnonzero(chances[order] <= allowed)
    told = np.zeros(len(chances), dtype=np.bool_)
    if under.size:
        told[order[: under[-1] + 1]] = True
    return told


def _components(vectors: Floats) -> Floats:
    """Return the leading components of standardised figures, (draws, components), each figure alike in weight."""
    finite = np.nan_to_num(vectors)
    spread = finite.std(axis=0)
    used = spread > 1e-9
    if not used.any():
        return np.zeros((len(vectors), 1))
    scaled = (finite[:, used] - finite[:, used].mean(axis=0)) / spread[used]
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=False)
    kept = slice(0, MOST_COMPONENTS)
    return np.asarray(left[:, kept] * sizes[kept])


@dataclass(frozen=True, eq=False)
class _Hat:
    """What foretells any column from the figures of the other draws, for every ridge."""

    sizes: Floats
    vectors: Floats

    @staticmethod
    def of(seen: Floats) -> _Hat:
        sizes, vectors = np.linalg.eigh(_kernel(seen))
        kept = sizes > LEAST_SIZE * max(float(sizes[-1]), 1e-12)
        return _Hat(sizes[kept], vectors[:, kept])

    def errors(self, wanted: Floats) -> tuple[Floats, Floats]:
        """Return squared errors of leaving one out, with the best ridge of each column and with the mean alone."""
        count = len(wanted)
        centred = wanted - wanted.mean(axis=0)
        along = self.vectors.T @ centred
        alone = (centred / (1.0 - 1.0 / count)) ** 2
        best, least = alone.copy(), alone.mean(axis=0)
        for ridge in RIDGES:
            shrunk = self.sizes / (self.sizes + ridge)
            leverage = np.minimum((self.vectors**2) @ shrunk + 1.0 / count, 1.0 - 1e-9)
            errors = centred - self.vectors @ (shrunk[:, np.newaxis] * along)
            errors /= (1.0 - leverage)[:, np.newaxis]
            errors *= errors
            means = errors.mean(axis=0)
            better = means < least
            best[:, better] = errors[:, better]
            least = np.where(better, means, least)
        return best, alone


def _kernel(seen: Floats) -> Floats:
    """Return the centred kernel: a straight part and a Gaussian one, of like weight."""
    products = seen @ seen.T
    squares = np.diag(products)
    apart = np.maximum(squares[:, np.newaxis] + squares - 2.0 * products, 0.0)
    middle = float(np.median(apart)) or 1.0
    straight = products / (float(squares.mean()) or 1.0)
    whole = straight + np.exp(-apart / middle)
    whole = whole - whole.mean(axis=0)
    return np.asarray(whole - whole.mean(axis=1)[:, np.newaxis])


def _by_group(errors: Floats, groups: np.ndarray) -> Floats:
    summed = np.zeros((len(errors), int(groups.max()) + 1))
    np.add.at(summed.T, groups, errors.T)
    return summed


def _shrunk(after: Floats, before: Floats) -> tuple[Floats, Floats]:
    """Return the share of variance that goes, and half the width of an interval of 95 % of it."""
    start = before.mean(axis=0)
    share = 1.0 - after.mean(axis=0) / start
    pull = (after - (1.0 - share) * before) / start  # influence of each draw on the ratio
    return share, np.asarray(1.96 * pull.std(axis=0, ddof=1) / np.sqrt(len(after)))
