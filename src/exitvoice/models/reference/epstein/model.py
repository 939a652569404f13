"""Civil violence, model I, as a published model: options, targets, and what a run of it shows."""

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
from exitvoice.models.reference.epstein.outbursts import find_outbursts, mean_or_nan
from exitvoice.models.reference.epstein.world import RATIOS, Epstein, EpsteinSetting

LIMIT = 50  # active agents of 1,120: more is an outburst (the paper's figure 5)
SHOWN = 600  # steps drawn
RESEARCH = "own reimplementation in C, 4 seeds of 5,700 steps, NetLogo's order"

OPTIONS = (
    Option("rounding", "floor", "form of the ratio C/A in the arrest probability", words=RATIOS),
    Option(
        "neighbourhood",
        "euclidean",
        "which cells lie in view",
        words=("euclidean", "moore", "von_neumann"),
    ),
    Option("size", 40, "cells on a side of the torus", low=17, high=1600),
    Option("steps", 2000, "steps; in each everybody is activated once", low=10, high=100_000),
    Option("vision", 7.0, "radius of view, in cells", low=1.0, high=31.0),
    Option("agents", 0.7, "agents as a share of the cells", low=0.01, high=0.98),
    Option("cops", 0.04, "cops as a share of the cells", low=0.0, high=0.98),
    Option("legitimacy", 0.82, "L, the regime's legitimacy, alike for all"),
    Option("jail", 30, "longest term in steps", low=0, high=1_000_000),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let a world live and look at its outbursts."""
    world = Epstein(world_setting(setting))
    steps = setting.whole("steps")
    counts = np.zeros((steps, 3), np.int64)
    best, worst = 0, world.cells_by_kind()
    for step in range(steps):
        world.step()
        counts[step] = world.counts()
        if counts[step, 1] > best:
            best, worst = int(counts[step, 1]), world.cells_by_kind()
        progress(step + 1, steps)
    return _outcome(counts, worst, setting)


def world_setting(setting: Setting) -> EpsteinSetting:
    """Return the world that a setting asks for."""
    side = setting.whole("size")
    return EpsteinSetting(
        width=side,
        height=side,
        agent_density=setting.number("agents"),
        cop_density=setting.number("cops"),
        radius=setting.number("vision"),
        neighbourhood=setting.word("neighbourhood"),
        ratio=setting.word("rounding"),
        legitimacy=setting.number("legitimacy"),
        longest_term=setting.whole("jail"),
        seed=setting.seed,
    )


def _outcome(counts: NDArray[np.int64], worst: NDArray[np.uint8], setting: Setting) -> Outcome:
    active, jailed = counts[:, 1], counts[:, 2]
    limit = LIMIT * counts[0].sum() / 1120
    found = find_outbursts(active, limit)
    steps = np.arange(1, len(active) + 1, dtype=np.float64)[:SHOWN]
    series = Chart(
        key="series",
        title="Active and jailed agents",
        reading=f"{len(found.begins)} outbursts of more than {limit:.0f} active agents in {len(active):,} steps.",
        across="step",
        upward="agents",
        curves=(
            Curve("active", steps, active[:SHOWN].astype(np.float64)),
            Curve("jailed", steps, jailed[:SHOWN].astype(np.float64)),
        ),
    )
    obtained = {
        "mean-active": float(active.mean()),
        "outbursts": found.per_thousand,
        "wait": mean_or_nan(found.waits),
        "peak": float(active.max()),
    }
    cost = Cost(
        float(jailed.sum()),
        "agent-steps in jail",
        f"of {counts[0].sum():,} agents over {len(active):,} steps, in a model without trial or release before term.",
    )
    picture = Picture(
        "torus",
        "The torus at its most active step",
        f"{int(active.max()):,} of {counts[0].sum():,} agents are active.",
        worst,
        ("empty", "quiet", "active", "in jail", "cop"),
    )
    return Outcome(obtained, (series,), cost, (picture,))


TARGETS = (
    Target(
        "peak",
        "largest number of active agents, ratio as printed",
        "no outbursts (NetLogo's authors say so of the printed equation)",
        0,
        50,
        "NetLogo 'Rebellion', information tab",
        "seen",
        {"rounding": "identity"},
    ),
    Target(
        "outbursts",
        "outbursts in 1,000 steps, ratio rounded down",
        "34",
        24,
        44,
        RESEARCH,
        "derived",
    ),
)

MODEL = ReferenceModel(
    name="epstein",
    title="Civil violence, model I",
    source="J. M. Epstein, 'Modeling civil violence', PNAS 99 suppl. 3 (2002) 7243-7250",
    claim=(
        "Agents rebel where grievance exceeds the risk of arrest that they see around them. Long calms are broken by "
        "sudden outbursts: punctuated equilibrium."
    ),
    options=OPTIONS,
    targets=TARGETS,
    run=run,
)
