"""What the leadership believes about the share H of persons opposed; it never sees H itself.

Evidence is what reaches it in one step: displays, informants' reports, and the report that came up the
hierarchy. Old evidence fades: 2**(-dt / half-life) of it still counts after a step, and the prior takes its
place.

Units: shares of persons in [0, 1]; years. Sources: Wintrobe (1990): the more fear, the less displays say;
Crabtree, Kern and Siegel (2020): a display mixes loyalty with lack of scruple.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from exitvoice.models.exit_control.institutions.smoothing import FloatArray

NONE = math.nan  # stands for evidence that there is none of


class Evidence(NamedTuple):
    """What reaches the leadership in one step, as shares of persons; NONE where there is no such thing.

    `informed` is the share of persons reported this step, `report` the share opposed by the report at the top.
    """

    dissent: float
    withdrawn: float
    informed: float = NONE
    report: float = NONE


class Channels(NamedTuple):
    """How word reaches a leadership, as far as it knows.

    `inform_chance` is the chance that an opposed and candid person is reported in a step; a report keeps
    `truth_weight` of the truth, and the rest of it is what is `wanted` (see reporting).
    """

    inform_chance: float = 0.0
    truth_weight: float = 1.0
    wanted: float = 0.0


class Believed(NamedTuple):
    """Believed share opposed, and the standard deviation of that belief."""

    mean: float
    sd: float


class Belief(NamedTuple):
    """State of mind on the share opposed: what is held, as its kind of leadership holds it, and what it comes to.

    Attributes
    ----------
    held : array
        Log weights by s and H, or Beta counts of opposed and loyal, shape (1, 2).
    mean, sd : float
        Believed share opposed, and the standard deviation of that belief.
    """

    held: FloatArray
    mean: float
    sd: float


def kept_share(half_life_years: float, dt: float) -> float:
    """Share of old evidence that still counts after a step."""
    return 0.0 if half_life_years <= 0.0 else float(2.0 ** (-dt / half_life_years))
