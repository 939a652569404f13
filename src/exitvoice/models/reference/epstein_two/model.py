"""Civil violence, model II, as a published model.

Only the captions of its figures could be read (12 peaceful coexistence, 13 local ethnic cleansing to genocide, 14 safe
havens, 15 to 17 waiting time by initial cop density); that the model is model I with L granted to the other group, and
active agents kill, is relayed by modelingcommons.org/browse/one_model/7733. Vision 1.7, cloning with chance .05 a step,
lives of up to 200 steps, terms of up to 15, L of .9 for coexistence and .8 for cleansing, and the results are relayed,
with quotations, by the design of github.com/ndouglas/SugarScape (2026-09-25, read at 835bf1f). Assumed: a child's own
risk aversion, killing before birth in a turn.
"""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Picture,
    Progress,
    ReferenceModel,
    Setting,
    Target,
)
from exitvoice.models.reference.epstein.rules import RATIOS
from exitvoice.models.reference.epstein_two.world import TwoGroups, TwoGroupsSetting
from exitvoice.models.reference.settings import check_torus

DENSITIES = (0.0, 0.02, 0.04, 0.06)
SIZES = (10, 20, 40, 80)  # and the size that is set, where it is larger
KINDS = ("empty", "one group", "the other", "in jail", "peacekeeper")
AGENTS = 0.7  # share of the cells at the start
PICTURE_AT = 40  # step at which the torus is drawn

