"""Sobol indices, first-order and total, of a Saltelli design.

S_i = Var(E[Y | x_i]) / Var(Y) is what factor i decides alone; T_i = E[Var(Y | all but x_i)] / Var(Y) adds every
interaction it takes part in. Only a Saltelli design (A, B and the mixtures of the two) gives T_i. Estimators: SALib.
Source: Saltelli et al. 2010, Computer Physics Communications 181.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from SALib.analyze import sobol

from exitvoice.analysis.sensitivity.base import Floats, Index, Ranged, bounds_of, checked


@dataclass(frozen=True)
class SobolIndices:
    """First-order and total indices in the order of the factors, and how many base points they rest on."""

    first: tuple[Index, ...]
    total: tuple[Index, ...]
    base_points: int


def sobol_indices(
    points: ArrayLike,
    values: ArrayLike,
    factors: Sequence[Ranged],
    *,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.95,
) -> SobolIndices:
    """Return Sobol indices with bootstrap intervals.

    Parameters
    ----------
    points : array (n (d + 2), d)
        A Saltelli design without second order: for each of n base points the row of A, then d mixtures, then B.
    values : array (n (d + 2),)
        The outcome at each point.
    factors : sequence
        Things with a name and a range, in the order of the columns.
    seed, resamples, level :
        Of the bootstrap.

    Returns
    -------
    SobolIndices

    Raises
    ------
    ValueError
        If the points are no such design; then `given_data_indices` is the method to take.
    """
    at, outcome = checked(points, values, len(factors))
    _check_design(at)
    spread = float(outcome.std())
    if spread == 0.0:
        none = tuple(Index(factor.name, 0.0, 0.0, 0.0) for factor in factors)
        return SobolIndices(none, none, outcome.size // (len(factors) + 2))
    found = sobol.analyze(
        bounds_of(factors),
        (outcome - outcome.mean()) / spread,
        calc_second_order=False,
        num_resamples=resamples,
        conf_level=level,
        seed=seed,
    )
    names = [factor.name for factor in factors]
    return SobolIndices(
        first=_indices(names, found["S1"], found["S1_conf"]),
        total=_indices(names, found["ST"], found["ST_conf"]),
        base_points=outcome.size // (len(factors) + 2),
    )


def _indices(names: Sequence[str], values: Floats, half: Floats) -> tuple[Index, ...]:
    return tuple(
        Index(name, float(value), float(value - width), float(value + width))
        for name, value, width in zip(names, values, half, strict=True)
    )


def _check_design(points: Floats) -> None:
    factors = points.shape[1]
    block = factors + 2
    is_saltelli = points.shape[0] % block == 0 and points.shape[0] > block
    if is_saltelli:
        rows = points.reshape(-1, block, factors)
        first, last = rows[:, :1], rows[:, -1:]
        mixed = np.where(np.eye(factors, dtype=bool)[np.newaxis], last, first)
        is_saltelli = bool(np.allclose(rows[:, 1:-1], mixed))
    if not is_saltelli:
        raise ValueError(
            f"these {points.shape[0]} points of {factors} factors are no Saltelli design: total indices need one; "
            "make it with `exitvoice ensemble --design sobol`, or take given-data indices"
        )
