"""The global game of regime change: who attacks, when each knows a little of the regime's strength.

    the regime falls  iff  A >= theta;   x_i = theta + e_i / sqrt(beta);   attack iff Pr(it falls | x_i) >= c

A is the share that attacks, c the cost of attacking over the gain of a fall. With a flat prior there is one
equilibrium, in which regimes up to theta* = 1 - c fall whatever the precision beta, and people attack up to the signal
x* = theta* + Phi^-1(theta*) / sqrt(beta). With a prior N(m, 1/alpha) it is unique iff alpha / sqrt(beta) <= sqrt(2 pi).

Source: Morris and Shin (2003), 'Global games: theory and applications'; Edmond, Review of Economic Studies 80 (2013)
1422-1458, of which the abstract is seen (a draft of June 2013). Both results are recalled from there and checked by
derivation: the indifferent person's belief that the regime falls is Phi(sqrt(beta)(theta* - x*)) = c, and the regime
at theta* is just toppled, Phi(sqrt(beta)(x* - theta*)) = theta*; hence theta* = 1 - c.

Here nobody solves anything. People hold a belief on which regimes fall, act on their own signal, see which ones fell,
and believe that the next time.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from exitvoice.engine.columns import Layout
from exitvoice.engine.mathematics import normal_quantile
from exitvoice.engine.primitives import square_root
from exitvoice.engine.program import Count, Program, Signals, Stage
from exitvoice.engine.rule import rule
from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Progress,
    ReferenceModel,
    Setting,
    Target,
)
from exitvoice.models.reference.crowds import Crowds

PRECISIONS = (1.0, 4.0, 25.0, 100.0)
STRENGTHS = np.arange(-0.1, 1.1001, 0.005)
ROUNDS = 60
OFFSETS = (-0.02, 0.0, 0.02)
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
PRIOR_MEAN, WEAK_PRIOR, STRONG_PRIOR, PRIOR_SIGNAL = 0.5, 1.0, 10.0, 4.0


@rule(writes=("attacks",))
def attack(
    u_signal: float,
    strength: float,
    believed: float,
    precision: float,
    prior: float,
    prior_mean: float,
    cost: float,
) -> bool:
    """Whether a person attacks, who believes that regimes up to `believed` fall."""
    signal = strength + normal_quantile(u_signal) / square_root(precision)
    together = prior + precision
    expected = (prior * prior_mean + precision * signal) / together
    return square_root(together) * (believed - expected) >= normal_quantile(cost)


PROGRAM = Program(
    name="global_game",
    layout=Layout((), (), marks=("attacks",)),
    stages=(Stage("attack", rules=(attack,), counts=(Count("attacks", keep="attacking"),)),),
    signals=Signals(
        parameters=("precision", "prior", "prior_mean", "cost"),
        region=("strength", "believed"),
        unit=("attacking",),
    ),
    fixed=("u_signal",),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let beliefs settle for each precision, with and without a prior, and look at crowds of every size."""
    persons, cost, seed = setting.whole("persons"), setting.number("cost"), setting.seed
    work = len(PRECISIONS) + 5
    histories: list[NDArray[np.float64]] = []
    for done, precision in enumerate(PRECISIONS):
        histories.append(settle(persons, cost, seed, precision=precision))
        progress(done + 1, work)
    ends: dict[str, float] = {}
    for place, (name, prior, start) in enumerate(
        (("weak-low", WEAK_PRIOR, 0.0), ("weak-high", WEAK_PRIOR, 1.0),
         ("strong-low", STRONG_PRIOR, 0.0), ("strong-high", STRONG_PRIOR, 1.0))
    ):  # fmt: skip
        ends[name] = float(settle(persons, 0.5, seed, precision=PRIOR_SIGNAL, prior=prior, start=start)[-1])
        progress(len(PRECISIONS) + place + 1, work)
    chances = _fall_chances(cost, seed, largest=max(persons, 10_000))
    progress(work, work)
    thresholds = [float(history[-1]) for history in histories]
    obtained = {
        "threshold": float(np.mean(thresholds)),
        "spread": max(thresholds) - min(thresholds),
        "cut-off": thresholds[1] - float(ndtri(cost)) / math.sqrt(PRECISIONS[1]),
        "weak-prior": ends["weak-high"] - ends["weak-low"],
        "strong-prior": ends["strong-high"] - ends["strong-low"],
        "blur": float(chances[0, 2] - chances[-1, 2]),
    }
    charts = (_beliefs(histories, cost), _sizes(chances))
    return Outcome(
        obtained, charts, Cost(None, "people hurt", "An attack has a cost, but the model counts no harm.")
    )


def settle(
    persons: int,
    cost: float,
    seed: int,
    *,
    precision: float,
    prior: float = 0.0,
    start: float = 0.0,
    plain: bool = False,
) -> NDArray[np.float64]:
    """Which regimes are believed to fall, round by round, from a first belief on, shape (rounds + 1,)."""
    parameters = {"precision": precision, "prior": prior, "prior_mean": PRIOR_MEAN, "cost": cost}
    crowds = Crowds.build(
        PROGRAM, crowds=len(STRENGTHS), persons=persons, parameters=parameters, seed=seed, plain=plain
    )
    crowds.tell("strength", STRENGTHS)
    believed = [start]
    for _ in range(ROUNDS):
        crowds.tell("believed", believed[-1])
        believed.append(brink(crowds.run("attack")["attacking"] / persons - STRENGTHS))
        if abs(believed[-1] - believed[-2]) < 1e-6:
            break
    crowds.close()
    return np.array(believed)


