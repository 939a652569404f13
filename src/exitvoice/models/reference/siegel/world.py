"""Collective action in social networks (Siegel 2009): people take part when enough of those they know do.

    takes part  iff  b + c > 0
    c(t + 1) = memory c(t) - (1 - memory) (1 - share of acquaintances who take part at t),     c(0) = -1

b net internal motivation, normal and fixed; c net external motivation, from -1 (nobody around takes part) to 0. Who
has b > 1 takes part alone, who has b < 0 never. All look at once, then all change at once. From the start taking part
only grows, so that where it ends does not depend on the memory, which sets the pace alone.

Source: D. A. Siegel, American Journal of Political Science 53 (2009) 122-138. The abstract was read; the equations
and the names of the networks' parameters are recalled. That all look first and change together, and the rule without
memory, are relayed by github.com/nickeubank/coordination_model.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Column
from exitvoice.engine.mathematics import normal_quantile
from exitvoice.engine.networks import Network
from exitvoice.engine.primitives import real
from exitvoice.engine.pull import Pull, PullProgram, State, compile_pull, plain_step
from exitvoice.engine.rule import rule
from exitvoice.engine.targets.cpu import Threads

SETTLED = 1e-4  # of the way of c that is left when nothing has changed for as long


@rule(writes=("cost", "acts"))
def take_part(
    motivation: float, cost: float, acting_around: int, ties: int, memory: float
) -> tuple[float, bool]:
    """Feel what the others do, and decide; somebody without ties sees nobody act."""
    known = real(ties) if ties > 0 else real(1.0)
    share = real(acting_around) / known
    cost = memory * cost - (1.0 - memory) * (1.0 - share)
    return cost, motivation + cost > 0.0


@rule(writes=("motivation", "cost", "acts"))
def settle(
    shift: float, mean_motivation: float, spread_of_motivation: float, u_motivation: float
) -> tuple[float, float, bool]:
    """Draw everybody's motivation; `shift` is what those at the top have more than others."""
    motivation = mean_motivation + shift + spread_of_motivation * normal_quantile(u_motivation)
    return motivation, real(-1.0), motivation > 1.0


COLUMNS = (
    Column("motivation", "float32"),
    Column("cost", "float32"),
    Column("shift", "float32"),
    Column("acts", "uint8"),
)
START = PullProgram(
    "siegel_start",
    COLUMNS,
    (),
    (settle,),
    parameters=("mean_motivation", "spread_of_motivation"),
    fresh=("u_motivation",),
    counts=("acts",),
)
STEP = PullProgram(
    "siegel_step",
    COLUMNS,
    (Pull("acting_around", "acts"),),
    (take_part,),
    parameters=("memory",),
    counts=("acts",),
)


@dataclass(frozen=True)
class Motivation:
    """Distribution of net internal motivation, and what some have above the others.

    Attributes
    ----------
    mean, spread : float
        Of a normal distribution.
    shift : float32 array, shape (nodes,), or None
        Added to each node's draw.
    """

    mean: float
    spread: float
    shift: NDArray[np.float32] | None = None


class Siegel:
    """A world of the model: `step` moves everybody once, `share` says how many take part.

    `plain` runs the uncompiled step, slowly and to the same bits.
    """

    def __init__(
        self, network: Network, motivation: Motivation, *, memory: float, seed: int, plain: bool = False
    ) -> None:
        self.network, self.seed, self.memory = network, seed, memory
        self.is_plain = plain
        nodes = network.nodes
        shift = np.zeros(nodes, np.float32) if motivation.shift is None else motivation.shift
        self.state: State = {
            "motivation": np.zeros(nodes, np.float32),
            "cost": np.zeros(nodes, np.float32),
            "shift": shift.astype(np.float32),
            "acts": np.zeros(nodes, np.uint8),
        }
        self.now = 0
        drawn = {"mean_motivation": motivation.mean, "spread_of_motivation": motivation.spread}
        self.acting = self._move(START, drawn, Threads(1))

    @property
    def share(self) -> float:
        """Share of all who take part."""
        return self.acting / self.network.nodes

    def step(self, threads: Threads) -> None:
        """Let everybody look around and decide."""
        self.now += 1
        self.acting = self._move(STEP, {"memory": self.memory}, threads)

    def run(
        self, threads: Threads, *, most: int = 100_000, watch: Callable[[float], None] | None = None
    ) -> NDArray[np.float64]:
        """Go on until all is at rest; share taking part at every step, the start among them.

        `watch` is told the share after each step.
        """
        patience = 1 if self.memory == 0.0 else math.ceil(math.log(SETTLED) / math.log(self.memory))
        shares, still = [self.share], 0
        while still < patience and self.now < most:
            before = self.acting
            self.step(threads)
            shares.append(self.share)
            if watch is not None:
                watch(self.share)
            still = still + 1 if self.acting == before else 0
        return np.array(shares)

    def _move(self, program: PullProgram, parameters: dict[str, float], threads: Threads) -> int:
        if self.is_plain:
            return plain_step(program, self.network, self.state, parameters, seed=self.seed, step=self.now)[
                "acts"
            ]
        compiled = compile_pull(program)
        return compiled.step(
            self.network, self.state, parameters, seed=self.seed, step=self.now, threads=threads
        )["acts"]
