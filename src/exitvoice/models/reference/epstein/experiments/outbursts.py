"""Worlds left alone: how often they break out, how long they wait, how many join."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Picture, Progress, Setting
from exitvoice.models.reference.epstein.outbursts import (
    LIMIT,
    Outbursts,
    deviation_or_nan,
    find_outbursts,
    mean_or_nan,
    skewness_or_nan,
)
from exitvoice.models.reference.epstein.setting import build

SHOWN = 600  # steps drawn
KINDS = ("empty", "quiet", "active", "in jail", "cop")
BINS = 24


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let worlds live and look at their outbursts."""
    steps, worlds = setting.whole("steps"), setting.whole("worlds")
    counts = np.zeros((worlds, steps, 3), np.int64)
    picture = np.zeros((1, 1), np.uint8)
    for number in range(worlds):
        world = build(setting, number)
        most = -1
        for step in range(steps):
            world.step()
            counts[number, step] = world.counts()
            if number == 0 and counts[0, step, 1] > most:
                most, picture = int(counts[0, step, 1]), world.cells_by_kind()
            progress(number * steps + step + 1, worlds * steps)
    return _outcome(counts, picture)


def _outcome(counts: NDArray[np.int64], picture: NDArray[np.uint8]) -> Outcome:
    agents = int(counts[0, 0].sum())
    active, jailed = counts[..., 1], counts[..., 2]
    limit = LIMIT * agents / 1120
    found = [find_outbursts(series, limit) for series in active]
    waits = np.concatenate([one.waits for one in found])
    totals = np.concatenate([one.totals for one in found])
    obtained = {
        "mean-active": float(active.mean()),
        "mean-jailed": float(jailed.mean()),
        "outbursts": float(np.mean([one.per_thousand for one in found])),
        "wait": mean_or_nan(waits),
        "wait-deviation": deviation_or_nan(waits),
        "wait-skewness": skewness_or_nan(waits),
        "total": mean_or_nan(totals),
        "total-deviation": deviation_or_nan(totals),
        "largest": float(active.max()),
    }
    cost = Cost(
        float(jailed.sum() / len(counts)),
        "agent-steps in jail",
        f"of {agents:,} agents over {counts.shape[1]:,} steps; a world's mean over {len(counts)}. An arrest here needs "
        "no charge and has no trial.",
    )
    charts = [_series(active[0], jailed[0], found[0], limit)]
    if len(waits):
        charts.append(
            _spread("waits", "Waiting times between outbursts", "steps from an end to a beginning", waits)
        )
        charts.append(
            _spread("totals", "Size of outbursts", "active agents, summed over an outburst", totals)
        )
    seen = Picture(
        "torus",
        "The torus at its most active step",
        f"{int(active[0].max()):,} of {agents:,} agents are active.",
        picture,
        KINDS,
    )
    return Outcome(obtained, tuple(charts), cost, (seen,))


def _series(active: NDArray[np.int64], jailed: NDArray[np.int64], found: Outbursts, limit: float) -> Chart:
    steps = np.arange(1, len(active) + 1, dtype=np.float64)[:SHOWN]
    return Chart(
        key="series",
        title="Active and jailed agents",
        reading=f"{len(found.begins)} outbursts of more than {limit:.0f} active agents in {len(active):,} steps; the "
        f"first {len(steps)} are drawn.",
        across="step",
        upward="agents",
        curves=(
            Curve("in jail", steps, jailed[:SHOWN].astype(np.float64)),
            Curve("active", steps, active[:SHOWN].astype(np.float64), "strong"),
        ),
    )


def _spread(key: str, title: str, across: str, values: NDArray[np.int64]) -> Chart:
    heights, edges = np.histogram(values, BINS)
    middles = 0.5 * (edges[1:] + edges[:-1])
    return Chart(
        key=key,
        title=title,
        reading=f"{len(values):,} in all; mean {values.mean():,.1f}, standard deviation {values.std():,.1f}.",
        across=across,
        upward="outbursts",
        curves=(Curve("obtained", middles, heights.astype(np.float64), "bars"),),
    )
