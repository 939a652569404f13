"""Feigned survey answers, and the list experiment that corrects them.

Asked directly, a share of those who do not agree say they do. In a list experiment one half is asked how many of some
harmless items they agree with, the other half the same list with the question added; the difference of the means
is the share who agree, which nobody had to say. Lists have an error of their own: answers deflate, whatever is asked.
Studies on China put the gap between direct and list answers at 24.5 to 26.5 percentage points, one on Russia at
about 10, and a gap of nil is also defended (Frye et al. 2023 on deflation; Shen and Truex 2020 on refusals).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import binom, norm

from exitvoice.observation.base import Floats, Words, uniforms


@dataclass(frozen=True)
class Survey:
    """Direct answers and the difference of a list experiment, for a true share who agree.

    Parameters
    ----------
    feigning : float
        Share of those who do not agree but say so when asked directly. 0.63 turns a true 60 per cent into 85;
        it is a prior, not a constant: 0 is defended.
    deflation : float
        By how much the list falls short of the truth, as a share of all asked. 0 is assumed.
    asked : int
        Persons asked directly; as many again see each of the two lists.
    items : int
        Harmless items of the list.
    item_share : float
        Share who agree with each of them; one half, the noisiest, is assumed.

    Examples
    --------
    >>> direct, listed = Survey(feigning=0.6).simulate([0.6], np.full((2, 1), 2**31, dtype=np.uint32))
    >>> round(float(direct[0]), 2), round(float(listed[0]), 2)
    (0.84, 0.6)
    """

    feigning: float = 0.5
    deflation: float = 0.0
    asked: int = 1000
    items: int = 3
    item_share: float = 0.5

    def __post_init__(self) -> None:
        if not (0.0 <= self.feigning <= 1.0 and 0.0 <= self.deflation <= 1.0):
            raise ValueError("feigning and deflation are shares")
        if self.asked < 2 or self.items < 1 or not 0.0 <= self.item_share <= 1.0:
            raise ValueError("at least two are asked, there is an item, and its share lies between 0 and 1")

    @property
    def words(self) -> int:
        """One word for the direct answers, one for the lists."""
        return 2

    def simulate(self, truth: npt.ArrayLike, words: Words) -> Floats:
        """Return the share who say they agree and the list's difference, shape (2, *truth.shape)."""
        agree = np.asarray(truth, dtype=np.float64)
        directly, listed = uniforms(words)
        direct = binom.ppf(directly, self.asked, self._says_yes(agree)) / self.asked
        return np.stack([direct, agree - self.deflation + self._list_error(agree) * ndtri(listed)])

    def log_likelihood(self, observed: npt.ArrayLike, truth: npt.ArrayLike) -> Floats:
        """Return the log of chance (direct answers) times density (list difference); nan leaves one out."""
        direct, listed = np.asarray(observed, dtype=np.float64)
        agree = np.asarray(truth, dtype=np.float64)
        yes = np.rint(np.where(np.isnan(direct), 0.0, direct) * self.asked)
        of_direct = binom.logpmf(yes, self.asked, self._says_yes(agree))
        of_list = norm.logpdf(listed, agree - self.deflation, self._list_error(agree))
        return np.asarray(
            np.where(np.isnan(direct), 0.0, of_direct) + np.where(np.isnan(listed), 0.0, of_list),
            dtype=np.float64,
        )

    def _says_yes(self, agree: Floats) -> Floats:
        return agree + (1.0 - agree) * self.feigning

    def _list_error(self, agree: Floats) -> Floats:
        """Return the standard error of the difference of two means of `asked` answers each."""
        harmless = self.items * self.item_share * (1.0 - self.item_share)
        return np.sqrt((2.0 * harmless + agree * (1.0 - agree)) / self.asked)


@dataclass(frozen=True)
class FeigningGap:
    """Share who say they agree less the share who do, with a 95 per cent interval."""

    gap: float
    low: float
    high: float


def feigning_gap(direct: float, listed: float, *, survey: Survey, deflation: float = 0.0) -> FeigningGap:
    """Correct a direct answer by a list experiment.

    Parameters
    ----------
    direct, listed : float
        Share who say they agree, and difference of the lists.
    survey : Survey
        How many were asked and what the lists hold; its `feigning` and `deflation` are not used.
    deflation : float
        What is held to be the list's own shortfall; show the answer for 0 and for a rival value.

    Examples
    --------
    >>> found = feigning_gap(0.92, 0.66, survey=Survey(asked=2000))
    >>> round(found.gap, 2), round(found.low, 2), round(found.high, 2)
    (0.26, 0.2, 0.32)
    """
    listed += deflation
    share = min(max(listed, 0.0), 1.0)
    harmless = 2.0 * survey.items * survey.item_share * (1.0 - survey.item_share)
    variance = (direct * (1.0 - direct) + harmless + share * (1.0 - share)) / survey.asked
    half = float(ndtri(0.975)) * math.sqrt(variance)
    gap = direct - listed
    return FeigningGap(gap, gap - half, gap + half)
