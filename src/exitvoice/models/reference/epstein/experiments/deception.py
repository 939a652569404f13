"""Run 1 of the paper: the aggrieved turn quiet where a cop is in view, and active behind his back."""

import numpy as np

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Picture, Progress, Setting
from exitvoice.models.reference.epstein.experiments.outbursts import KINDS
from exitvoice.models.reference.epstein.setting import build
from exitvoice.models.reference.epstein.watching import aggrieved, cops_in_view


def run(setting: Setting, progress: Progress) -> Outcome:
    """Look, after each step, at who of the aggrieved is active, by whether a cop is in view."""
    steps = setting.whole("steps")
    world = build(setting, 0)
    angry = aggrieved(world)
    seen = np.zeros((steps, 2, 2))  # by cop in view, by active or not
    jailed = 0
    for step in range(steps):
        world.step()
        free = angry & (world.state < 2)
        watched = cops_in_view(world, np.flatnonzero(free)) > 0
        active = world.state[free] == 1
        for near in (0, 1):
            seen[step, near] = ((watched == near) & active).sum(), ((watched == near) & ~active).sum()
        jailed += world.counts()[2]
        progress(step + 1, steps)
    with np.errstate(invalid="ignore"):
        share = seen.sum(axis=0)[:, 0] / seen.sum(axis=(0, 2))
    time = np.arange(1, steps + 1, dtype=np.float64)
    chart = Chart(
        key="deception",
        title="The aggrieved, by what they show",
        reading=f"Of the aggrieved without a cop in view {share[0]:.0%} are active, with a cop in view {share[1]:.0%}. "
        "Their grievance never changes.",
        across="step",
        upward="aggrieved agents",
        curves=(
            Curve("quiet, a cop in view", time, seen[:, 1, 1]),
            Curve("active, no cop in view", time, seen[:, 0, 0], "strong"),
            Curve("active, a cop in view", time, seen[:, 1, 0]),
        ),
    )
    cost = Cost(
        float(jailed), "agent-steps in jail", f"over {steps:,} steps, of {len(angry) - world.cops:,} agents."
    )
    picture = Picture(
        "torus",
        "The torus after the last step",
        "Quiet near cops, active elsewhere.",
        world.cells_by_kind(),
        KINDS,
    )
    return Outcome({"deception": float(share[0] - share[1])}, (chart,), cost, (picture,))
