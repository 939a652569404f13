"""Threshold cascades: a person joins once as many of the own crowd have joined as the own threshold says.

    n(t + 1) = number of i with T_i <= n(t),   n(0) = 0

Nobody leaves again, so the number can only grow, and it settles at the smallest fixed point. Thresholds are persons.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Column, Layout
from exitvoice.engine.mathematics import normal_quantile
from exitvoice.engine.program import Count, Program, Signals, Stage
from exitvoice.engine.rule import rule
from exitvoice.models.reference.crowds import Crowds

Watcher = Callable[[NDArray[np.int64]], None]


@rule(writes=("threshold",))
def draw_threshold(
    u_threshold: float, mean: float, deviation: float, lowest: float, highest: float, persons: float
) -> float:
    """Normal threshold, negative ones taken as 0; `lowest` to `highest` is the part of the quantiles drawn from."""
    share = mean + deviation * normal_quantile(lowest + u_threshold * (highest - lowest))
    return (share if share > 0.0 else 0.0) * persons


@rule(writes=("joins",))
def joins(threshold: float, joined: float) -> bool:
    """Whether a person takes part."""
    return threshold <= joined


PROGRAM = Program(
    name="threshold_cascade",
    layout=Layout((Column("threshold", "float32"),), (), marks=("joins",)),
    stages=(
        Stage("draw", rules=(draw_threshold,)),
        Stage("join", rules=(joins,), counts=(Count("joins", keep="joining"),)),
    ),
    signals=Signals(
        parameters=("mean", "deviation", "lowest", "highest", "persons"),
        region=("joined",),
        unit=("joining",),
    ),
    fixed=("u_threshold",),
)


def drawn(
    *,
    crowds: int,
    persons: int,
    mean: float,
    deviation: float,
    seed: int,
    quantiles: tuple[float, float] = (0.0, 1.0),
    plain: bool = False,
) -> Crowds:
    """Crowds whose thresholds are drawn from a normal distribution; mean and deviation are shares of the crowd."""
    parameters = {
        "mean": mean,
        "deviation": deviation,
        "lowest": quantiles[0],
        "highest": quantiles[1],
        "persons": persons,
    }
    made = Crowds.build(
        PROGRAM, crowds=crowds, persons=persons, parameters=parameters, seed=seed, plain=plain
    )
    made.run("draw")
    return made


def given(thresholds: NDArray[np.float64], *, plain: bool = False) -> Crowds:
    """Crowds with given thresholds in persons, shape (crowds, persons)."""
    crowds, persons = thresholds.shape
    parameters = {"mean": 0.0, "deviation": 0.0, "lowest": 0.0, "highest": 1.0, "persons": float(persons)}
    made = Crowds.build(PROGRAM, crowds=crowds, persons=persons, parameters=parameters, seed=0, plain=plain)
    made.column("threshold")[:] = thresholds
    return made


def settle(crowds: Crowds) -> NDArray[np.int64]:
    """Let all crowds come to rest; numbers that have joined after each step, shape (steps + 1, crowds)."""
    joined = np.zeros(len(crowds.signals.region), np.int64)
    history = [joined]
    while True:
        crowds.tell("joined", joined)
        after = crowds.run("join")["joining"]
        if np.array_equal(after, joined):
            crowds.close()
            return np.array(history)
        joined = after
        history.append(joined)
