"""How much a calibration may spend, on what, and how it says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Method = Literal["abc", "bank", "neural"]
DistanceKind = Literal["fixed", "adaptive"]


@dataclass(frozen=True)
class Options:
    """How much to spend, on what, and where.

    Attributes
    ----------
    folder : Path
    method : 'abc', 'bank' or 'neural'
    budget : int
        Simulations in all.
    population : int
        Draws of the first generation ('abc').
    distance : 'fixed' or 'adaptive'
        The scales of the targets, or those times what is usual in a generation ('abc').
    seed : int
    scale : float or None
        Simulated persons for each real one; that of the targets if not given.
    predictions : int
        Draws of the posterior that are simulated, to check what was fitted and to score what was held out.
    bank, replications : int
        Draws of the priors for the gate, and how many take their turn as the truth; 0 replications: no gate.
    force : bool
        Replace another calibration in the folder.
    command : str
        What makes it again.
    """

    folder: Path
    method: Method = "abc"
    budget: int = 3000
    population: int = 100
    distance: DistanceKind = "fixed"
    seed: int = 0
    scale: float | None = None
    predictions: int = 100
    bank: int = 1000
    replications: int = 0
    force: bool = False
    command: str = ""


@dataclass(frozen=True)
class Status:
    """How far a calibration is: simulations done of the most there may be, and what the sampler is at.

    `acceptance` and `tolerance` are None where the method has none.
    """

    done: int
    most: int
    failed: int
    stage: str
    acceptance: float | None = None
    tolerance: float | None = None


Progress = Callable[[Status], bool]


@dataclass
class Watch:
    """What a method says of itself while it goes on, joined with the number of simulations."""

    progress: Progress | None
    most: int
    stage: str = "starting"
    acceptance: float | None = None
    tolerance: float | None = None

    def __call__(self, done: int, failed: int) -> bool:
        """Pass on how far it is; the answer is whether to go on."""
        if self.progress is None:
            return True
        return self.progress(Status(done, self.most, failed, self.stage, self.acceptance, self.tolerance))
