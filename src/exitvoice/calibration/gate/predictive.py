"""Does the posterior give back what was counted? Each figure's place among its predictions, and of all together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.figures import Floats


@dataclass(frozen=True, eq=False)
class Predictive:
    """Where what was counted lies among predictions.

    Attributes
    ----------
    places : array (entries,)
        Share of predictions below each figure.
    chance : float
        Share of predictions that lie as far from the middle of all as the data do: a posterior predictive p-value.
    """

    places: Floats
    chance: float


def check_predictions(vectors: Floats, observed: Floats) -> Predictive:
    """Hold fitted figures, (entries,), against predictions of them, (draws, entries)."""
    below = (vectors < observed).mean(axis=0) + 0.5 * (vectors == observed).mean(axis=0)
    middle = np.median(vectors, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(vectors - middle), axis=0), 1e-6)
    away = np.sqrt((((vectors - middle) / spread) ** 2).mean(axis=1))
    data = float(np.sqrt((((observed - middle) / spread) ** 2).mean()))
    return Predictive(np.asarray(below), float((1 + (away >= data).sum()) / (1 + len(away))))
