"""Morris's elementary effects: a cheap screen that says which factors can be left alone.

A trajectory moves one factor at a time. mu* is the mean size of an effect, sigma its spread: a large sigma beside mu*
means that the effect depends on the other factors. Estimators: SALib. Source: Morris 1991, Technometrics 33;
Campolongo et al. 2007, Environmental Modelling & Software 22.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike
from SALib.analyze import morris

from exitvoice.analysis.sensitivity.base import Ranged, bounds_of, checked


@dataclass(frozen=True)
class Effect:
    """What moving one factor through its range does: mean size with interval, mean, spread."""

    factor: str
    size: float
    size_low: float
    size_high: float
    mean: float
    spread: float


def morris_screen(
    points: ArrayLike,
    values: ArrayLike,
    factors: Sequence[Ranged],
    *,
    levels: int = 4,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.95,
) -> tuple[Effect, ...]:
    """Return the elementary effects, the largest mean size first.

    Parameters
    ----------
    points : array (trajectories (d + 1), d)
        Morris trajectories, one factor moved at each step.
    values : array (trajectories (d + 1),)
    factors : sequence
        Things with a name and a range, in the order of the columns.
    levels : int
        Levels of the grid the trajectories walk on.
    seed, resamples, level :
        Of the bootstrap.

    Raises
    ------
    ValueError
        If the points are no trajectories.
    """
    at, outcome = checked(points, values, len(factors))
    if at.shape[0] % (len(factors) + 1):
        raise ValueError(
            f"{at.shape[0]} points are no Morris trajectories of {len(factors)} factors: each has {len(factors) + 1} "
            "points; make them with `exitvoice ensemble --design morris`"
        )
    found = morris.analyze(
        bounds_of(factors),
        at,
        outcome,
        num_levels=levels,
        num_resamples=resamples,
        conf_level=level,
        seed=seed,
        scaled=False,
    )
    rows = zip(
        found["names"], found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], strict=True
    )
    effects = [
        Effect(str(name), float(size), float(size - half), float(size + half), float(mean), float(spread))
        for name, size, half, mean, spread in rows
    ]
    return tuple(sorted(effects, key=lambda effect: -effect.size))
