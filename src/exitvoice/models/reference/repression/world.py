"""Protest that spreads over a network and is repressed by removing protesters.

    protests  iff  share of remaining acquaintances who protest >= threshold

One person and all acquaintances begin, and never give up. In each step those below their threshold stop, then
acquaintances of protesters whose share reaches their threshold join, then a share of the protesters is removed, drawn
with weights degree / (largest degree) + 1 - threshold / (largest threshold), both over the protesters. It ends when
nobody new joins.

In the authors' code a beginner who falls below the threshold stays among the protesters but is no longer seen by
acquaintances ('coded'). That is an option here; 'firm' beginners are always seen.

Source: S. Steinert-Threlkeld, Z. C. Steinert-Threlkeld, PLoS ONE 16 (2021) e0250784; the steps were read in the
authors' code. There people stop one after another in the order of a set; here all at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Column
from exitvoice.engine.mathematics import larger, logarithm, normal_quantile
from exitvoice.engine.networks import (
    Network,
    expected_degrees,
    largest_component,
    pareto_weights,
    small_world,
)
from exitvoice.engine.primitives import real
from exitvoice.engine.pull import Pull, PullProgram, State, compile_pull, plain_step
from exitvoice.engine.random import philox, seed_halves
from exitvoice.engine.rule import rule
from exitvoice.engine.targets.cpu import Threads

BEGINNER_STREAM = 4096
SCALE_FREE, SMALL_WORLD = "scale-free", "small-world"
SMALL_WORLD_RADIUS = 7  # 14 acquaintances; the authors ask for 15, of which their library takes the even part
COLUMNS = (
    Column("present", "uint8"),
    Column("protests", "uint8"),
    Column("seen", "uint8"),
    Column("began", "uint8"),
    Column("threshold", "float32"),
    Column("ticket", "float32"),
)
AROUND = (Pull("present_around", "present"), Pull("seen_around", "seen"))


@rule(writes=("threshold", "ticket"))
def be_born(is_normal: float, u_threshold: float, u_ticket: float) -> tuple[float, float]:
    """Threshold even in (0, 1), or normal (.25, .122) and 0 where negative; a ticket for the first removal."""
    drawn = larger(0.25 + 0.122 * normal_quantile(u_threshold), 0.0)
    return (drawn if is_normal > 0.5 else u_threshold), -logarithm(u_ticket)


@rule(writes=("protests", "seen"))
def give_up(
    protests: int,
    seen: int,
    began: int,
    threshold: float,
    present_around: int,
    seen_around: int,
    is_firm: float,
) -> tuple[int, int]:
    """Stop below the threshold; a beginner goes on, seen or unseen."""
    share = real(seen_around) / real(present_around if present_around > 0 else 1)
    is_moved = (present_around > 0) & (share >= threshold)
    goes_on = 1 if is_moved | (began > 0) else 0
    stays_seen = 1 if is_moved | ((began > 0) & (is_firm > 0.5)) else 0
    return protests * goes_on, seen * stays_seen


@rule(writes=("protests", "seen", "joins", "ticket"))
def join(
    present: int,
    protests: int,
    seen: int,
    threshold: float,
    present_around: int,
    seen_around: int,
    protesting_around: int,
    u_ticket: float,
) -> tuple[int, int, int, float]:
    """Join where some acquaintance protests and their share reaches the threshold; draw a ticket for a removal."""
    share = real(seen_around) / real(present_around if present_around > 0 else 1)
    is_asked = (present > 0) & (protests == 0) & (protesting_around > 0)
    joins = 1 if is_asked & (share >= threshold) else 0
    return (1 if joins > 0 else protests), (1 if joins > 0 else seen), joins, -logarithm(u_ticket)


BIRTH = PullProgram(
    "protest_birth",
    COLUMNS,
    (),
    (be_born,),
    parameters=("is_normal",),
    fresh=("u_threshold", "u_ticket"),
)
GIVE_UP = PullProgram("protest_give_up", COLUMNS, AROUND, (give_up,), parameters=("is_firm",))
JOIN = PullProgram(
    "protest_join",
    COLUMNS,
    (*AROUND, Pull("protesting_around", "protests")),
    (join,),
    fresh=("u_ticket",),
    counts=("joins",),
)


@dataclass(frozen=True)
class ProtestSetting:
    """Parameters of a protest; the defaults are the authors' for scale-free networks."""

    size: int = 1000
    network: str = SCALE_FREE
    exponent: float = 2.3
    rewired: float = 0.1
    rate: float = 0.0
    is_normal: bool = False
    is_firm: bool = False
    seed: int = 0


