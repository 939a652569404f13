"""What stages count: members of a class by stratum, and the same going on from stage to stage."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import sums
from exitvoice.engine.program import LANES, TOTAL_UNITS, Stage
from exitvoice.engine.sums import Places


@dataclass(frozen=True)
class Tallies:
    """What a stage counted: whole numbers by stratum, name and class; differences in a stage of changes."""

    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    stage: Stage

    @classmethod
    def none(cls, stage: Stage, strata: int) -> "Tallies":
        """What a stage counts where there is nobody."""
        counts = np.zeros((strata, len(stage.counted), LANES), np.int64)
        return cls(counts, np.zeros((strata, len(stage.totals), LANES), np.int64), stage)

    def copy(self) -> "Tallies":
        """The same numbers in arrays of their own."""
        return Tallies(self.counts.copy(), self.totals.copy(), self.stage)

    def count(self, name: str) -> NDArray[np.int64]:
        """Members by stratum and class, shape (strata, 4)."""
        return self.counts[:, self.stage.places[name]]

    def total(self, name: str) -> NDArray[np.float64]:
        """Sum by stratum and class, shape (strata, 4)."""
        place = [t.name for t in self.stage.totals].index(name)
        return self.totals[:, place] / TOTAL_UNITS


@dataclass
class Running:
    """Tallies that go on from stage to stage: whole once, then moved by the changes that stages tally."""

    whole: Tallies
    _now: Tallies | None = None
    _places: dict[str, tuple[Places, Places]] = field(default_factory=dict)

    @classmethod
    def of(cls, tallies: Tallies) -> "Running":
        """Begin with everything that a stage tallied."""
        return cls(tallies.copy())

    def move(self, tallies: Tallies) -> None:
        """Take in the changes that a stage tallied."""
        stage = tallies.stage
        counts, totals = self.places_of(stage)
        sums.move(self.whole.counts, counts, tallies.counts)
        if stage.totals:
            sums.move(self.whole.totals, totals, tallies.totals)
        self.moved()

    def moved(self) -> None:
        """They have moved, here or in a compiled function: what was copied is of before."""
        self._now = None

    def places_of(self, stage: Stage) -> tuple[Places, Places]:
        """Where the counts and the totals of a stage stand among those that go on."""
        if stage.name not in self._places:
            totals = [total.name for total in self.whole.stage.totals]
            self._places[stage.name] = (
                self.whole.stage.places_of(tuple(count.name for count in stage.counts)),
                np.array([totals.index(total.name) for total in stage.totals], np.intp),
            )
        return self._places[stage.name]

    def now(self) -> Tallies:
        """Tallies as they are now, a copy: the same one until they move."""
        if self._now is None:
            self._now = self.whole.copy()
        return self._now