def brink(excess: NDArray[np.float64]) -> float:
    """Strength at which the share that attacks is just enough, between the strongest that falls and the next one."""
    at = int(np.flatnonzero(excess >= 0)[-1])
    part = excess[at] / (excess[at] - excess[at + 1])
    return float(STRENGTHS[at] + part * (STRENGTHS[at + 1] - STRENGTHS[at]))


def _fall_chances(cost: float, seed: int, *, largest: int) -> NDArray[np.float64]:
    sizes = [size for size in SIZES if size <= largest]
    chances = np.zeros((len(sizes), len(OFFSETS)))
    parameters = {"precision": PRECISIONS[1], "prior": 0.0, "prior_mean": PRIOR_MEAN, "cost": cost}
    for row, size in enumerate(sizes):
        crowds = Crowds.build(
            PROGRAM,
            crowds=max(1, min(1000, 1_000_000 // size)),
            persons=size,
            parameters=parameters,
            seed=seed,
        )
        crowds.tell("believed", 1.0 - cost)
        for column, offset in enumerate(OFFSETS):
            crowds.tell("strength", 1.0 - cost + offset)
            attacking = crowds.run("attack")["attacking"] / size
            chances[row, column] = (attacking >= 1.0 - cost + offset).mean()
        crowds.close()
    return chances


def _beliefs(histories: list[NDArray[np.float64]], cost: float) -> Chart:
    longest = max(len(history) for history in histories)
    rounds = np.arange(longest, dtype=np.float64)
    curves = [
        Curve(f"precision {precision:g}", np.arange(len(history), dtype=np.float64), history)
        for precision, history in zip(PRECISIONS, histories, strict=True)
    ]
    return Chart(
        key="beliefs",
        title="Which regimes are believed to fall",
        reading=f"From the belief that only regimes without any strength fall, every precision leads to 1 - c = "
        f"{1 - cost:g}.",
        across="round",
        upward="strength up to which a regime falls",
        curves=(*curves, Curve("1 - c", rounds, np.full(longest, 1 - cost), "limit")),
    )


def _sizes(chances: NDArray[np.float64]) -> Chart:
    sizes = np.array(SIZES[: len(chances)], np.float64)
    return Chart(
        key="sizes",
        title="What size changes: chance that a regime near the brink falls",
        reading="With a hundred people sampling decides; with many the brink is sharp.",
        across="people",
        upward="share of regimes that fall",
        curves=tuple(
            Curve(
                f"strength {offset:+g} from 1 - c" if offset else "strength 1 - c", sizes, chances[:, column]
            )
            for column, offset in enumerate(OFFSETS)
        ),
        is_logarithmic=True,
    )


THEORY = "Morris and Shin 2003, Edmond 2013; derived in the module"
TARGETS = (
    *(
        Target(
            "threshold",
            f"strength up to which regimes fall, cost {cost:g}, mean over four precisions",
            f"{1 - cost:g}",
            1 - cost - 0.01,
            1 - cost + 0.01,
            THEORY,
            "derived",
            {"cost": cost},
        )
        for cost in (0.3, 0.5, 0.7)
    ),
    Target(
        "spread",
        "difference between precisions 1, 4, 25 and 100",
        "none",
        0,
        0.02,
        THEORY,
        "derived",
        {"cost": 0.5},
    ),
    Target(
        "cut-off",
        "signal up to which people attack, cost .3, precision 4",
        "0.9622",
        0.9422,
        0.9822,
        THEORY,
        "derived",
        {"cost": 0.3},
    ),
    Target(
        "weak-prior",
        "highest less lowest equilibrium, prior precision 1, signal precision 4",
        "0: one equilibrium, 1 / 2 < sqrt(2 pi)",
        0,
        0.02,
        THEORY,
        "derived",
        {"cost": 0.5},
    ),
    Target(
        "strong-prior",
        "the same, prior precision 10",
        "above 0: 10 / 2 > sqrt(2 pi)",
        0.1,
        1,
        THEORY,
        "derived",
        {"cost": 0.5},
    ),
)

MODEL = ReferenceModel(
    name="global-game",
    title="The global game of regime change",
    source="S. Morris and H. S. Shin (2003); C. Edmond, Review of Economic Studies 80 (2013) 1422-1458",
    claim=(
        "A regime falls if enough attack it, and each attacks if enough others seem to. A little private doubt leaves "
        "one outcome where common knowledge left many; what all know together brings many back."
    ),
    options=(
        Option("cost", 0.5, "cost of attacking over the gain of a fall", low=0.05, high=0.95),
        Option("persons", 10_000, "people who face each regime", low=100, high=1_000_000),
    ),
    targets=TARGETS,
    run=run,
    notes=("Beliefs are learned from rounds of play against regimes .005 apart in strength.",),
)
