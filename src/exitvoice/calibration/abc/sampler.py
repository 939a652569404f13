"""pyABC's sampler on our executors: the first accepted by the order of proposals, whoever was quick.

A proposal is drawn with a generator that follows from the seed, the generation and its number alone. pyABC draws,
simulates and judges in one call; so it is called twice: once up to the simulation, which is handed out, and once more,
from the same state of the generator, when its result is there. Neither the number of workers nor the order in which
they end changes what is accepted, and there is no bias towards quick simulations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from pyabc import Model
from pyabc.population import Sample
from pyabc.sampler import Sampler

from exitvoice.calibration.abc.generator import restart
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.simulator import Simulated
from exitvoice.ensemble import RunKey
from exitvoice.ensemble.work import Failure, Task

ABC_STREAM = 100
"""Streams from here on are generations; those below are banks and forecasts."""
FAR = 1e12
"""Where a simulation that failed lies: nobody accepts it."""


class _Wanted(Exception):  # noqa: N818 (it carries what is to be simulated)
    def __init__(self, values: tuple[float, ...]) -> None:
        super().__init__()
        self.values = values


class LookedUp(Model):  # type: ignore[misc]
    """The model as pyABC sees it: what was simulated is looked up, what was not is asked for."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(name="exitvoice")
        self.names = names
        self.result: Simulated | Failure | None = None

    def sample(self, pars: Any) -> dict[str, Any]:
        """Return the fitted part of the vector, or ask for it."""
        if self.result is None:
            raise _Wanted(tuple(float(pars[name]) for name in self.names))
        return {"summary": self.result}


@dataclass(frozen=True)
class Pace:
    """How far a generation is."""

    generation: int
    accepted: int
    wanted: int
    proposed: int
    total: int


@dataclass
class Generation:
    """What a generation came to: accepted particles in the order of their proposals, and how many were proposed."""

    particles: list[Any] = field(default_factory=list)
    outcomes: list[Simulated] = field(default_factory=list)
    proposed: int = 0


class OnExecutors(Sampler):  # type: ignore[misc]
    """Samples a generation.

    Parameters
    ----------
    model : LookedUp
    simulations : Simulations
    seed : int
    budget : int
        Proposals in all; a generation that would need more is given up, and the one before it counts.
    watch : callable
        Called with a `Pace` after each proposal that was judged.
    """

    def __init__(
        self,
        model: LookedUp,
        simulations: Simulations,
        *,
        seed: int,
        budget: int,
        watch: Callable[[Pace], None] = lambda pace: None,
    ) -> None:
        super().__init__()
        self._model, self._simulations = model, simulations
        self._seed, self._budget, self._watch = seed, budget, watch
        self.total = 0
        self.generations: dict[int, Generation] = {}

    def sample_until_n_accepted(
        self,
        n: int,
        simulate_one: Callable[[], Any],
        t: int,
        *,
        max_eval: float = np.inf,
        all_accepted: bool = False,
        ana_vars: Any = None,
    ) -> Sample:
        """Return the first n that are accepted; `ok` is False where the budget ends before."""
        sample, generation = self._create_empty_sample(), Generation()
        most = min(float(max_eval), self._budget - self.total)
        made = self._simulations.in_order(self._propose(simulate_one, t, most))
        with closing(made):
            for task, outcome in made:
                particle = self._judge(simulate_one, t, task, outcome)
                sample.append(particle)
                self.total += 1
                generation.proposed += 1
                if particle.accepted and isinstance(outcome, Simulated):
                    generation.particles.append(particle)
                    generation.outcomes.append(outcome)
                self._watch(Pace(t, sample.n_accepted, n, generation.proposed, self.total))
                if sample.n_accepted >= n:
                    break
        self.nr_evaluations_ = generation.proposed
        sample.ok = sample.n_accepted == n
        if sample.ok:
            self.generations[t] = generation
        restart(self._seed, t, "after")  # what pyABC draws between generations follows from the seed as well
        return sample

    def _propose(self, simulate_one: Callable[[], Any], t: int, most: float) -> Iterator[Task]:
        for number in count():
            if number >= most:
                return
            self._model.result = None
            restart(self._seed, t, number)
            try:
                simulate_one()
            except _Wanted as wanted:
                yield Task(RunKey(ABC_STREAM + t, number, 0), wanted.values)

    def _judge(
        self, simulate_one: Callable[[], Any], t: int, task: Task, outcome: Simulated | Failure
    ) -> Any:
        self._model.result = outcome
        restart(self._seed, t, task.key.point)
        try:
            return simulate_one()
        finally:
            self._model.result = None
