"""A posterior's predictions: of what was fitted, to check it, and of what was held out, to score it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.bank import PREDICTIVE_STREAM, Bank, simulate_at
from exitvoice.calibration.baselines import logistic_growth, persistence
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.posterior import Posterior
from exitvoice.calibration.problem import Problem
from exitvoice.calibration.schema import Target
from exitvoice.calibration.scores import Score, score


@dataclass(frozen=True, eq=False)
class Forecast:
    """Predictions of every figure of a problem, and their scores beside the baselines'.

    Attributes
    ----------
    vectors : array (draws, entries)
        What would be counted, in the unit of comparison.
    baselines : mapping of name to mapping of target to array (draws, entries of the target held out)
    scores : tuple of Score
    """

    vectors: Floats
    baselines: Mapping[str, Mapping[str, Floats]]
    scores: tuple[Score, ...]


def predict(posterior: Posterior, simulations: Simulations, *, count: int, seed: int) -> Bank:
    """Simulate draws of a posterior."""
    return simulate_at(posterior.resampled(count, seed=seed), simulations, stream=PREDICTIVE_STREAM)


def forecast_of(problem: Problem, vectors: Floats, *, seed: int) -> Forecast:
    """Score predictions (draws, entries) on what was held out, beside persistence and a logistic curve."""
    baselines: dict[str, dict[str, Floats]] = {"persistence": {}, "logistic growth": {}}
    scores: list[Score] = []
    for name, target in problem.by_name.items():
        held = held_out(problem, name)
        if not held.size:
            continue
        scale = target.distance.scale
        observed = problem.observed[held] * scale
        scores.append(score("model", name, vectors[:, held] * scale, observed))
        known, steps = _course(problem, name, held)
        # below its floor a figure counts as the floor, whoever says it
        floor = np.log(target.distance.floor) if target.distance.form == "log" else -np.inf
        for label, drawn in (
            ("persistence", persistence(known, steps, seed=seed)),
            ("logistic growth", logistic_growth(known, steps, _ceiling(problem, target), seed=seed)),
        ):
            draws = np.maximum(drawn, floor)
            baselines[label][name] = draws / scale
            scores.append(score(label, name, draws, observed))
    return Forecast(vectors, baselines, tuple(scores))


def held_out(problem: Problem, target: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return which entries of a target are held out."""
    return np.array(
        [
            at
            for at, entry in enumerate(problem.entries)
            if not entry.is_fit and problem.figures[entry.figure].target == target
        ],
        dtype=np.intp,
    )


def _course(
    problem: Problem, target: str, held: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> tuple[Floats, Floats]:
    """Return the fitted figures' middles as they are compared, and how many periods later each entry held out lies."""
    own = [figure for figure in problem.figures if figure.target == target]
    fitted = [figure for figure in own if figure.is_fit]
    logs = problem.by_name[target].distance.form == "log"
    known = np.array([np.log(figure.middle) if logs else figure.middle for figure in fitted])
    days = np.array(
        [(problem.figures[problem.entries[at].figure].start - fitted[-1].start).days for at in held]
    )
    length = (
        float(np.median(np.diff([figure.start.toordinal() for figure in fitted]))) if len(fitted) > 1 else 1.0
    )
    return known, np.asarray(np.maximum(days / length, 1.0))


def _ceiling(problem: Problem, target: Target) -> float:
    """Return the most a series can reach: all persons of the world, of a region where only one is meant."""
    persons = sum(sector.persons.value for sector in problem.scenario.sectors)
    for region in problem.scenario.regions:
        if region.name == target.measure.region:
            persons *= region.share
    return float(np.log(persons))
