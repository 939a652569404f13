"""Sums of what stages tallied, compiled: on arrays so small, each call of NumPy costs more than its work.

Whole numbers are added in any order; real ones one stratum after the other, from the first.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@njit(cache=True, nogil=True)
def join(parts: Counts, before: int) -> Counts:
    """Sum of what threads counted, by (thread, stratum, name, class).

    The first `before` names tell what was before the work of a stage, and the same names after them what is since:
    the former are taken off the latter.
    """
    threads, strata, names, lanes = parts.shape
    whole = np.zeros((strata, names - before, lanes), np.int64)
    for thread in range(threads):
        for stratum in range(strata):
            for name in range(before, names):
                for lane in range(lanes):
                    whole[stratum, name - before, lane] += parts[thread, stratum, name, lane]
            for name in range(before):
                for lane in range(lanes):
                    whole[stratum, name, lane] -= parts[thread, stratum, name, lane]
    return whole


@njit(cache=True, nogil=True)
def weighed(counts: Counts, places: Places, weight: Floats, rows: int) -> Floats:
    """Members of all classes times the weight of their stratum, shape (places, rows).

    Strata are added up into `rows` in turn: stratum s goes to row s modulo `rows`.
    """
    strata, _, lanes = counts.shape
    found = np.zeros((len(places), rows))
    for stratum in range(strata):
        for row in range(len(places)):
            members = 0
            for lane in range(lanes):
                members += counts[stratum, places[row], lane]
            found[row, stratum % rows] += members * weight[stratum]
    return found


@njit(cache=True, nogil=True)
def weighed_by_class(counts: Counts, weight: Floats, groups: int) -> Floats:
    """Members times the weight of their stratum, by group of as many strata, name and class."""
    strata, names, lanes = counts.shape
    found = np.zeros((groups, names, lanes))
    size = strata // groups
    for stratum in range(strata):
        for name in range(names):
            for lane in range(lanes):
                found[stratum // size, name, lane] += counts[stratum, name, lane] * weight[stratum]
    return found


@njit(cache=True, nogil=True)
def of_units(
    value: NDArray[np.float32],
    share: NDArray[np.float32],
    stratum: NDArray[np.int32],
    strata: int,
    fixed: float,
) -> Floats:
    """Sums by stratum of a signal of units times another, and of that other; shape (2, strata).

    In whole numbers of 1 / `fixed`, which doubles add without loss, so that any order of adding gives the same.
    """
    found = np.zeros((2, strata))
    for unit in range(len(stratum)):
        held = np.float64(share[unit]) * fixed
        found[0, stratum[unit]] += np.floor(np.float64(value[unit]) * held + 0.5)
        found[1, stratum[unit]] += np.floor(held + 0.5)
    return found / fixed
