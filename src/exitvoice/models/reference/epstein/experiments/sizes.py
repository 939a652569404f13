"""What size changes: the same densities on ever larger tori. The paper's torus has 40 x 40 cells, 1,120 agents."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Progress, Setting
from exitvoice.models.reference.epstein.setting import build

SIDES = (40, 80, 120, 160)
LARGER = (320, 640, 1200, 1600)
SHOWN = 300
BURN_IN = 50


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let one world of each size live; the share of active agents, and how much it swings."""
    steps = setting.whole("steps")
    sides = (*SIDES, *(side for side in LARGER if side <= setting.whole("largest")))
    work = np.cumsum([side**2 for side in sides]) * steps
    share: list[NDArray[np.float64]] = []
    jailed = 0.0
    for place, side in enumerate(sides):
        world = build(setting, 0, size=side)
        agents = len(world.cell) - world.cops
        series = np.zeros(steps)
        for step in range(steps):
            world.step()
            _, active, now = world.counts()
            series[step] = active / agents
            jailed += now
            progress(int(work[place] - side**2 * (steps - step - 1)), int(work[-1]))
        share.append(series)
    swing = [float(series[BURN_IN:].std() / series[BURN_IN:].mean()) for series in share]
    agents_of = np.array(sides, np.float64) ** 2 * setting.number("agents")
    obtained = {f"swing-{side}": value for side, value in zip(sides, swing, strict=True)}
    obtained["swing-falls"] = float(all(np.diff(swing[: len(SIDES)]) < 0))
    cost = Cost(jailed, "agent-steps in jail", f"in all sizes together, over {steps:,} steps each.")
    return Outcome(obtained, (_series(sides, share), _swings(agents_of, swing, share)), cost)


def _series(sides: tuple[int, ...], share: list[NDArray[np.float64]]) -> Chart:
    time = np.arange(1, min(SHOWN, len(share[0])) + 1, dtype=np.float64)
    chosen = (0, len(SIDES) - 1) if len(sides) == len(SIDES) else (0, len(SIDES) - 1, len(sides) - 1)
    return Chart(
        key="shares",
        title="The same model, small and large",
        reading="A small torus breaks out as one; on a large one outbursts run into each other, and the whole is "
        "nearly steady.",
        across="step",
        upward="share of agents who are active",
        curves=tuple(
            Curve(f"{sides[at]} x {sides[at]} cells", time, share[at][: len(time)]) for at in chosen
        ),
    )


def _swings(agents: NDArray[np.float64], swing: list[float], share: list[NDArray[np.float64]]) -> Chart:
    return Chart(
        key="swing",
        title="How much the active share swings, by size",
        reading=f"Standard deviation over mean: {swing[0]:.2f} with {agents[0]:,.0f} agents, {swing[-1]:.2f} with "
        f"{agents[-1]:,.0f}. Punctuated equilibrium is partly an artefact of about a thousand agents.",
        across="agents",
        upward="standard deviation of the active share over its mean; its maximum",
        curves=(
            Curve("swing", agents, np.array(swing)),
            Curve("largest share", agents, np.array([series[BURN_IN:].max() for series in share])),
        ),
        is_logarithmic=True,
    )
