"""What the rules of a step lay on the levels of every stratum: plain functions of arrays, which a model may compile.

In a stratum the active rules that reach it stand by coverage, the largest first. Level 0 obeys none of them, each
level obeys one more than the level before it, and levels beyond the last rule repeat it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exitvoice.scenario.words import FREE_WORD, Words, strictest

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
FINENESS = 65535  # run and part of a timing are whole numbers of this fineness, 16 bits each
UPPER = FINENESS << 16
WHOLE_STEP = FINENESS  # timing where nobody runs, and the newest rule is in force for the whole step


class Reach(NamedTuple):
    """What the rules of a scenario ask, and of whom.

    Attributes
    ----------
    words : uint32 array, shape (rules, cells)
        Word of a rule in each cell that it binds, `FREE_WORD` in the others; cells as in `PolicyTable`.
    binds : bool array, shape (rules, cells)
    newest : int array, shape (rules,)
        Rank by date: the newest has the highest.
    reaches : bool array, shape (strata, rules)
    """

    words: Words
    binds: npt.NDArray[np.bool_]
    newest: Places
    reaches: npt.NDArray[np.bool_]


def lay_words(ordered: Places, in_force: Floats, reach: Reach, levels: int) -> tuple[Places, Words]:
    """Lay the words of rules in force.

    Parameters
    ----------
    ordered : int array, shape (active,)
        The active rules, by coverage.
    in_force : float64 array, shape (active,)
        Fraction of the step for which each is in force; one that is announced only asks nothing yet.
    reach : Reach
    levels : int

    Returns
    -------
    int array, shape (strata, levels)
        Which of `ordered` stands at each level after level 0; beyond the last, their number.
    uint32 array, shape (strata, levels + 1, cells)
    """
    strata, cells, active = len(reach.reaches), reach.words.shape[1], len(ordered)
    places = np.empty((strata, levels), np.intp)
    words = np.empty((strata, levels + 1, cells), np.uint32)
    for stratum in range(strata):
        level = 0
        for cell in range(cells):
            words[stratum, 0, cell] = FREE_WORD
        for place in range(active):
            rule = ordered[place]
            if reach.reaches[stratum, rule]:
                places[stratum, level] = place
                for cell in range(cells):
                    word = words[stratum, level, cell]
                    if in_force[place] > 0.0:
                        word = strictest(word, reach.words[rule, cell])
                    words[stratum, level + 1, cell] = word
                level += 1
        for beyond in range(level, levels):
            places[stratum, beyond] = active
            for cell in range(cells):
                words[stratum, beyond + 1, cell] = words[stratum, level, cell]
    return places, words


def lay_timings(
    ordered: Places, in_force: Floats, run: Floats, reach: Reach, levels: int
) -> tuple[Words, float]:
    """Lay how high people run before rules that will bind, and the part of the step for which the newest binds.

    Parameters
    ----------
    ordered, in_force, reach, levels
        As in `lay_words`.
    run : float64 array, shape (active,)
        Height of the run before each rule.

    Returns
    -------
    uint32 array, shape (strata, levels + 1, cells)
        The highest run in the upper 16 bits, the part in the lower.
    float
        The highest run of all.
    """
    strata, cells = len(reach.reaches), reach.words.shape[1]
    timings = np.empty((strata, levels + 1, cells), np.uint32)
    newest, highest = np.empty(cells, np.intp), 0.0
    for stratum in range(strata):
        level = 0
        for cell in range(cells):
            timings[stratum, 0, cell], newest[cell] = WHOLE_STEP, -1
        for place in range(len(ordered)):
            rule = ordered[place]
            if reach.reaches[stratum, rule]:
                height, part = in_sixteen_bits(run[place]) << 16, in_sixteen_bits(in_force[place])
                for cell in range(cells):
                    timing = timings[stratum, level, cell]
                    above, below = timing & UPPER, timing & FINENESS
                    if reach.binds[rule, cell]:
                        above, highest = max(above, height), max(highest, run[place])
                        if in_force[place] > 0.0 and reach.newest[rule] > newest[cell]:
                            below, newest[cell] = part, reach.newest[rule]
                    timings[stratum, level + 1, cell] = above | below
                level += 1
        for beyond in range(level, levels):
            for cell in range(cells):
                timings[stratum, beyond + 1, cell] = timings[stratum, level, cell]
    return timings, float(np.float32(highest))


def in_sixteen_bits(share: float) -> int:
    """Return a share in [0, 1] as a whole number of 65,535ths."""
    return int(np.rint(np.float32(min(max(share, 0.0), 1.0)) * np.float32(FINENESS)))
