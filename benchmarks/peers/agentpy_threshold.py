"""AgentPy: an ``AgentList`` whose method is called for all, or whose attribute is assigned at once.

``build`` calls the agents' own method, as AgentPy's model library does. ``build_gathered`` works the decisions out
in NumPy and assigns them as an ``AttrIter``, AgentPy's way to give each agent a value of its own.
"""

from typing import Any

import agentpy
import numpy as np

from benchmarks.peers.protocol import GROUP, NATION, NOISE, OWN, THRESHOLD


class Person(agentpy.Agent):  # type: ignore[misc]
    """One agent."""

    def setup(self, attitude: float, group: int) -> None:
        """Begin closed."""
        self.attitude = attitude
        self.group = group
        self.open = False

    def decide(self) -> None:
        """Be open or not; everybody sees the shares of the step before."""
        model = self.model
        push = self.attitude + model.pressure[self.group] + model.random.gauss(0.0, NOISE)
        self.open = push > THRESHOLD


class Society(agentpy.Model):  # type: ignore[misc]
    """All agents."""

    def setup(self) -> None:
        """Make the agents."""
        n = self.p.n
        self.groups = np.arange(n) // GROUP
        self.size = np.bincount(self.groups)
        attitudes = agentpy.AttrIter(self.nprandom.normal(0.0, 1.0, n).tolist())
        groups = agentpy.AttrIter(self.groups.tolist())
        self.agents = agentpy.AgentList(self, n, Person, attitude=attitudes, group=groups)

    def step(self) -> None:
        """Look at the shares, then decide."""
        states = np.array(list(self.agents.open))
        pressure = OWN * np.bincount(self.groups, weights=states) / self.size + NATION * states.mean()
        if self.p.gathered:
            self.assign(pressure)
        else:
            self.pressure = pressure.tolist()
            self.agents.decide()

    def assign(self, pressure: Any) -> None:
        """Decide for all in NumPy."""
        noise = self.nprandom.normal(0.0, NOISE, self.p.n)
        push = np.array(list(self.agents.attitude)) + pressure[self.groups] + noise
        self.agents.open = agentpy.AttrIter((push > THRESHOLD).tolist())


class World:
    """A society behind the common protocol."""

    def __init__(self, n: int, seed: int, gathered: bool) -> None:
        self.activated = n
        self.society = Society({"n": n, "gathered": gathered})
        self.society.sim_setup(seed=seed)

    def step(self) -> None:
        """One step."""
        self.society.sim_step()

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(np.mean(list(self.society.agents.open)))


def build(n: int, seed: int) -> World:
    """World of n agents who decide themselves."""
    return World(n, seed, gathered=False)


def build_gathered(n: int, seed: int) -> World:
    """World of n agents for whom NumPy decides."""
    return World(n, seed, gathered=True)
