"""What a reimplementation of Siegel's model has to give.

The figures of small worlds stand with the spread between worlds, from 10 worlds. A mean of 40 is held against a mean
of 10: two standard errors of the difference either way (false alarm 5 % a target), or 10 %, whichever is wider.
"""

from exitvoice.models.reference.base import Target

OWN = "own computation from the recalled equations, 10 worlds, spread between worlds as given"
FIXED_POINT = "fixed point of r = Phi((mean + r - 1) / spread), reached from below"
ABSTRACT = "abstract: in some contexts additional network ties decrease participation"
SMALL: dict[str, str | float | int] = {"against": "nothing"}


def _small_world(radius: int, rewired: float, mean: float, spread: float, if_missed: str = "") -> Target:
    room = max(0.1 * mean, 2.0 * spread * (1 / 10 + 1 / 40) ** 0.5)
    return Target(
        f"share-{2 * radius}-{rewired:g}",
        f"share in a small world, {2 * radius} ties a person, {rewired:.0%} rewired",
        f"{mean:.2f}, sd {spread:.2f}",
        round(mean - room, 3),
        round(mean + room, 3),
        OWN,
        "derived",
        {**SMALL, "radius": radius, "rewired": rewired},
        if_missed,
    )


def _fall(what: str, needs: dict[str, str | float | int]) -> Target:
    return Target(
        "fall-" + what.replace(" ", "-").replace(",", ""),
        f"largest fall as ties are added ({what}), in standard errors",
        "additional ties can decrease participation",
        4.0,
        float("inf"),
        ABSTRACT,
        "seen",
        needs,
        "the abstract does not say in which contexts; 40 worlds of 1,000 show a fall in this one, not so firmly",
    )


TARGETS = (
    Target(
        "share-complete-0.5",
        "share in a complete network, b ~ N(.5, .25)",
        ".030",
        0.020,
        0.040,
        FIXED_POINT,
        "derived",
        {**SMALL, "network": "complete", "mean": 0.5, "memory": 0.0},
    ),
    Target(
        "share-complete-0.6",
        "share in a complete network, b ~ N(.6, .25)",
        ".991",
        0.981,
        1.0,
        FIXED_POINT,
        "derived",
        {**SMALL, "network": "complete", "memory": 0.0},
        "the figure is of an endless population; 1,000 people often stop at a bottleneck that it just passes",
    ),
    Target(
        "share-large",
        "share of 100,000 with 20 random ties each, b ~ N(.6, .25)",
        ".991",
        0.981,
        1.0,
        FIXED_POINT,
        "derived",
        {**SMALL, "memory": 0.0, "runs": 1, "size": 100_000, "radius": 10, "rewired": 1.0},
    ),
    _small_world(2, 0.1, 0.25, 0.03),
    _small_world(5, 0.0, 0.29, 0.055),
    _small_world(5, 1.0, 0.58, 0.41),
    _small_world(10, 0.1, 0.78, 0.15),
    _small_world(25, 0.0, 0.87, 0.16),
    _small_world(25, 1.0, 0.47, 0.42),
    _fall("small world, weak motivation", {"against": "ties", "mean": 0.5}),
    _fall("villages, weak motivation", {"against": "ties", "network": "village", "mean": 0.5}),
    _fall("far ties of villages", {"network": "village"}),
    _fall("level ties of a hierarchy", {"network": "hierarchy"}),
)
