"""Where the points of an ensemble lie: pure functions of ranges, numbers and a seed.

Each gives an array (points, factors) within the factors' ranges, for `Plan(points=...)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from exitvoice.ensemble.factors import Factor

Points = NDArray[np.float64]


def replications() -> Points:
    """Return the one empty point of an ensemble that only repeats a world."""
    return np.zeros((1, 0))


def grid(values: Sequence[Sequence[float]] | Mapping[str, Sequence[float]]) -> Points:
    """Return every combination of the values of each factor, the last factor changing fastest.

    Parameters
    ----------
    values : sequence of sequences, or a mapping of name to sequence
        For each factor, the values it takes.

    Examples
    --------
    >>> grid([[0, 1], [5, 6]]).tolist()
    [[0.0, 5.0], [0.0, 6.0], [1.0, 5.0], [1.0, 6.0]]
    """
    levels = list(values.values()) if isinstance(values, Mapping) else list(values)
    if not levels:
        return replications()
    return np.array(list(product(*levels)), np.float64)


def latin_hypercube(factors: Sequence[Factor], points: int, *, seed: int = 0) -> Points:
    """Return a Latin hypercube: each factor's range is cut into as many slices as points, each met once.

    McKay, Beckman and Conover 1979, Technometrics 21(2); drawn by `scipy.stats.qmc`.
    """
    if not factors:
        return replications()
    return _stretched(qmc.LatinHypercube(len(factors), rng=_generator(seed)).random(points), factors)


def sobol(factors: Sequence[Factor], base: int, *, seed: int = 0) -> Points:
    """Return Saltelli's design for Sobol indices of the first and the total order.

    A scrambled Sobol sequence of twice the dimension is cut into A and B; for each base point follow A, then A with
    one column of B for each factor, then B: base x (factors + 2) points, in the order that SALib reads with
    ``calc_second_order=False``. Saltelli et al. 2010, Computer Physics Communications 181(2).

    Parameters
    ----------
    base : int
        A power of two.

    Raises
    ------
    ValueError
        If it is none, because the sequence is balanced only then.
    """
    if base < 1 or base & (base - 1):
        raise ValueError(f"{base} base points: a Sobol sequence is balanced only for a power of two")
    count = len(factors)
    if not count:
        return replications()
    both = qmc.Sobol(2 * count, scramble=True, rng=_generator(seed)).random_base2(base.bit_length() - 1)
    first, second = both[:, :count], both[:, count:]
    rows = np.repeat(first[:, np.newaxis, :], count + 2, axis=1)
    each = np.arange(count)
    rows[:, each + 1, each] = second[:, each]
    rows[:, -1] = second
    return _stretched(rows.reshape(-1, count), factors)


def morris(factors: Sequence[Factor], trajectories: int, *, levels: int = 4, seed: int = 0) -> Points:
    """Return Morris's design: walks through a grid of levels that move one factor at a time.

    Trajectories x (factors + 1) points; each step is levels / (2 (levels - 1)) of the range, up or down.
    Morris 1991, Technometrics 33(2).

    Raises
    ------
    ValueError
        If levels is odd or below 2.
    """
    if levels < 2 or levels % 2:
        raise ValueError(f"{levels} levels: an even number of at least 2 is needed")
    count = len(factors)
    if not count:
        return replications()
    generator = _generator(seed)
    step = levels / (2 * (levels - 1))
    walks = [_walk(count, levels, step, generator) for _ in range(trajectories)]
    return _stretched(np.concatenate(walks), factors)


def _walk(count: int, levels: int, step: float, generator: np.random.Generator) -> Points:
    rises = generator.integers(0, 2, count).astype(bool)
    start = generator.integers(0, levels // 2, count) / (levels - 1)  # the lower half: a step up stays inside
    here = np.where(rises, start, start + step)
    walk = [here.copy()]
    for factor in generator.permutation(count):
        here[factor] += step if rises[factor] else -step
        walk.append(here.copy())
    return np.array(walk)


def _stretched(unit: Points, factors: Sequence[Factor]) -> Points:
    low = np.array([factor.low for factor in factors])
    high = np.array([factor.high for factor in factors])
    # rounding may carry a value past the end of its range, where a scenario would refuse it
    return np.asarray(np.clip(low + unit * (high - low), low, high), np.float64)


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))
