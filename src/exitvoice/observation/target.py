"""Official counts under a target: who falls short reports closer to what the superior wishes to read.

Each level passes on the figure it got, moved by `pressure` of the way to the target; levels multiply. Some report the
target itself. The form is that of reports distorted towards a superior's prior (Fan, Xiong and Zhou 2016).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import norm

from exitvoice.observation.base import Floats, Words, uniforms


@dataclass(frozen=True)
class ReportToTarget:
    """A count reported upwards through levels that are judged by it.

    Parameters
    ----------
    target : float
        The figure to be reached, positive.
    pressure : float
        Share of the remaining gap that each level closes on paper; 0 to 0.5 is the range proposed.
    levels : int
        Levels between the count and the publication; 3 to 6 is the range proposed.
    bunching : float
        Share of those short of the target who report the target itself; 0.1 is assumed.
    log_sd : float
        Honest error of counting, in natural logs; 0.05 is assumed.
    wanted : {"more", "less"}
        Whether the target is a floor (cases solved) or a ceiling (complaints).

    Examples
    --------
    >>> model = ReportToTarget(target=100.0, pressure=0.5, levels=3, bunching=0.0)
    >>> model.simulate([60.0, 120.0], np.full((2, 2), 2**31, dtype=np.uint32)).round(1).tolist()
    [[95.0, 120.0]]
    """

    target: float
    pressure: float = 0.2
    levels: int = 4
    bunching: float = 0.1
    log_sd: float = 0.05
    wanted: Literal["more", "less"] = "more"

    def __post_init__(self) -> None:
        if self.target <= 0.0 or self.log_sd <= 0.0 or self.levels < 0:
            raise ValueError("target and error are positive, levels are not negative")
        if not (0.0 <= self.pressure <= 1.0 and 0.0 <= self.bunching < 1.0):
            raise ValueError("pressure and bunching are shares, bunching below 1")

    @property
    def words(self) -> int:
        """One word for who reports the target itself, one for the honest error."""
        return 2

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return the published figure, shape (1, *truth.shape)."""
        true = np.asarray(truth, dtype=np.float64)
        bunched, error = uniforms(words)
        published = self._published(true) * np.exp(self.log_sd * ndtri(error))
        at_target = self._is_short(true) & (bunched < self.bunching)
        return np.asarray(np.where(at_target, self.target, published), dtype=np.float64)[np.newaxis]

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log density in logs of the figure; at the target itself the log of the bunched share.

        A figure exactly at its target has no density, it has a chance: nobody who counts honestly hits it.
        """
        reported = np.asarray(observed, dtype=np.float64)[0]
        true = np.asarray(truth, dtype=np.float64)
        short = self._is_short(true)
        with np.errstate(divide="ignore"):
            exact = np.where(short, np.log(self.bunching), -np.inf)
        density = norm.logpdf(np.log(reported), np.log(self._published(true)), self.log_sd)
        honest = density + np.where(short, math.log1p(-self.bunching), 0.0)
        return np.asarray(np.where(reported == self.target, exact, honest), dtype=np.float64)

    def _published(self, true: Floats) -> Floats:
        left = (1.0 - self.pressure) ** self.levels
        return np.where(self._is_short(true), self.target + left * (true - self.target), true)

    def _is_short(self, true: Floats) -> npt.NDArray[np.bool_]:
        return true < self.target if self.wanted == "more" else true > self.target
