"""What carries on from one step to the next, apart from the population itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from exitvoice.models.exit_control.columns import OFFICES
from exitvoice.models.exit_control.institutions.background import Background
from exitvoice.models.exit_control.institutions.incidents import IncidentState
from exitvoice.models.exit_control.institutions.inspection import ConflictState
from exitvoice.models.exit_control.institutions.leadership import Believed
from exitvoice.models.exit_control.institutions.loss_of_control import LossState
from exitvoice.models.exit_control.institutions.offices import HopeState
from exitvoice.models.exit_control.institutions.smoothing import names_of

__all__ = [
    "LEAVES",
    "VISITS",
    "Floats",
    "Institutions",
    "Remembered",
    "Shown",
    "altered",
    "empty_queue",
    "part_of",
]

Floats = NDArray[np.float64]
PartT = TypeVar("PartT", bound=tuple[Any, ...])
VISITS, LEAVES = 0, 1  # purposes that hope is kept for


class Shown(NamedTuple):
    """Shares shown by region and in the nation, as last tallied."""

    withdrawn: Floats
    dissent: Floats
    nation_withdrawn: float
    nation_dissent: float
    loyal: float
    opposed: float
    region_opposed: Floats


class Remembered(NamedTuple):
    """What is remembered in arrays, which a step writes in place: handing over new ones would cost more than the step.

    They are the same ones from step to step, each of its own; whoever wants to know them later copies them.

    Attributes
    ----------
    held : array
        What the leadership holds (`leadership.Belief`).
    lost : array, shape (regions,)
        1.0 where control was lost in the last step.
    """

    hope: HopeState
    hoped: Floats
    queue: Floats
    without_document: Floats
    departures: Floats
    gone: Floats
    outside: Floats
    conflict: ConflictState
    top_persons: Floats
    held: Floats
    loss: LossState
    lost: Floats
    background: Background


@dataclass(frozen=True)
class Institutions:
    """State of offices, information, leadership, inspection, enforcement and background."""

    kept: Remembered
    carried: Floats
    heard: Floats
    known: Floats
    belief: Believed
    unauthorised: float
    reported: float
    conflict_level: float
    crisis: float
    control: float
    felt: float
    elite_pause: float
    force: Floats
    incidents: IncidentState
    shown: Shown


if TYPE_CHECKING:
    # checked as what it is; of two dozen fields that are checked one by one, `replace` takes a fiftieth of a step
    from dataclasses import replace as altered
else:

    def altered(state, **changes):
        """State with some of its fields altered, as dataclasses.replace gives it."""
        new = object.__new__(type(state))
        new.__dict__.update(state.__dict__)
        new.__dict__.update(changes)
        if len(new.__dict__) > len(state.__dict__):
            raise TypeError(f"no such field: {sorted(changes.keys() - state.__dict__.keys())}")
        return new


def part_of(kind: type[PartT], state: Institutions) -> PartT:
    """Fields of the state that a named tuple has under the same names, as one."""
    return kind(*_getter(kind)(state))


@cache
def _getter(kind: type[PartT]) -> Callable[[Institutions], tuple[Any, ...]]:
    return attrgetter(*names_of(kind))


def empty_queue(regions: int) -> Floats:
    """Nobody waiting, offices x regions."""
    return np.zeros((OFFICES, regions))
