"""Sums of what stages tallied, compiled: on arrays so small, each call of NumPy costs more than its work.

Whole numbers are added in any order; real ones one stratum after the other, from the first.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
CLASSES = 4  # kept apart in tallies, as `program.LANES`: a constant of another file would not be seen when it changes


@njit(cache=True, nogil=True)
def _flat(table: Counts, first: int, last: int) -> Counts:
    """Numbers of some strata, one after the other."""
    wide = table.shape[1] * table.shape[2]
    return table.reshape(table.shape[0] * wide)[first * wide : last * wide]


@njit(cache=True, nogil=True)
def _take_rows(here: Counts, found: Counts, before: int, rows: int) -> None:
    """Add rows to others and empty them; the first `before` of each row are taken off what follows.

    In loops from zero over what lies side by side, and unsigned, which a processor works on eight at a time.
    """
    if before == 0:
        for place in range(len(found)):
            found[place] += here[place]
    elif rows > 0:
        off, wide = np.uint64(before), np.uint64(len(found) // rows)
        for row in range(np.uint64(rows)):
            to, at = row * wide, row * (wide + off)
            for place in range(wide):
                found[to + place] += here[at + off + place]
            for place in range(off):
                found[to + place] -= here[at + place]
    for place in range(len(here)):
        here[place] = 0


@njit(cache=True, nogil=True)
def take(counts: Counts, totals: Counts, before: int, strata: Places) -> tuple[Counts, Counts]:
    """Sums of what threads counted and totalled, both by (thread, stratum, name, class), which are emptied.

    The first `before` counts tell what was before the work of a stage, and the same after them what is since: the
    former are taken off the latter. `strata` has the first stratum that each thread counts, and the one after its last.
    """
    threads, every, names, lanes = counts.shape
    counted = np.zeros((every, names - before, lanes), np.int64)
    summed = np.zeros((every, totals.shape[2], lanes), np.int64)
    for thread in range(threads):
        first, last = strata[thread, 0], strata[thread, 1]
        _take_rows(
            _flat(counts[thread], first, last), _flat(counted, first, last), before * lanes, last - first
        )
        _take_rows(_flat(totals[thread], first, last), _flat(summed, first, last), 0, last - first)
    return counted, summed


@njit(cache=True, nogil=True)
def move(whole: Counts, places: Places, changes: Counts) -> None:
    """Add changes to a running tally, both by (stratum, name, class): the first of `changes` at the first place."""
    for stratum in range(len(whole)):
        for name in range(len(places)):
            for lane in range(CLASSES):
                whole[stratum, places[name], lane] += changes[stratum, name, lane]


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
def weigh(
    tallies: tuple[Counts, ...],
    weight: Floats,
    wanted: Places,
    found: NDArray[np.float32],
    exact: Places,
    kept: Floats,
) -> None:
    """Write members times the weight of their stratum, added up over groups of as many strata, for several tallies.

    Parameters
    ----------
    tallies : tuple of arrays, shape (strata, names, classes)
        Laid side by side, so that a name has one place among all.
    weight : array, shape (strata,)
    wanted, exact : arrays, shape (places,)
        Places of the names that are written, in 32 bits and in 64.
    found : float32 array, shape (groups, wanted, classes)
        Filled; the first classes may be all that is asked for.
    kept : float64 array, shape (groups, exact, classes)
        Filled.
    """
    groups, _, classes = found.shape
    size, width = len(weight) // groups, 0
    for counts in tallies:
        width += counts.shape[1] * CLASSES
    # in rows that lie flat, and by places that cannot be negative, a processor weighs eight numbers at a time
    members, first = np.zeros(groups * width), np.uint64(0)
    for counts in tallies:
        flat, names = counts.reshape(counts.size), np.uint64(counts.shape[1] * CLASSES)
        for row in range(len(weight)):
            to, at, each = np.uint64(row // size * width) + first, np.uint64(row) * names, weight[row]
            for place in range(names):
                members[to + place] += flat[at + place] * each
        first += names
    for group in range(groups):
        for place in range(len(wanted)):
            for lane in range(classes):
                found[group, place, lane] = members[group * width + wanted[place] * CLASSES + lane]
        for place in range(len(exact)):
            for lane in range(classes):
                kept[group, place, lane] = members[group * width + exact[place] * CLASSES + lane]


@njit(cache=True, nogil=True)
def of_units(
    value: NDArray[np.float32],
    share: NDArray[np.float32],
    stratum: NDArray[np.int32],
    runs: NDArray[np.int64],
    strata: int,
    fixed: float,
) -> Floats:
    """Sums by stratum of a signal of units times another, and of that other; shape (2, strata).

    In whole numbers of 1 / `fixed`, so that any order of adding gives the same. Units of one stratum that follow one
    another, from one of `runs` to the next, are added in a loop of their own, which works on many at once.
    """
    found = np.zeros((2, strata), np.int64)
    for run in range(len(runs) - 1):
        first, row = runs[run], stratum[runs[run]]
        values, shares = value[first : runs[run + 1]], share[first : runs[run + 1]]
        whole, held = np.int64(0), np.int64(0)
        for unit in range(np.uint64(len(values))):
            each = np.float64(shares[unit]) * fixed
            whole += np.int64(np.floor(np.float64(values[unit]) * each + 0.5))
            held += np.int64(np.floor(each + 0.5))
        found[0, row] += whole
        found[1, row] += held
    return found / fixed
