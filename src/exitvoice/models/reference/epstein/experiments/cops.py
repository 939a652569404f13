"""Run 5 of the paper: cops are withdrawn one by one; does rebellion grow with it, or tip?"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Progress, Setting
from exitvoice.models.reference.epstein.setting import build

CALM = 30  # steps before the first cop leaves
LOW, HIGH = 0.1, 0.9  # of the most that are ever active: between them it tips


def run(setting: Setting, progress: Progress) -> Outcome:
    """Withdraw a cop a step, and see over how many withdrawals the active go from a tenth to nine tenths."""
    worlds = setting.whole("worlds")
    series: list[NDArray[np.int64]] = []
    widths: list[float] = []
    jailed = 0
    for number in range(worlds):
        world = build(setting, number)
        steps = CALM + world.cops + 1
        active = np.zeros(steps, np.int64)
        for step in range(steps):
            world.withdraw_cops(world.cops - max(0, step - CALM))
            world.step()
            _, active[step], now = world.counts()
            jailed += now
        series.append(active)
        widths.append(width_of_tip(active) / max(world.cops, 1))
        progress(number + 1, worlds)
    every = np.array(series)
    left = np.maximum(0, (every.shape[1] - 1 - CALM) - np.maximum(0, np.arange(every.shape[1]) - CALM))
    chart = Chart(
        key="withdrawal",
        title="Active agents while cops are withdrawn one by one",
        reading=f"From a tenth to nine tenths of the most within {np.mean(widths):.0%} of the cops, in the mean of "
        f"{worlds} worlds.",
        across="cops left, from many to none",
        upward="active agents",
        curves=tuple(
            Curve(f"world {number + 1}", -left.astype(np.float64), row.astype(np.float64))
            for number, row in enumerate(every[:4])
        ),
    )
    cost = Cost(jailed / worlds, "agent-steps in jail", "a world's mean, until the last cop has left.")
    return Outcome({"tip-width": float(np.mean(widths))}, (chart,), cost)


def width_of_tip(active: NDArray[np.int64]) -> int:
    """Steps from the last one below a tenth of the maximum before it is reached, to the first above nine tenths.

    Examples
    --------
    >>> width_of_tip(np.array([0, 5, 0, 50, 95, 100]))
    2
    """
    most = active.max()
    high = int(np.flatnonzero(active >= HIGH * most)[0])
    low = np.flatnonzero(active[:high] < LOW * most)
    return high - (int(low[-1]) if len(low) else 0)
