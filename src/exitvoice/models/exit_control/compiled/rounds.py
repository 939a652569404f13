"""A round of expression, counted and told to all before the next: shares shown, who obeys, whom it will cost."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.sums import Counts, Places, weighed
from exitvoice.models.exit_control.institutions.enforcement import EnforcementRules, enforcement, punishment
from exitvoice.models.exit_control.institutions.smoothing import share
from exitvoice.models.exit_control.state import Floats, Shown
from exitvoice.models.exit_control.told import ROUND_AT, ToldRound, lay

SHARED = ("loyal", "withdrawn", "dissent", "opposed", "person")  # what shares are made of, and all of them
SERVING = ("serving_loyal", "serving_withdrawn", "is_serving")


class RoundGrounds(NamedTuple):
    """What stays the same from round to round.

    Attributes
    ----------
    shared, serving : whole numbers
        Places of SHARED and SERVING among the running tallies.
    weight, enforcer : arrays, shape (strata,)
        Real persons that a simulated one stands for; 1.0 where the sector carries out force.
    regions : int
    monitoring, strength : float
        Share of what is said that is overheard; of enforcement.
    """

    shared: Places
    serving: Places
    weight: Floats
    enforcer: Floats
    regions: int
    rules: EnforcementRules
    monitoring: float
    strength: float


def after_round(
    display: Counts, away: Floats, board: NDArray[Any], grounds: RoundGrounds
) -> tuple[Shown, Floats]:
    """Shares shown and enforcers who obey, by what is displayed now; persons are told on the regions' board."""
    shown = shown_shares(display, grounds)
    force = enforcers_who_obey(display, away, grounds)
    tell_round(board, shown, force, grounds)
    return shown, force


def shown_shares(display: Counts, grounds: RoundGrounds) -> Shown:
    """Shares shown and opposed, by region and in the nation."""
    here = weighed(display, grounds.shared, np.ones(len(grounds.weight)), grounds.regions)
    real = weighed(display, grounds.shared, grounds.weight, 1)[:, 0]
    nation = max(real[4], 1.0)
    by_region = np.empty((3, grounds.regions))
    for place in range(3):
        for region in range(grounds.regions):
            by_region[place, region] = share(here[place + 1, region], here[4, region])
    return Shown(
        withdrawn=by_region[0],
        dissent=by_region[1],
        nation_withdrawn=real[1] / nation,
        nation_dissent=real[2] / nation,
        loyal=real[0] / nation,
        opposed=real[3] / nation,
        region_opposed=by_region[2],
    )


def enforcers_who_obey(display: Counts, away: Floats, grounds: RoundGrounds) -> Floats:
    """Enforcers a head who obey, by region; incidents keep a share of them away."""
    serving = weighed(display, grounds.serving, grounds.enforcer, grounds.regions)
    force = np.empty(grounds.regions)
    for region in range(grounds.regions):
        loyal, withdrawn, security = serving[0, region], serving[1, region], serving[2, region]
        force[region] = enforcement(loyal, withdrawn, security, away[region], grounds.rules)
    return force


def tell_round(board: NDArray[Any], shown: Shown, force: Floats, grounds: RoundGrounds) -> None:
    """Hand the shares shown, and the chance of punishment they lead to, to the persons."""
    for region in range(grounds.regions):
        dissent = shown.dissent[region]
        chance = punishment(
            dissent, force[region], grounds.monitoring, grounds.rules, strength=grounds.strength
        )
        told = ToldRound(float(chance), shown.withdrawn[region], dissent)
        lay(board[region], told, ROUND_AT)
