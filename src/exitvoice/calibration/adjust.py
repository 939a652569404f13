"""What is left of the distance taken out: local-linear regression of the unknowns on the figures.

Beaumont, Zhang and Balding 2002, Genetics 162. Unknowns are regressed as normal scores of their ranges, so that
no adjusted draw leaves its prior. There are often more figures than a hundred draws can bear: a ridge, chosen for each
unknown as the largest whose error of leaving one out is within a standard error of the least, takes slopes to nothing
where they predict nothing; and residuals are those of leaving one out, since residuals of the fit itself would be too
small and the posterior too narrow.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from exitvoice.calibration.figures import Floats

EDGE = 1e-6
RIDGES = np.logspace(-3.0, 4.0, 22)
"""Of the sum of squares of standardised figures, mean 1 each."""
MOST_LEVERAGE = 1.0 - 1e-9


def adjusted(values: Floats, weights: Floats, vectors: Floats, observed: Floats, ranges: Floats) -> Floats:
    """Return draws moved to where they would be had their figures been those observed.

    Parameters
    ----------
    values : array (draws, factors)
    weights : array (draws,)
        Of the draws, with or without a kernel; sum to 1.
    vectors : array (draws, entries)
        Fitted entries alone.
    observed : array (entries,)
    ranges : array (factors, 2)

    Returns
    -------
    array (draws, factors)
    """
    spread = np.sqrt(weights @ (vectors - weights @ vectors) ** 2)
    used = spread > 1e-9
    if not used.any() or len(values) < 3:
        return values
    design = (vectors[:, used] - observed[used]) / spread[used]
    scores = _scored(values, ranges)
    moved = np.stack([_regressed(design, column, weights) for column in scores.T], axis=1)
    return _unscored(moved, ranges)


def _regressed(design: Floats, wanted: Floats, weights: Floats) -> Floats:
    """Return the value predicted at the origin plus each draw's residual when it is left out."""
    mean_x, mean_y = weights @ design, float(weights @ wanted)
    root = np.sqrt(weights)
    left, sizes, right = np.linalg.svd((design - mean_x) * root[:, np.newaxis], full_matrices=False)
    told = left.T @ ((wanted - mean_y) * root)
    tried: list[tuple[float, float, Floats]] = []
    for ridge in RIDGES / len(design):
        shrunk = sizes**2 / (sizes**2 + ridge)
        leverage = np.minimum((left**2) @ shrunk + weights, MOST_LEVERAGE)
        fitted = (left @ (shrunk * told)) / np.where(root > 0.0, root, 1.0)
        residuals = (wanted - mean_y - fitted) / (1.0 - leverage)
        error = float(weights @ residuals**2)
        doubt = float(np.sqrt(weights**2 @ (residuals**2 - error) ** 2))
        slopes = right.T @ (sizes / (sizes**2 + ridge) * told)
        tried.append((error, doubt, np.asarray(mean_y - mean_x @ slopes + residuals)))
    least, doubt, _ = min(tried, key=lambda found: found[0])
    return next(moved for error, _, moved in reversed(tried) if error <= least + doubt)


def _scored(values: Floats, ranges: Floats) -> Floats:
    share = np.clip((values - ranges[:, 0]) / np.ptp(ranges, axis=1), EDGE, 1.0 - EDGE)
    return np.asarray(ndtri(share))


def _unscored(scores: Floats, ranges: Floats) -> Floats:
    share = ndtr(scores)
    return np.asarray(np.clip(ranges[:, 0] + share * np.ptp(ranges, axis=1), ranges[:, 0], ranges[:, 1]))
