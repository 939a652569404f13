"""mesa-frames: one Polars data frame; a step is one expression over its columns.

The state is replaced through ``agents``, the native style of its own examples (setting one column by its name copies
and joins the frame and is slower). Polars draws no normal noise, so the model's NumPy generator does.
"""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.peers.protocol import GROUP, NATION, NOISE, OWN, THRESHOLD


class Persons(AgentSetPolars):  # type: ignore[misc]
    """All agents."""

    agents: pl.DataFrame

    def __init__(self, n: int, model: ModelDF) -> None:
        super().__init__(model)
        self += pl.DataFrame(
            {
                "unique_id": np.arange(n),
                "group": (np.arange(n) // GROUP).astype(np.int32),
                "attitude": model.random.normal(0.0, 1.0, n),
                "open": np.zeros(n, dtype=bool),
            }
        )
        self.agents = self.agents.with_columns(pl.col("group").set_sorted())  # no hashing of groups

    def step(self) -> None:
        """All agents at once."""
        noise = pl.Series("noise", self.model.random.normal(0.0, NOISE, len(self)))
        own = pl.col("open").mean().over("group")
        push = pl.col("attitude") + OWN * own + NATION * pl.col("open").mean() + noise
        self.agents = self.agents.with_columns(open=push > THRESHOLD)


class Society(ModelDF):  # type: ignore[misc]
    """A model of one agent set."""

    def __init__(self, n: int, seed: int) -> None:
        super().__init__(seed)
        self.agents += Persons(n, self)

    def step(self) -> None:
        """One step of all agent sets."""
        self.agents.do("step")


class World:
    """A society behind the common protocol."""

    def __init__(self, n: int, seed: int) -> None:
        self.activated = n
        self.society = Society(n, seed)

    def step(self) -> None:
        """One step."""
        self.society.step()

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.society.get_agents_of_type(Persons)["open"].mean())


def build(n: int, seed: int) -> World:
    """World of n agents."""
    return World(n, seed)
