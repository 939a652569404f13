"""Starsim: a custom module with states, its noise from a Starsim distribution, all agents at once.

``build`` keeps the default, common random numbers for each agent. ``build_plain_draws`` switches them off
(``crn=False``), which Starsim's options offer for speed. Arrays are single precision, Starsim's default.
"""

import numpy as np
import starsim

from benchmarks.peers.protocol import GROUP, MOST_STEPS, NATION, NOISE, OWN, THRESHOLD


class Openness(starsim.Module):  # type: ignore[misc]
    """The state of all agents and what moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.noise = starsim.normal(0.0, NOISE)
        self.define_states(
            starsim.FloatArr("attitude", default=starsim.normal(0.0, 1.0)),
            starsim.IntArr("group"),
            starsim.BoolState("open", default=False),
        )

    def init_post(self) -> None:
        """Put everybody into a group."""
        super().init_post()
        self.group[:] = np.arange(len(self.group)) // GROUP
        self.size = np.bincount(self.group.values)

    def step(self) -> None:
        """All agents at once."""
        states, groups = self.open.values, self.group.values
        pressure = OWN * np.bincount(groups, weights=states) / self.size + NATION * states.mean()
        noise = self.noise.rvs(self.sim.people.auids)
        self.open[:] = self.attitude.values + pressure[groups] + noise > THRESHOLD


class World:
    """A simulation behind the common protocol."""

    def __init__(self, n: int, seed: int) -> None:
        self.activated = n
        self.openness = Openness()
        self.sim = starsim.Sim(
            n_agents=n,
            custom=self.openness,
            start=0,
            dur=MOST_STEPS,
            dt=1,
            rand_seed=seed,
            verbose=0,
            copy_inputs=False,
        )
        self.sim.init()

    def step(self) -> None:
        """One step."""
        self.sim.run_one_step()

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.openness.open.mean())


def build(n: int, seed: int) -> World:
    """World of n agents with common random numbers."""
    return World(n, seed)


def build_plain_draws(n: int, seed: int) -> World:
    """World of n agents with plain draws."""
    starsim.options(crn=False)
    return World(n, seed)