OPTIONS = (
    Option("experiment", "one", "one world, or waiting times over many", words=("one", "waiting")),
    Option("legitimacy", 0.8, "L, what each grants the other group's right to exist"),
    Option("cops", 0.0, "peacekeepers as a share of the cells", high=0.29),
    Option("rounding", "floor", "form of the ratio C/A in the arrest probability", words=RATIOS),
    Option("size", 40, "cells on a side of the torus", low=5, high=1200),
    Option("steps", 5000, "most steps; a world ends earlier where a group is gone", low=10, high=100_000),
    Option("worlds", 12, "worlds for each density in the experiment on waiting", low=2, high=200),
    Option("vision", 1.7, "radius of view, in cells", low=1.0, high=31.0),
    Option("jail", 15, "longest term in steps", low=0, high=1_000_000),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Carry out the experiment that a setting names."""
    return _one(setting, progress) if setting.word("experiment") == "one" else _waiting(setting, progress)


def build(setting: Setting, world: int, *, cops: float | None = None, size: int | None = None) -> TwoGroups:
    """Return world number `world` of a setting, perhaps with other peacekeepers or of another size."""
    side = size or setting.whole("size")
    keepers = setting.number("cops") if cops is None else cops
    check_torus(side, setting.number("vision"), AGENTS, keepers)
    return TwoGroups(
        TwoGroupsSetting(
            side=side,
            agent_density=AGENTS,
            cop_density=keepers,
            radius=setting.number("vision"),
            ratio=setting.word("rounding"),
            legitimacy=setting.number("legitimacy"),
            longest_term=setting.whole("jail"),
            seed=(setting.seed + world) % 2**64,
        )
    )


def time_to_end(world: TwoGroups, steps: int) -> float:
    """Steps until a group is gone; infinite where both last."""
    for step in range(steps):
        world.step()
        if min(world.alive()) == 0:
            return step + 1.0
    return float("inf")


def _one(setting: Setting, progress: Progress) -> Outcome:
    steps = setting.whole("steps")
    world = build(setting, 0)
    alive = [world.alive()]
    killed = [0]
    picture = world.cells_by_kind()
    for step in range(steps):
        world.step()
        alive.append(world.alive())
        killed.append(world.killed())
        if step < PICTURE_AT:
            picture = world.cells_by_kind()
        if min(alive[-1]) == 0:
            break
        progress(step + 1, steps)
    progress(steps, steps)
    groups, dead = np.array(alive, np.float64), np.array(killed, np.float64)
    ended = min(alive[-1]) == 0
    obtained = {
        "killed": dead[-1],
        "minority": float(groups[-1].min() / groups[-1].sum()),
        "ended": float(ended),
    }
    time = np.arange(len(groups), dtype=np.float64)
    chart = Chart(
        key="groups",
        title="The two groups",
        reading=f"One group is gone after {len(time) - 1:,} steps." if ended else "Both groups last.",
        across="step",
        upward="agents",
        curves=(
            Curve("one group", time, groups[:, 0]),
            Curve("the other", time, groups[:, 1]),
            Curve("killed so far", time, dead, "strong"),
        ),
    )
    seen = Picture(
        "torus",
        f"The torus after {min(PICTURE_AT, len(time) - 1)} steps",
        "Who stands where; killing goes on at the borders between the groups.",
        picture,
        KINDS,
    )
    cost = Cost(
        float(dead[-1]), "agents killed", f"in {len(time) - 1:,} steps; {alive[0][0] + alive[0][1]:,} began."
    )
    return Outcome(obtained, (chart,), cost, (seen,))


def _waiting(setting: Setting, progress: Progress) -> Outcome:
    worlds, steps = setting.whole("worlds"), setting.whole("steps")
    times = np.zeros((len(DENSITIES), worlds))
    dead = 0
    sizes = (*SIZES, *(size for size in (setting.whole("size"),) if size > SIZES[-1]))
    work = (len(DENSITIES) + len(sizes)) * worlds
    for row, cops in enumerate(DENSITIES):
        for number in range(worlds):
            world = build(setting, number, cops=cops)
            times[row, number] = time_to_end(world, steps)
            dead += world.killed()
            progress(row * worlds + number + 1, work)
    by_size = np.zeros(len(sizes))
    for row, size in enumerate(sizes):
        few = max(2, worlds // 3) if size > SIZES[-2] else worlds
        found = [time_to_end(build(setting, number, cops=0.0, size=size), steps) for number in range(few)]
        by_size[row] = np.minimum(found, steps).mean()
        progress((len(DENSITIES) + row + 1) * worlds, work)
    held = np.minimum(times, steps)
    obtained = {
        "all-end": float(np.isfinite(times[0]).mean()),
        "delayed": float(held[2].mean() / held[0].mean()),
        "spread": float(held[2].std(ddof=1) / held[0].std(ddof=1)),
        "not-prevented": float(np.isfinite(times[2]).mean()),
    }
    cost = Cost(
        float(dead), "agents killed", f"in {worlds * len(DENSITIES)} worlds of up to {steps:,} steps."
    )
    return Outcome(obtained, (_waits(held, steps), _sizes(sizes, by_size)), cost)


def _waits(held: NDArray[np.float64], steps: int) -> Chart:
    density = np.array(DENSITIES)
    return Chart(
        key="waits",
        title="Steps until one group is gone, by peacekeepers",
        reading="Peacekeepers delay the end, and make it hard to foresee; a world in which both groups last to the end "
        f"counts {steps:,} steps.",
        across="peacekeepers as a share of the cells",
        upward="steps",
        curves=(
            Curve("each world", np.repeat(density, held.shape[1]), held.ravel(), "points"),
            Curve("mean", density, held.mean(axis=1), "strong"),
            Curve("standard deviation", density, held.std(axis=1, ddof=1)),
        ),
    )


def _sizes(sizes: tuple[int, ...], by_size: NDArray[np.float64]) -> Chart:
    return Chart(
        key="sizes",
        title="What size changes: steps until one group is gone, without peacekeepers",
        reading="On a larger torus each group has room to hold out, and the end takes longer to come.",
        across="cells of the torus",
        upward="steps, in the mean",
        curves=(Curve("mean", np.array(sizes, np.float64) ** 2, by_size),),
        is_logarithmic=True,
    )


PAPER = "Epstein 2002, figure"
RELAY = "by ndouglas/SugarScape"
WAITING = {"experiment": "waiting"}
TARGETS = (
    Target(
        "killed",
        "agents killed at L = .9, without cops, in 500 steps",
        "peaceful coexistence",
        0,
        0,
        f"{PAPER} 12 (caption); H (1 - L) <= T",
        "derived",
        {"legitimacy": 0.9, "steps": 500},
    ),
    Target(
        "minority",
        "share of the smaller group then",
        "both groups live on",
        0.25,
        0.5,
        f"{PAPER} 12 (caption) {RELAY}",
        "relayed",
        {"legitimacy": 0.9, "steps": 500},
    ),
    Target(
        "all-end",
        "share of worlds at L = .8 without cops in which a group is gone",
        "local cleansing leads to genocide",
        1,
        1,
        f"{PAPER} 13: in all of 30 runs, {RELAY}",
        "relayed",
        WAITING,
    ),
    Target(
        "delayed",
        "mean wait with 4 % cops over that without",
        "waits grow with the initial density of cops",
        1.2,
        float("inf"),
        f"{PAPER}s 15 and 16 (captions) {RELAY}",
        "relayed",
        WAITING,
    ),
    Target(
        "spread",
        "standard deviation of the wait with 4 % cops over that without",
        "grows too",
        1.2,
        float("inf"),
        f"{PAPER} 17 (caption) {RELAY}",
        "relayed",
        WAITING,
    ),
    Target(
        "not-prevented",
        "share of worlds with 4 % cops in which a group is gone nevertheless",
        "cops delay, they do not prevent",
        0.9,
        1,
        f"{PAPER} 15 {RELAY} (runs were cut at 15,000 cycles)",
        "relayed",
        WAITING,
    ),
)

MODEL = ReferenceModel(
    name="epstein-two",
    title="Civil violence, model II: two groups",
    source="J. M. Epstein, 'Modeling civil violence', PNAS 99 suppl. 3 (2002) 7243-7250",
    claim=(
        "Where two groups deny each other the right to exist, local killing ends in the death of one of them. "
        "Peacekeepers delay it, by a time that nobody could foretell."
    ),
    options=OPTIONS,
    targets=TARGETS,
    run=run,
    notes=(
        "What was relayed and what assumed stands in the module. Move, then act, in a drawn order.",
        "Agents that kill and die here are marks on a grid; the figures are about waiting times, and no more.",
    ),
)
