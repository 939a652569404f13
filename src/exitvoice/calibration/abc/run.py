"""Adaptive sequential Monte Carlo: population, tolerance and, if asked for, distance adapt to the generation before.

Toni et al. 2009 (the algorithm), Klinger and Hasenauer 2017 (population), Prangle 2017 (distance), as pyABC has them.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyabc

from exitvoice.calibration.abc.generator import borrowed
from exitvoice.calibration.abc.sampler import FAR, LookedUp, OnExecutors, Pace
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.options import DistanceKind
from exitvoice.calibration.simulator import Simulated
from exitvoice.ensemble import Factor
from exitvoice.errors import InputError


@dataclass(frozen=True)
class AbcOptions:
    """How the sampler goes about it.

    Attributes
    ----------
    population : int
        Accepted in the first generation; later ones adapt between half and twice of it.
    budget : int
        Simulations in all.
    acceptance : float
        A generation in which fewer are accepted is the last.
    quantile : float
        Of a generation's distances, the tolerance of the next.
    distance : 'fixed' or 'adaptive'
        The scales of the targets, or those times what is usual in a generation.
    """

    population: int = 100
    budget: int = 3000
    acceptance: float = 0.02
    quantile: float = 0.5
    distance: DistanceKind = "fixed"


@dataclass(frozen=True)
class Step:
    """One generation: its tolerance, how many were accepted of how many."""

    tolerance: float
    accepted: int
    proposed: int


@dataclass(frozen=True)
class Particles:
    """Weighted draws with what they gave.

    Attributes
    ----------
    values : array (draws, factors)
    weights : array (draws,)
        Sum to 1.
    distances : array (draws,)
    vectors, truths : array (draws, entries), (draws, figures)
    steps : tuple of Step
    proposed : int
        Simulations in all.
    """

    values: Floats
    weights: Floats
    distances: Floats
    vectors: Floats
    truths: Floats
    steps: tuple[Step, ...]
    proposed: int


def sequential(
    factors: tuple[Factor, ...],
    observed: Floats,
    is_fit: np.ndarray[Any, np.dtype[np.bool_]],
    simulations: Simulations,
    *,
    options: AbcOptions,
    seed: int,
    watch: Callable[[Pace, float], None] = lambda pace, tolerance: None,
) -> Particles:
    """Return the last whole generation.

    Parameters
    ----------
    factors : tuple of Factor
        Unknowns; uniform priors on their ranges.
    observed : array (entries,)
    is_fit : array (entries,) of bool
        Which of them count.
    simulations : Simulations
    options : AbcOptions
    seed : int
    watch : callable
        Called with a `Pace` and the generation's tolerance.

    Raises
    ------
    InputError
        If the budget does not reach for one generation.
    """
    if options.budget < 2 * options.population:
        raise _too_little(f"{options.budget} simulations for a population of {options.population}")
    names = tuple(f"p{number}" for number in range(len(factors)))
    model = LookedUp(names)
    tolerance = pyabc.QuantileEpsilon(alpha=options.quantile)

    def look(pace: Pace) -> None:
        watch(pace, float("inf") if pace.generation < 0 else float(tolerance(pace.generation)))

    sampler = OnExecutors(model, simulations, seed=seed, budget=options.budget, watch=look)
    inference = pyabc.ABCSMC(
        model,
        pyabc.Distribution(
            **{n: pyabc.RV("uniform", f.low, f.high - f.low) for n, f in zip(names, factors, strict=True)}
        ),
        _distance(options.distance),
        population_size=_population(options),
        summary_statistics=_Fitted(is_fit),
        eps=tolerance,
        sampler=sampler,
    )
    with borrowed(seed, "begin"), _quiet():
        # Its store is kept in memory: what was simulated stands in our journal, from which all of it follows.
        inference.new("sqlite://", {"summary": observed[is_fit]})
        try:
            inference.run(min_acceptance_rate=options.acceptance)
        finally:
            _close(inference.history)
    return _last(sampler, names, tolerance)


def _close(history: pyabc.History) -> None:
    """Let go of the store in memory, which pyABC leaves open."""
    history._session.close()
    history._engine.dispose()


def _too_little(what: str) -> InputError:
    why = "the first generation needs a look at the priors, and then as many simulations as it takes to be accepted"
    return InputError.of("--budget", what, why=why, mend="give more with --budget, or a smaller --population")


class _Fitted:
    """The fitted part of a simulated vector; far from everything where the simulation failed."""

    def __init__(self, is_fit: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        self.is_fit = is_fit

    def __call__(self, raw: dict[str, Any]) -> dict[str, Floats]:
        result = raw["summary"]
        if isinstance(result, Simulated):
            return {"summary": result.vector[self.is_fit]}
        return {"summary": np.full(int(self.is_fit.sum()), FAR)}


class _Adapting(pyabc.AdaptivePopulationSize):  # type: ignore[misc]
    """pyABC's adaptive size; where too few draws for so many unknowns leave it no estimate, the size stays."""

    def update(self, transitions: Any, model_weights: Any, t: int | None = None) -> None:
        """Adapt."""
        with suppress(ValueError, RuntimeError):
            super().update(transitions, model_weights, t)


def _population(options: AbcOptions) -> _Adapting:
    return _Adapting(
        start_nr_particles=options.population,
        mean_cv=0.15,
        n_bootstrap=5,
        min_population_size=max(10, options.population // 2),
        max_population_size=2 * options.population,
    )


def _distance(kind: DistanceKind) -> Any:
    if kind == "fixed":
        return pyabc.PNormDistance(p=2)
    return pyabc.AdaptivePNormDistance(p=2, all_particles_for_scale=False)


def _last(sampler: OnExecutors, names: tuple[str, ...], tolerance: Any) -> Particles:
    kept = {t: generation for t, generation in sampler.generations.items() if t >= 0}
    if not kept:
        raise _too_little("the budget did not reach for one generation")
    last = kept[max(kept)]
    weights = np.array([particle.weight for particle in last.particles])
    return Particles(
        values=np.array([[particle.parameter[name] for name in names] for particle in last.particles]),
        weights=weights / weights.sum(),
        distances=np.array([float(particle.distance) for particle in last.particles]),
        vectors=np.array([outcome.vector for outcome in last.outcomes]),
        truths=np.array([outcome.truths for outcome in last.outcomes]),
        steps=tuple(
            Step(float(tolerance(t)), len(generation.particles), generation.proposed)
            for t, generation in sorted(kept.items())
        ),
        proposed=sampler.total,
    )


class _quiet:  # noqa: N801 (a context in one line)
    """Keep pyABC's log and its libraries' warnings out of ours."""

    def __enter__(self) -> None:
        self._logger = logging.getLogger("ABC")
        self._level = self._logger.level
        self._logger.setLevel(logging.ERROR)
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *problem: object) -> None:
        self._warnings.__exit__(*problem)  # type: ignore[arg-type]
        self._logger.setLevel(self._level)
