"""What a calibration came to, as plain data beside the posterior: for the terminal, the page, and whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exitvoice.calibration.atlas import Cell
from exitvoice.calibration.bank import Bank
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.forecast import Forecast, held_out
from exitvoice.calibration.gate.judge import Finding
from exitvoice.calibration.gate.run import GateRun
from exitvoice.calibration.posterior import Posterior
from exitvoice.calibration.problem import Problem
from exitvoice.calibration.scores import Score
from exitvoice.results.records import read_record, write_record

FILE = "calibration.json"
FORMAT = "exitvoice-calibration/1"
SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Told:
    """What the data told of one unknown: the ends of its prior, and 5, 50 and 95 % of its posterior."""

    name: str
    title: str
    low: float
    high: float
    quantiles: tuple[float, ...]
    contraction: float


@dataclass(frozen=True)
class Course:
    """One target, figure by figure: first day, whether it was fitted, bounds observed, 5, 50 and 95 % predicted.

    `baselines` holds the same three shares of each baseline, for what was held out.
    """

    target: str
    title: str
    unit: str
    days: tuple[str, ...]
    is_fit: tuple[bool, ...]
    observed: tuple[tuple[float, float], ...]
    predicted: tuple[tuple[float, ...], ...]
    baselines: dict[str, tuple[tuple[float, ...], ...]]


@dataclass(frozen=True)
class Outcome:
    """All that a page prints. `cost` is person-years without freedom to leave a year: 5, 50 and 95 % of the draws."""

    title: str
    about: str
    limits: str
    scenario: str
    targets: str
    method: str
    scale: float
    seed: int
    simulations: int
    failed: int
    effective: float
    cost: tuple[float, ...]
    told: tuple[Told, ...]
    courses: tuple[Course, ...]
    scores: tuple[Score, ...]
    gate: Finding | None
    ranks: dict[str, tuple[int, ...]]
    atlas: tuple[Cell, ...]
    why_not: str
    command: str
    format: str = FORMAT


def outcome_of(
    problem: Problem,
    posterior: Posterior,
    predicted: Bank,
    forecast: Forecast,
    titles: dict[str, tuple[str, str]],
    gate: GateRun | None = None,
) -> Outcome:
    """Put together what a calibration came to.

    Parameters
    ----------
    problem : Problem
    posterior : Posterior
        With the gate's word, where there is one.
    predicted : Bank
        Its predictions.
    forecast : Forecast
    titles : dict
        Title and unit of each series, by target.
    gate : GateRun or None
    """
    spread = np.stack([posterior.quantile(share) for share in SHARES], axis=1)
    contraction = posterior.contraction()
    made = posterior.made
    return Outcome(
        title=problem.targets.title,
        about=problem.targets.about,
        limits=problem.targets.limits,
        scenario=posterior.scenario,
        targets=posterior.targets,
        method=posterior.method,
        scale=float(made["scale"]),
        seed=int(made["seed"]),
        simulations=int(made["simulations"]),
        failed=int(made["failed"]),
        effective=posterior.effective,
        cost=_shares(predicted.costs),
        told=tuple(
            Told(name, factor.title, factor.low, factor.high, tuple(map(float, row)), float(told))
            for name, factor, row, told in zip(
                problem.names, problem.factors, spread, contraction, strict=True
            )
        ),
        courses=tuple(
            _course(problem, name, predicted.vectors, forecast, titles)
            for name in dict.fromkeys(problem.figures[entry.figure].target for entry in problem.entries)
        ),
        scores=forecast.scores,
        gate=None if gate is None else gate.finding,
        ranks={}
        if gate is None
        else {name: tuple(map(int, gate.ranks[:, at])) for at, name in enumerate(problem.names)},
        atlas=() if gate is None else gate.atlas,
        why_not=posterior.why_not,
        command=str(made["command"]),
    )


def write_outcome(folder: Path, outcome: Outcome) -> Path:
    """Write it beside the posterior, or raise OutputError."""
    return write_record(folder / FILE, outcome)


def read_outcome(folder: Path) -> Outcome:
    """Read it back, or raise InputError."""
    why = "it stands in the folder that `exitvoice calibrate` wrote"
    return read_record(folder / FILE, Outcome, called="no calibration", why=why)


def _course(
    problem: Problem, name: str, vectors: Floats, forecast: Forecast, titles: dict[str, tuple[str, str]]
) -> Course:
    target = problem.by_name[name]
    by_figure: dict[int, list[int]] = {}
    for at, entry in enumerate(problem.entries):
        if problem.figures[entry.figure].target == name:
            by_figure.setdefault(entry.figure, []).append(at)

    def counts(columns: Floats) -> tuple[float, ...]:
        scaled = columns * target.distance.scale
        return _shares(np.exp(scaled) if target.distance.form == "log" else scaled)

    held = [int(at) for at in held_out(problem, name)]
    figures = [problem.figures[at] for at in by_figure]
    return Course(
        target=name,
        title=titles[name][0],
        unit=titles[name][1],
        days=tuple(figure.start.isoformat() for figure in figures),
        is_fit=tuple(figure.is_fit for figure in figures),
        observed=tuple((min(figure.values.values()), max(figure.values.values())) for figure in figures),
        # of two bounds, the geometric middle
        predicted=tuple(counts(vectors[:, own].mean(axis=1)) for own in by_figure.values()),
        baselines={
            label: tuple(
                counts(drawn[name][:, np.array([held.index(at) for at in own])].mean(axis=1))
                for own in by_figure.values()
                if own[0] in held
            )
            for label, drawn in forecast.baselines.items()
            if name in drawn
        },
    )


def _shares(values: Floats | Sequence[float]) -> tuple[float, ...]:
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    return tuple(float(f"{value:.6g}") for value in np.quantile(known, SHARES)) if known.size else ()
