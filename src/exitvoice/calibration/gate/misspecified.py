"""Could the model have given these data at all? Their distance to the nearest draws, beside that of the draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Floats

NEAREST = 10


@dataclass(frozen=True)
class Misspecification:
    """How strange the data are to the model.

    Attributes
    ----------
    distance : float
        Mean distance of the data to the nearest draws of the bank.
    usual : float
        Median of the same for draws of the bank.
    chance : float
        Share of the draws of the bank that lie as far from the others; small where no assumptions give such data.
    """

    distance: float
    usual: float
    chance: float


def check_data(vectors: Floats, observed: Floats) -> Misspecification:
    """Hold fitted figures, (entries,), against draws of the prior predictive, (draws, entries)."""
    data = _nearness(np.linalg.norm(vectors - observed, axis=1), 0)
    own = np.array([_nearness(np.linalg.norm(vectors - row, axis=1), 1) for row in vectors])
    chance = float((1 + (own >= data).sum()) / (1 + len(own)))
    return Misspecification(data, float(np.median(own)), chance)


def _nearness(away: Floats, itself: int) -> float:
    return float(np.sort(away)[itself : NEAREST + itself].mean())
