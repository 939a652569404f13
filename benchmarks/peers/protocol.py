"""The work that every implementation of the group threshold model does, and what it must offer.

N agents live in groups of 100. Each keeps a private attitude a ~ Normal(0, 1); all begin closed. In a step an agent
sees the open share g of its own group and n of the nation, both as they were before the step, draws fresh noise
e ~ Normal(0, 0.5), and is open afterwards if ``a + 2 g + n + e > 1.5``.
"""

from typing import Protocol

GROUP = 100
OWN, NATION, THRESHOLD, NOISE = 2.0, 1.0, 1.5, 0.5
MOST_STEPS = 10_000  # no run is longer: a framework may have to plan its time ahead


class Model(Protocol):
    """A world that can be moved and looked at."""

    @property
    def activated(self) -> int:
        """Agents activated in each step."""

    def step(self) -> None:
        """Move all agents once."""

    def open_share(self) -> float:
        """Share of agents who are open (in Epstein's model: active)."""


class Build(Protocol):
    """A world of a size (agents, or the side of a grid) from a seed."""

    def __call__(self, n: int, seed: int) -> Model:
        """Build it."""
