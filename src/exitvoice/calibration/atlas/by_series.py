"""What a series can tell of an unknown, before anybody looks at the data: contraction, by series and unknown.

One bank of a world pays for all of it: each of its draws takes a turn as the truth, and is inferred from what one
series alone would have shown. So a series that was never kept can be asked as well as one that was.
"""

from __future__ import annotations

import numpy as np

from exitvoice.calibration.atlas.cell import ALL, Cell
from exitvoice.calibration.bank import Bank
from exitvoice.calibration.gate.replicate import kept_of, nearest, replicate
from exitvoice.calibration.problem import Problem


def atlas_of(problem: Problem, bank: Bank, *, replications: int, seed: int) -> tuple[Cell, ...]:
    """Return what each series of a problem, and all together, tell of each unknown.

    Parameters
    ----------
    problem : Problem
    bank : Bank
        Draws of the priors; its vectors hold every entry, fitted and held out.
    replications : int
        Draws that take their turn as the truth.
    seed : int
    """
    fitted = problem.is_fit
    cells: list[Cell] = []
    for series in (*problem.by_name, ALL):
        own = fitted & np.array(
            [series in (ALL, problem.figures[entry.figure].target) for entry in problem.entries]
        )
        alone = Bank(bank.values, bank.vectors[:, own], bank.truths)
        infer = nearest(problem.ranges, kept_of(len(bank.values)))
        told = replicate(alone, problem.ranges, infer, count=replications, seed=seed).contraction
        mean, half = told.mean(axis=0), 1.96 * told.std(axis=0, ddof=1) / np.sqrt(len(told))
        cells += [
            Cell(series, name, float(mean[at]), float(mean[at] - half[at]), float(mean[at] + half[at]))
            for at, name in enumerate(problem.names)
        ]
    return tuple(cells)
