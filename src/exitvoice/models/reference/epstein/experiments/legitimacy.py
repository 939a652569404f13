"""Runs 3 and 4 of the paper: a large erosion of legitimacy in small steps beside a small one in one jump."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Progress, Setting
from exitvoice.models.reference.epstein.setting import build

STEPS = 350
START, ERODED, JUMPED = 0.9, 0.2, 0.7
JUMP_AT = 77
ERODING = START + (ERODED - START) * np.minimum(np.arange(STEPS) / (STEPS - 1), 1.0)
JUMPING = np.where(np.arange(STEPS) < JUMP_AT, START, JUMPED)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Give each world both courses of legitimacy and compare the largest numbers of active agents."""
    worlds = setting.whole("worlds")
    active = np.zeros((2, worlds, STEPS), np.int64)
    jailed = 0
    for course, legitimacy in enumerate((ERODING, JUMPING)):
        for number in range(worlds):
            world = build(setting, number)
            for step in range(STEPS):
                world.step(legitimacy=float(legitimacy[step]))
                _, active[course, number, step], now = world.counts()
                jailed += now
            progress(course * worlds + number + 1, 2 * worlds)
    peaks = active.max(axis=2)
    ratio = float(peaks[1].mean() / max(peaks[0].mean(), 1.0))
    cost = Cost(jailed / (2 * worlds), "agent-steps in jail", f"a world's mean, over {STEPS} steps.")
    return Outcome({"jump-over-erosion": ratio}, (_series(active), _peaks(peaks)), cost)


def _series(active: NDArray[np.int64]) -> Chart:
    time = np.arange(1, STEPS + 1, dtype=np.float64)
    mean = active.mean(axis=1)
    return Chart(
        key="courses",
        title="Active agents under two courses of legitimacy",
        reading=f"From {START} to {ERODED} in {STEPS} small steps; from {START} to {JUMPED} in one jump at step "
        f"{JUMP_AT}. Means over {active.shape[1]} worlds.",
        across="step",
        upward="active agents",
        curves=(Curve("eroded", time, mean[0]), Curve("in one jump", time, mean[1], "strong")),
    )


def _peaks(peaks: NDArray[np.int64]) -> Chart:
    order = np.arange(1, peaks.shape[1] + 1, dtype=np.float64)
    return Chart(
        key="peaks",
        title="Largest number of active agents, world by world",
        reading=f"Mean {peaks[0].mean():,.0f} when eroded ({peaks[0].min():,} to {peaks[0].max():,}), "
        f"{peaks[1].mean():,.0f} after a jump ({peaks[1].min():,} to {peaks[1].max():,}).",
        across="world",
        upward="active agents",
        curves=(
            Curve("eroded", order, peaks[0].astype(np.float64), "points"),
            Curve("in one jump", order, peaks[1].astype(np.float64), "points"),
        ),
    )
