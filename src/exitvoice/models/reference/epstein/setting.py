"""What may be set in civil violence, model I, and the world that a setting asks for."""

from exitvoice.models.reference.base import Option, Setting
from exitvoice.models.reference.epstein.rules import ORDERS, RATIOS
from exitvoice.models.reference.epstein.world import JAILED_CHOICES, Epstein, EpsteinSetting
from exitvoice.models.reference.settings import check_torus

EXPERIMENTS = ("outbursts", "deception", "legitimacy", "cops", "sizes")
FOR_EVER = 1_000_000  # longest term that no run outlives

OPTIONS = (
    Option("experiment", "outbursts", "what is done with the worlds", words=EXPERIMENTS),
    Option("rounding", "floor", "form of the ratio C/A in the arrest probability", words=RATIOS),
    Option(
        "neighbourhood",
        "euclidean",
        "which cells lie in view",
        words=("euclidean", "moore", "von_neumann"),
    ),
    Option("order", "move_first", "order within a step and a turn", words=ORDERS),
    Option(
        "jailed",
        "leave",
        "whether the jailed stay in their cell, or leave it to the cop and others",
        words=JAILED_CHOICES,
    ),
    Option("self", "once", "how often an active agent counts itself", words=("once", "twice")),
    Option("size", 40, "cells on a side of the torus", low=17, high=1600),
    Option("steps", 5700, "steps; in each everybody is activated once", low=10, high=100_000),
    Option("worlds", 4, "worlds, each with a seed of its own, the first with the given one", low=1, high=100),
    Option("vision", 7.0, "radius of view, in cells", low=1.0, high=31.0),
    Option("agents", 0.7, "agents as a share of the cells", low=0.01, high=0.98),
    Option("cops", 0.04, "cops as a share of the cells", low=0.0, high=0.98),
    Option("legitimacy", 0.82, "L, the regime's legitimacy, alike for all"),
    Option("jail", 30, "longest term in steps", low=0, high=FOR_EVER),
    Option(
        "largest",
        160,
        "largest side in the experiment on sizes; 1200 makes a million agents",
        low=160,
        high=1600,
    ),
)


def build(setting: Setting, world: int, *, size: int | None = None) -> Epstein:
    """Return world number `world` of a setting, perhaps of another size."""
    side = size or setting.whole("size")
    check_torus(side, setting.number("vision"), setting.number("agents"), setting.number("cops"))
    return Epstein(
        EpsteinSetting(
            width=side,
            height=side,
            agent_density=setting.number("agents"),
            cop_density=setting.number("cops"),
            radius=setting.number("vision"),
            neighbourhood=setting.word("neighbourhood"),
            ratio=setting.word("rounding"),
            order=setting.word("order"),
            jailed=setting.word("jailed"),
            counts_itself_twice=setting.word("self") == "twice",
            legitimacy=setting.number("legitimacy"),
            longest_term=setting.whole("jail"),
            seed=(setting.seed + world) % 2**64,
        )
    )
