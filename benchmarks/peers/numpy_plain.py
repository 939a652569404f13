"""Plain NumPy: whole arrays, the default types and generator, no tricks."""

import numpy as np

from benchmarks.peers.protocol import GROUP, NATION, NOISE, OWN, THRESHOLD


class World:
    """Attitude, group and state, one array each."""

    def __init__(self, n: int, seed: int) -> None:
        self.activated = n
        self.random = np.random.default_rng(seed)
        self.attitude = self.random.normal(0.0, 1.0, n)
        self.group = np.arange(n) // GROUP
        self.size = np.bincount(self.group)
        self.open = np.zeros(n, dtype=bool)

    def step(self) -> None:
        """All agents at once."""
        pressure = OWN * np.bincount(self.group, weights=self.open) / self.size + NATION * self.open.mean()
        noise = self.random.normal(0.0, NOISE, self.activated)
        self.open = self.attitude + pressure[self.group] + noise > THRESHOLD

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.open.mean())


def build(n: int, seed: int) -> World:
    """World of n agents."""
    return World(n, seed)
