"""One field of the atlas: what one series tells of one unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.gate.judge import TOLD

ALL = "all together"
"""Every series of a case, or every one that exists of a world, read together."""
ALL_AND_MORE = "all, and all that would have to exist"


@dataclass(frozen=True)
class Cell:
    """What one series, or several together, tells of one unknown.

    `contraction` is the mean share by which the variance of the prior shrinks, over truths drawn from it, with an
    interval of 95 % of that mean; `bits` the information that a normal posterior so much narrower holds. `chance` is
    the share of dummies that no rule reads of which the series seems to tell as much, and `is_beyond_chance` whether
    that is less than chance allows for so many fields; both are set where all parameters are asked at once.
    """

    series: str
    unknown: str
    contraction: float
    low: float
    high: float
    chance: float | None = None
    is_beyond_chance: bool = True

    @property
    def bits(self) -> float:
        """Information gained, at least nought."""
        return float(-0.5 * np.log2(1.0 - min(max(self.contraction, 0.0), 1.0 - 1e-9)))

    @property
    def is_informed(self) -> bool:
        """Whether it tells enough to count."""
        return self.is_beyond_chance and self.low > 0.0 and self.contraction >= TOLD

    @property
    def is_hinted(self) -> bool:
        """Whether it tells something beyond chance, and too little to count."""
        return self.chance is not None and self.is_beyond_chance and not self.is_informed
