"""Which unknowns a world uses at all: pairs of runs that differ in some of them, and share every draw of chance.

If not one bit of the record of a run differs, the unknown is not in this world: it belongs to a mechanism that is off
there, to a leadership it does not have, or to people who are not in it. Each is tried by itself over a year. Those
that move nothing are tried over the whole run under each theory of expression: some together, and where these move
anything, halves of them, down to one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from exitvoice.calibration.atlas.simulate import SHORT, WHOLE
from exitvoice.calibration.atlas.world import THEORIES, World
from exitvoice.calibration.bank import prior_draws
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.simulator import Simulated
from exitvoice.ensemble import RunKey
from exitvoice.ensemble.work import Task

TOGETHER = 8
Group = tuple[int, ...]


def not_in_use(world: World, simulations: Simulations, *, seed: int) -> tuple[str, ...]:
    """Return the unknowns that move nothing in a world.

    Parameters
    ----------
    world : World
    simulations : Simulations
        Where the pairs are made.
    seed : int
        Of the points they start from: a draw of everything, another for each theory.
    """
    starts = prior_draws(world.factors, len(THEORIES), seed=seed + 1)
    over_a_year = _Trial(world, simulations, starts[0], SHORT, 0)
    left = over_a_year.unmoved([(at,) for at in range(len(world.factors))])
    for theory, start in enumerate(starts):
        trial = _Trial(world, simulations, start, WHOLE, theory)
        left = trial.unmoved([tuple(left[at : at + TOGETHER]) for at in range(0, len(left), TOGETHER)])
    return tuple(world.names[at] for at in left)


@dataclass
class _Trial:
    """Pairs that start from one point, over a year or the whole run, under one theory."""

    world: World
    simulations: Simulations
    start: Floats
    stream: int
    theory: int

    def unmoved(self, groups: Sequence[Group]) -> list[int]:
        """Return those that move nothing, each group tried together and in halves where it moves anything."""
        found: list[int] = []
        begun = 0
        while groups:
            moved = self._moved(groups, begun)
            begun += 1 + len(groups)
            found += [
                at for group, is_moved in zip(groups, moved, strict=True) if not is_moved for at in group
            ]
            split = [
                group for group, is_moved in zip(groups, moved, strict=True) if is_moved and len(group) > 1
            ]
            groups = [half for one in split for half in (one[: len(one) // 2], one[len(one) // 2 :])]
        return sorted(found)

    def _moved(self, groups: Sequence[Group], begun: int) -> list[bool]:
        def tasks() -> Iterator[Task]:
            for number, group in enumerate([(), *groups]):
                key = RunKey(self.stream, begun + number, self.theory)
                yield Task(key, (*map(float, self._at(group)), float(self.theory)))

        with closing(self.simulations.in_order(tasks())) as made:
            seen = [float(out.truths[0]) if isinstance(out, Simulated) else float("nan") for _, out in made]
        return [value != seen[0] for value in seen[1:]]  # one that fails is one that moves something

    def _at(self, group: Group) -> Floats:
        """Return the start with some unknowns moved to the further ends of their ranges."""
        values = np.array(self.start)
        for at in group:
            factor = self.world.factors[at]
            is_high = values[at] > (factor.low + factor.high) / 2
            values[at] = factor.low if is_high else factor.high
        return values
