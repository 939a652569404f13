"""AMBER: the tensor lane of the vectorised style, which its documentation advises where agents interact densely.

Columns of the Polars frame are borrowed as arrays, worked on in NumPy and committed. Its array lane
(``ArrayKernelModel``) would be plain NumPy on a processor: it keeps no frame and hands out bare arrays.
"""

import ambr
import numpy as np

from benchmarks.peers.protocol import GROUP, NATION, NOISE, OWN, THRESHOLD


class Society(ambr.Model):  # type: ignore[misc]
    """All agents."""

    def setup(self) -> None:
        """Make the agents."""
        n = self.p.n
        groups = np.arange(n) // GROUP
        self.size = np.bincount(groups)
        self.add_agents(
            n,
            group=groups,
            attitude=self.rng.normal(0.0, 1.0, n),
            open=np.zeros(n, dtype=bool),
        )

    def step_vectorized(self) -> None:
        """All agents at once."""
        groups, states, attitudes = (self.agents.borrow(name)[0] for name in ("group", "open", "attitude"))
        pressure = OWN * np.bincount(groups, weights=states) / self.size + NATION * states.mean()
        noise = self.rng.normal(0.0, NOISE, len(groups))
        self.agents.commit(open=attitudes + pressure[groups] + noise > THRESHOLD)


class World:
    """A society behind the common protocol."""

    def __init__(self, n: int, seed: int) -> None:
        self.activated = n
        self.society = Society({"n": n, "seed": seed, "show_progress": False}).cpu(mode="vectorized")

    def step(self) -> None:
        """One step (the first one makes the agents)."""
        self.society.run_step()

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.society.agents.open.mean())


def build(n: int, seed: int) -> World:
    """World of n agents."""
    return World(n, seed)
