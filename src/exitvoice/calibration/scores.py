"""How good a forecast was: the continuous ranked probability score, and whether intervals held what came.

Gneiting and Raftery 2007, JASA 102: a score that nobody can better by saying anything but what he believes; lower is
better, in the unit of the figure (here natural logs). A point forecast scores its absolute error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Floats


@dataclass(frozen=True)
class Score:
    """A forecast's score on one target.

    Attributes
    ----------
    forecast : str
    target : str
    crps : float
        Mean over the figures held out, in natural logs where the distance is in logs.
    coverage : float
        Share of the figures within the central interval of 90 %.
    figures : int
    """

    forecast: str
    target: str
    crps: float
    coverage: float
    figures: int


def crps(draws: Floats, observed: Floats) -> Floats:
    """Return the score of each figure, (figures,), from draws (draws, figures): E|X - y| - E|X - X'| / 2.

    Examples
    --------
    >>> crps(np.array([[1.0], [1.0]]), np.array([3.0])).tolist()
    [2.0]
    """
    ordered = np.sort(draws, axis=0)
    count = len(ordered)
    places = (2.0 * np.arange(1, count + 1) - count - 1.0)[:, np.newaxis]
    apart = 2.0 * (places * ordered).sum(axis=0) / count**2
    return np.asarray(np.abs(draws - observed).mean(axis=0) - 0.5 * apart)


def coverage(draws: Floats, observed: Floats, share: float = 0.9) -> float:
    """Return the share of figures within the central interval of a share of the draws."""
    low, high = np.quantile(draws, [(1.0 - share) / 2.0, (1.0 + share) / 2.0], axis=0)
    return float(((observed >= low) & (observed <= high)).mean())


def score(name: str, target: str, draws: Floats, observed: Floats) -> Score:
    """Return a forecast's score on the figures of a target, both in the unit they are compared in."""
    return Score(name, target, float(crps(draws, observed).mean()), coverage(draws, observed), observed.size)
