"""The published authority: it tries a small change a round and takes it back when the round cost more.

    cost = adamancy * (dissent said) + (punishment dealt)

Each round one of tolerance, severity and surveillance is drawn anew within a window around its value. If the round
then costs more than the round before did, the change is taken back; the cost of the failed try is the one that the
next round is held against. This is the model's dynamics as published, and nothing here searches further than it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from exitvoice.engine.random import philox, seed_halves
from exitvoice.models.reference.self_censorship.world import POLICY, Policy, Population, Round

TRY_STREAM = 2048
BOUNDS = {"tolerance": (0.0, 1.0), "severity": (1e-9, float("inf")), "surveillance": (0.0, 1.0)}


class Tries(Protocol):
    """Where the authority's tries come from."""

    def choose(self, number: int) -> str:
        """Name of what is changed in a round."""

    def between(self, number: int, low: float, high: float) -> float:
        """Return a value drawn evenly for a round."""


@dataclass(frozen=True)
class Drawn:
    """Tries as a pure function of seed and round."""

    seed: int

    def choose(self, number: int) -> str:
        """Name of what is changed in a round."""
        return POLICY[(self._words(number)[0] * len(POLICY)) >> 32]

    def between(self, number: int, low: float, high: float) -> float:
        """Return a value drawn evenly for a round."""
        return low + (high - low) * (self._words(number)[1] / 2.0**32)

    def _words(self, number: int) -> tuple[int, int, int, int]:
        return philox(number, 0, 0, TRY_STREAM, *seed_halves(self.seed))


@dataclass(frozen=True)
class Moment:
    """A round under the policy that was tried, and the policy that was kept after it."""

    tried: Policy
    kept: Policy
    round: Round


def govern(
    people: Population, start: Policy, tries: Tries, *, adamancy: float, window: float
) -> Iterator[Moment]:
    """Rounds of an authority without end; take as many as wanted."""
    kept, before, number = start, float("inf"), 0
    while True:
        tried = kept if number == 0 else change(kept, tries, number, window)
        happened = people.round(tried, number)
        cost = adamancy * happened.said + happened.punishment
        kept = kept if cost > before else tried
        yield Moment(tried, kept, happened)
        before = cost
        number += 1


def change(policy: Policy, tries: Tries, number: int, window: float) -> Policy:
    """Draw one part of a policy anew, near its value and within its bounds."""
    name = tries.choose(number)
    low, high = BOUNDS[name]
    value = getattr(policy, name)
    drawn = tries.between(number, max(low, value - window), min(high, value + window))
    if name == "tolerance":
        return replace(policy, tolerance=drawn)
    return replace(policy, severity=drawn) if name == "severity" else replace(policy, surveillance=drawn)
