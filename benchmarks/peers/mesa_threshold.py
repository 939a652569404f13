"""Mesa: agents decide one by one (``AgentSet.do``), shares by ``AgentSet.agg`` and ``get``.

``build`` is the style that Mesa's documentation teaches. ``build_gathered`` works the decisions out in NumPy and
hands each agent its own: quicker, but the agents decide nothing any more.
"""

from typing import Any

import mesa
import numpy as np

from benchmarks.peers.protocol import GROUP, NATION, NOISE, OWN, THRESHOLD


class Person(mesa.Agent):  # type: ignore[misc]
    """One agent."""

    def __init__(self, model: Any, attitude: float, group: int) -> None:
        super().__init__(model)
        self.attitude = attitude
        self.group = group
        self.open = False

    def decide(self) -> None:
        """Be open or not; everybody sees the shares of the step before."""
        model = self.model
        push = self.attitude + model.pressure[self.group] + model.random.gauss(0.0, NOISE)
        self.open = push > THRESHOLD


class Society(mesa.Model):  # type: ignore[misc]
    """All agents."""

    def __init__(self, n: int, seed: int, gathered: bool) -> None:
        super().__init__(seed=seed)
        self.gathered = gathered
        self.groups = np.arange(n) // GROUP
        self.size = np.bincount(self.groups)
        Person.create_agents(self, n, self.rng.normal(0.0, 1.0, n).tolist(), self.groups.tolist())

    def step(self) -> None:
        """Look at the shares, then decide."""
        states = np.array(self.agents.get("open"))
        pressure = OWN * np.bincount(self.groups, weights=states) / self.size + NATION * states.mean()
        if self.gathered:
            self.hand_out(pressure)
        else:
            self.pressure = pressure.tolist()
            self.agents.do("decide")

    def hand_out(self, pressure: Any) -> None:
        """Decide for all in NumPy."""
        noise = self.rng.normal(0.0, NOISE, len(self.groups))
        push = np.array(self.agents.get("attitude")) + pressure[self.groups] + noise
        for person, is_open in zip(self.agents, (push > THRESHOLD).tolist(), strict=True):
            person.open = is_open


class World:
    """A society behind the common protocol."""

    def __init__(self, society: Society) -> None:
        self.society = society
        self.activated = len(society.agents)

    def step(self) -> None:
        """One step."""
        self.society.step()

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.society.agents.agg("open", np.mean))


def build(n: int, seed: int) -> World:
    """World of n agents who decide themselves."""
    return World(Society(n, seed, gathered=False))


def build_gathered(n: int, seed: int) -> World:
    """World of n agents for whom NumPy decides."""
    return World(Society(n, seed, gathered=True))