def draw_network(setting: ProtestSetting) -> Network:
    """Largest part of a network with expected degrees from a power law, or a small world."""
    if setting.network == SMALL_WORLD:
        return small_world(setting.size, SMALL_WORLD_RADIUS, setting.rewired, setting.seed)
    weights = pareto_weights(setting.size, setting.exponent, setting.seed)
    return largest_component(expected_degrees(weights, setting.seed))


class Protest:
    """A protest from its beginning to its end: `step` until it returns False, or `run`.

    `plain` runs the uncompiled rules, slowly and to the same bits.
    """

    def __init__(
        self,
        setting: ProtestSetting,
        *,
        threads: Threads,
        network: Network | None = None,
        plain: bool = False,
    ) -> None:
        self.setting, self.threads, self.is_plain = setting, threads, plain
        self.network = network or draw_network(setting)
        nodes = self.network.nodes
        self.degrees = self.network.degrees.astype(np.float32)
        self.state: State = {
            column.name: np.zeros(nodes, np.uint8 if column.dtype == "uint8" else np.float32)
            for column in COLUMNS
        }
        self.state["present"][:] = 1
        self.now, self.removed = 0, 0
        self._move(BIRTH, {"is_normal": float(setting.is_normal)})
        self.beginners = self._begin()
        self._repress()

    @property
    def size(self) -> int:
        """How many protest."""
        return int(self.state["protests"].sum())

    def step(self) -> bool:
        """Give up, join, be repressed; False once nobody joins."""
        self.now += 1
        self._move(GIVE_UP, {"is_firm": float(self.setting.is_firm)})
        if self._move(JOIN, {})["joins"] == 0:
            return False
        self._repress()
        return True

    def run(self) -> int:
        """Let it go to its end and return its size there."""
        while self.step():
            pass
        return self.size

    def _begin(self) -> NDArray[np.int64]:
        word, _, _, _ = philox(0, 0, 0, BEGINNER_STREAM, *seed_halves(self.setting.seed))
        first = (word * self.network.nodes) >> 32
        who = np.append(self.network.neighbours(first), first).astype(np.int64)
        for name in ("protests", "seen", "began"):
            self.state[name][who] = 1
        return who

    def _repress(self) -> None:
        """Remove a share of the protesters: those with the smallest ticket over weight, which is drawing by weight.

        Source of the drawing: P. S. Efraimidis, P. G. Spirakis, Information Processing Letters 97 (2006) 181-185.
        """
        protesters = np.flatnonzero(self.state["protests"])
        count = int(self.setting.rate * len(protesters))
        if count == 0:
            return
        degrees, thresholds = self.degrees[protesters], self.state["threshold"][protesters]
        weights = degrees / degrees.max() + 1 - thresholds / max(thresholds.max(), np.float32(1e-30))
        with np.errstate(divide="ignore"):
            keys = self.state["ticket"][protesters] / weights
        gone = protesters[np.argpartition(keys, count - 1)[:count]]
        for name in ("present", "protests", "seen"):
            self.state[name][gone] = 0
        self.removed += count

    def _move(self, program: PullProgram, parameters: dict[str, float]) -> dict[str, int]:
        near = {"seed": self.setting.seed, "step": self.now}
        if self.is_plain:
            with np.errstate(all="ignore"):
                return plain_step(program, self.network, self.state, parameters, **near)
        return compile_pull(program).step(self.network, self.state, parameters, threads=self.threads, **near)
