"""Networks as compressed rows, and seeded pure functions that draw them; a million nodes take seconds."""

from exitvoice.engine.networks.base import Network, from_pairs
from exitvoice.engine.networks.regular import cliques, levels, small_world, tree
from exitvoice.engine.networks.uneven import (
    configuration,
    expected_degrees,
    largest_component,
    pareto_weights,
    power_law_degrees,
    preferential,
)

__all__ = [
    "Network",
    "cliques",
    "configuration",
    "expected_degrees",
    "from_pairs",
    "largest_component",
    "levels",
    "pareto_weights",
    "power_law_degrees",
    "preferential",
    "small_world",
    "tree",
]
