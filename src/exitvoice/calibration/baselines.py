"""What a forecast must beat: that things stay as they are, and that they grow along a logistic curve.

Both know the fitted figures of one series and nothing else. They are given as draws, so that they are scored as the
model is: persistence with the spread of the changes that were seen, the curve with the spread of its residuals.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.optimize import OptimizeWarning, curve_fit

from exitvoice.calibration.figures import Floats

DRAWS = 1000


def persistence(known: Floats, steps: Floats, *, seed: int) -> Floats:
    """Return draws (DRAWS, figures) of a random walk from the last figure.

    Parameters
    ----------
    known : array (fitted,)
        Figures in logs (or as they are compared), in their order.
    steps : array (figures,)
        How many periods after the last each figure lies.
    seed : int
    """
    changes = np.diff(known)
    spread = float(np.sqrt((changes**2).mean())) if changes.size else 0.0
    noise = np.random.Generator(np.random.PCG64([seed, 21])).standard_normal((DRAWS, 1))
    return np.asarray(known[-1] + spread * np.sqrt(steps) * noise)


def logistic_growth(known: Floats, steps: Floats, ceiling: float, *, seed: int) -> Floats:
    """Return draws (DRAWS, figures) of a logistic curve fitted to figures in logs.

    Parameters
    ----------
    known : array (fitted,)
    steps : array (figures,)
        How many periods after the last each figure lies.
    ceiling : float
        The most there can be, in logs: a population; where more was counted than the world has persons (crossings, or
        others' journeys), twice the largest figure.
    seed : int
    """
    times = np.arange(known.size, dtype=np.float64)

    def curve(time: Floats, top: float, rate: float, middle: float) -> Floats:
        return np.asarray(top - np.logaddexp(0.0, -rate * (time - middle)))

    doubled = float(known.max()) + float(np.log(2.0))
    ceiling = ceiling if ceiling > known.max() else doubled
    start = (min(doubled, ceiling), 0.5, float(known.size))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)
        try:
            fitted, _ = curve_fit(
                curve, times, known, p0=start,
                bounds=([float(known.max()), 0.0, -500.0], [ceiling + 1e-9, 5.0, 500.0]), max_nfev=20_000,
            )  # fmt: skip
        except RuntimeError:  # no curve is found: the last figure then
            fitted = np.array([float(known[-1]), 0.0, -500.0])
    spread = float((known - curve(times, *fitted)).std(ddof=min(3, known.size - 1)))
    noise = np.random.Generator(np.random.PCG64([seed, 22])).standard_normal((DRAWS, steps.size))
    return np.asarray(curve(times[-1] + steps, *fitted) + spread * noise)
