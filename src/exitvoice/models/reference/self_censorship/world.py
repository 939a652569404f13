"""Dissent and self-censorship (Daymude, Axelrod and Forrest 2025): people say what they want, less, or nothing.

A person with desired dissent d in [0, 1] and boldness b > 0 chooses what to say, a in [0, d], to make

    -b (d - a) - E[punishment]

as large as possible. The authority has a tolerance t, a surveillance n and a severity s; it sees what is said with
chance n + (1 - n) a, and punishes what it sees above its tolerance: by s (uniform), or by s (a - t) (proportional).

    uniform        c = (b t + n s) / (b - (1 - n) s);   a = d if d <= t, or b > (1 - n) s and d > c;   else t
    proportional   c = (t + (b - n s) / ((1 - n) s)) / 2;   a = d if d <= t or d <= c;   t if c <= t;   else c
                   (under full surveillance, n = 1: a = d if b >= s, else t)

Source: J. J. Daymude, R. Axelrod, S. Forrest, PNAS (2025), arXiv 2509.03731; equations read in the authors' code.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Column
from exitvoice.engine.mathematics import logarithm, smaller
from exitvoice.engine.networks import Network
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.program import TOTAL_UNITS
from exitvoice.engine.pull import PullProgram, State, compile_pull, plain_step
from exitvoice.engine.rule import rule
from exitvoice.engine.targets.cpu import Threads

UNIFORM, PROPORTIONAL = "uniform", "proportional"
TINY = 1e-30
Luck = Callable[[int], NDArray[np.float64]]


@rule(writes=("desire", "boldness"))
def be_born(
    desire_scale: float, desire_room: float, mean_boldness: float, u_desire: float, u_boldness: float
) -> tuple[float, float]:
    """Desired dissent exponential but below 1, boldness exponential; `desire_room` = 1 - exp(-1 / scale)."""
    desire = -desire_scale * logarithm(1.0 - desire_room * u_desire)
    return smaller(desire, 1.0), -mean_boldness * logarithm(u_boldness)


@rule(writes=("act",))
def act_uniform(
    desire: float, boldness: float, tolerance: float, severity: float, surveillance: float
) -> float:
    """Say everything, or no more than is tolerated: a punishment that is the same for all leaves nothing between."""
    margin = boldness - (1.0 - surveillance) * severity
    critical = (boldness * tolerance + surveillance * severity) / (margin if margin > 0.0 else TINY)
    return desire if (desire <= tolerance) | ((margin > 0.0) & (desire > critical)) else tolerance


@rule(writes=("act",))
def act_proportional(
    desire: float, boldness: float, tolerance: float, severity: float, surveillance: float
) -> float:
    """Say everything, or as much as boldness allows, or no more than is tolerated."""
    room = (1.0 - surveillance) * severity
    ratio = (boldness - surveillance * severity) / (room if room > TINY else TINY)
    critical = 0.5 * (tolerance + ratio)
    at_full = desire if boldness >= severity else tolerance
    cut = tolerance if critical <= tolerance else critical
    partly = desire if (desire <= tolerance) | (desire <= critical) else cut
    return desire if desire <= tolerance else (at_full if surveillance >= 1.0 else partly)


@rule(writes=("said", "wanted", "punished", "excess", "is_silenced", "is_defiant"))
def look(
    desire: float, act: float, tolerance: float, surveillance: float, u_seen: float
) -> tuple[int, int, int, int, int, int]:
    """What the authority sees and punishes; sums in whole numbers."""
    is_over = act > tolerance
    is_seen = u_seen < surveillance + (1.0 - surveillance) * act
    punished = 1 if is_over & is_seen else 0
    excess = (act - tolerance) * real(punished)
    return (
        integer(act * TOTAL_UNITS + 0.5),
        integer(desire * TOTAL_UNITS + 0.5),
        punished,
        integer(excess * TOTAL_UNITS + 0.5),
        1 if act < desire else 0,
        1 if is_over & (act >= desire) else 0,
    )


COLUMNS = (Column("desire", "float32"), Column("boldness", "float32"))
COUNTS = ("said", "wanted", "punished", "excess", "is_silenced", "is_defiant")
POLICY = ("tolerance", "severity", "surveillance")
BIRTH = PullProgram(
    "censorship_birth",
    COLUMNS,
    (),
    (be_born,),
    parameters=("desire_scale", "desire_room", "mean_boldness"),
    fresh=("u_desire", "u_boldness"),
)


def program(punishment: str, *, is_luck_given: bool = False) -> PullProgram:
    """One round; the luck of being seen is drawn, or given as a column."""
    acts = act_uniform if punishment == UNIFORM else act_proportional
    return PullProgram(
        f"censorship_{punishment}",
        (*COLUMNS, Column("u_seen", "float32")) if is_luck_given else COLUMNS,
        (),
        (acts, look),
        parameters=POLICY,
        fresh=() if is_luck_given else ("u_seen",),
        counts=COUNTS,
    )


@dataclass(frozen=True)
class Policy:
    """What the authority has set: tolerance and surveillance from 0 to 1, severity above 0."""

    tolerance: float
    severity: float
    surveillance: float


@dataclass(frozen=True)
class Round:
    """What happened in a round: dissent said and wanted, people punished, punishment, people silenced and defiant."""

    said: float
    wanted: float
    punished: int
    punishment: float
    silenced: int
    defiant: int


class Population:
    """People with their desires and their boldness.

    Parameters
    ----------
    punishment : str
        `UNIFORM` or `PROPORTIONAL`.
    luck : callable, optional
        Draws of being seen by round, from outside; the engine's own if not given.
    plain : bool
        Whether the uncompiled rules are run, slowly and to the same bits.
    """

    def __init__(
        self,
        state: State,
        punishment: str,
        *,
        seed: int = 0,
        threads: Threads | None = None,
        luck: Luck | None = None,
        plain: bool = False,
    ) -> None:
        self.state, self.punishment, self.seed, self.luck = state, punishment, seed, luck
        self.threads = threads or Threads(1)
        self.is_plain = plain
        self.alone = nobody_tied(len(state["desire"]))
        self._program = program(punishment, is_luck_given=luck is not None)

    def round(self, policy: Policy, number: int) -> Round:
        """Let everybody speak under a policy, and the authority punish what it sees."""
        if self.luck is not None:
            self.state["u_seen"] = self.luck(number).astype(np.float32)
        values = {name: getattr(policy, name) for name in POLICY}
        if self.is_plain:
            with np.errstate(all="ignore"):
                found = plain_step(self._program, self.alone, self.state, values, seed=self.seed, step=number)
        else:
            found = compile_pull(self._program).step(
                self.alone, self.state, values, seed=self.seed, step=number, threads=self.threads
            )
        measure = found["punished"] if self.punishment == UNIFORM else found["excess"] / TOTAL_UNITS
        return Round(
            found["said"] / TOTAL_UNITS,
            found["wanted"] / TOTAL_UNITS,
            found["punished"],
            measure * policy.severity,
            found["is_silenced"],
            found["is_defiant"],
        )


def nobody_tied(nodes: int) -> Network:
    """People who do not look at one another."""
    return Network(np.zeros(nodes + 1, np.int64), np.zeros(0, np.int32))


def draw_people(people: int, *, desire: float, boldness: float, seed: int) -> State:
    """Desires with mean `desire` below .5, boldness with mean `boldness`."""
    scale = scale_of(desire)
    given = {"desire_scale": scale, "desire_room": -math.expm1(-1.0 / scale), "mean_boldness": boldness}
    state: State = {name: np.zeros(people, np.float32) for name in ("desire", "boldness")}
    last = 0xFFFFFFF  # a round that no run reaches
    compile_pull(BIRTH).step(nobody_tied(people), state, given, seed=seed, step=last, threads=Threads(1))
    return state


def scale_of(mean: float) -> float:
    """Scale y of the exponential whose part below 1 has a given mean: mean = y - 1 / (exp(1 / y) - 1)."""
    low, high = mean, 1e6
    for _ in range(200):
        middle = 0.5 * (low + high)
        below = middle - (1.0 / math.expm1(1.0 / middle) if middle > 2e-3 else 0.0)
        low, high = (middle, high) if below < mean else (low, middle)
    return 0.5 * (low + high)
