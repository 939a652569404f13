"""What the leadership believes about the share H of persons opposed; it never sees H itself.

Evidence is what reaches it in one step: displays, informants' reports, and the report that came up the
hierarchy. A belief is a frozen state with a mean and a standard deviation; `believe` takes one belief and
one step's evidence and gives the next. Old evidence fades: 2**(-dt / half-life) of it still counts after a
step, and the prior takes its place.

Units: shares of persons in [0, 1]; years. Sources: Wintrobe (1990): the more fear, the less displays say;
Crabtree, Kern and Siegel (2020): a display mixes loyalty with lack of scruple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Evidence:
    """What reaches the leadership in one step: shares of persons and, where there is one, the top report.

    `informed` is the share of persons reported this step, `inform_chance` the chance that an opposed and
    candid person would have been; `wanted` and `truth_weight` describe the reports (see reporting).
    """

    dissent: float
    withdrawn: float
    informed: float | None = None
    inform_chance: float = 0.0
    report: float | None = None
    truth_weight: float = 1.0
    wanted: float = 0.0


class Belief(Protocol):
    """A leadership's state of mind on the share opposed; `after` gives the next one."""

    @property
    def mean(self) -> float:
        """Believed share opposed."""
        ...

    @property
    def sd(self) -> float:
        """Standard deviation of that belief."""
        ...

    def after(self, evidence: Evidence, *, dt: float, strength: float = 1.0) -> Belief:
        """Belief once one step's evidence is taken in; strength 0 takes in none."""
        ...


def believe(belief: Belief, evidence: Evidence, *, dt: float, strength: float = 1.0) -> Belief:
    """Take in one step's evidence: belief in, belief out."""
    return belief.after(evidence, dt=dt, strength=strength)


def kept_share(half_life_years: float, dt: float) -> float:
    """Share of old evidence that still counts after a step."""
    return 0.0 if half_life_years <= 0.0 else float(2.0 ** (-dt / half_life_years))
