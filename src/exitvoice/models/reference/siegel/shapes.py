"""The four kinds of network of the paper, and the complete one, by the parameters that shape them.

The paper's names for them, recalled: small world (connection radius, rewire probability), villages (village size, far
probability), opinion leaders (exponent of the power law of ties), hierarchy (expansion rate, level connection
probability). Far and level ties are given here as a mean a person, not as a probability: a probability that holds at
1,000 people would give each of a million a thousand times the ties.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.networks import (
    Network,
    cliques,
    configuration,
    levels,
    power_law_degrees,
    small_world,
    tree,
)

KINDS = ("small-world", "village", "opinion-leader", "hierarchy", "complete")
SHAPE = {
    "small-world": "rewired",
    "village": "far",
    "opinion-leader": "exponent",
    "hierarchy": "level",
    "complete": "",
}
TIES = {
    "small-world": "radius",
    "village": "village",
    "opinion-leader": "fewest",
    "hierarchy": "branches",
    "complete": "",
}
ELITE = 0.01  # share of people at the top, assumed: the upper levels, or those with the most ties
Values = Mapping[str, float]


def build(kind: str, values: Values, seed: int) -> Network:
    """Draw a network of a kind.

    Raises
    ------
    ValueError
        If the parameters do not fit together, or there are more ties than the engine holds.
    """
    size = int(values["size"])
    if kind == "small-world":
        return small_world(size, int(values["radius"]), values["rewired"], seed)
    if kind == "village":
        return cliques(size, int(values["village"]), values["far"], seed)
    if kind == "opinion-leader":
        fewest = int(values["fewest"])
        degrees = power_law_degrees(size, values["exponent"], seed, smallest=fewest, largest=size - 1)
        return configuration(degrees, seed)
    if kind == "hierarchy":
        return tree(size, int(values["branches"]), values["level"], seed)
    return cliques(size, size, 0.0, seed)


def order_of_people(kind: str, network: Network) -> NDArray[np.int64]:
    """Order in which people are drawn side by side: along the ring, by village or level, or by falling ties."""
    if kind == "opinion-leader":
        return np.argsort(-network.degrees, kind="stable")
    return np.arange(network.nodes)


def elite(kind: str, network: Network, branches: int) -> NDArray[np.bool_]:
    """Who stands at the top: the upper levels of a hierarchy, or those with the most ties."""
    wanted = max(1, round(ELITE * network.nodes))
    top = np.zeros(network.nodes, bool)
    if kind == "hierarchy":
        ends = [end for _, end in levels(network.nodes, branches)]
        top[: max([end for end in ends if end <= wanted], default=1)] = True
    else:
        top[np.argsort(-network.degrees, kind="stable")[:wanted]] = True
    return top
