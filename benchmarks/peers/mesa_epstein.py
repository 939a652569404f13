"""Epstein's (2002) civil violence, model I: Mesa's shipped example as it is, with its own parameters.

It is 70 % citizens, 7.4 % cops, vision 7, legitimacy 0.8, jail up to 1000 steps, and it collects data of every agent
in every step. Each step activates all agents, those in jail too. The first step is dear: it looks up each cell's
neighbourhood and keeps it.
"""

from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence


class World:
    """The example behind the common protocol."""

    def __init__(self, side: int, seed: int) -> None:
        self.model = EpsteinCivilViolence(width=side, height=side, seed=seed)
        self.activated = len(self.model.agents)

    def step(self) -> None:
        """One step."""
        self.model.step()

    def open_share(self) -> float:
        """Share of citizens and cops who are active."""
        return float(self.model.ACTIVE) / self.activated


def build(n: int, seed: int) -> World:
    """World of n times n cells."""
    return World(n, seed)
