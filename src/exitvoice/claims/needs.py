"""How many more worlds, and runs, would likely settle a share that stays what it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from exitvoice.claims.shares import ERRORS, HIGH, LOW, Share

MOST_WORLDS = 20_000
"""A share that would need more worlds than this is said to lie at a limit: no more of them tell."""


@dataclass(frozen=True)
class Needs:
    """What would likely settle an open share: further worlds, and the runs they take; None where it lies at a limit."""

    worlds: int | None
    runs: int | None


def worlds_needed(share: Share, *, most: int = MOST_WORLDS) -> int | None:
    """Return how many further worlds would settle a share that stayed what it is; None if that takes more than `most`.

    Settled is a share whose interval at the last look lies clear of both limits of the verdicts. The interval is
    Jeffreys's, as if all worlds were of one stratum.

    Parameters
    ----------
    share : Share
    most : int
        Worlds in all.

    Examples
    --------
    >>> worlds_needed(Share(1.0, 0.7, 1.0, 8)), worlds_needed(Share(0.8, 0.5, 0.95, 10))
    (5, None)
    """
    if not share.worlds or share.worlds >= most:
        return None
    worlds = np.arange(share.worlds + 1, most + 1)
    true = share.value * worlds
    low, high = (
        beta.ppf(tail, true + 0.5, worlds - true + 0.5) for tail in (ERRORS[-1] / 2, 1 - ERRORS[-1] / 2)
    )
    crosses = ((low <= HIGH) & (high >= HIGH)) | ((low <= LOW) & (high >= LOW))
    settled = np.flatnonzero(~crosses)
    return int(worlds[settled[0]]) - share.worlds if settled.size else None


def needs_of(share: Share, *, unmeasured: int, runs_a_world: int) -> Needs | None:
    """Return what an open share needs; None where it is decided, or there is nothing to go by.

    Parameters
    ----------
    share : Share
    unmeasured : int
        Worlds among those run that did not count; as many of the further ones will not.
    runs_a_world : int
        Runs that one world of the claim takes, its twins included.
    """
    if share.is_decided or not share.worlds:
        return None
    worlds = worlds_needed(share)
    if worlds is None:
        return Needs(None, None)
    counted = share.worlds / (share.worlds + unmeasured)
    return Needs(worlds, math.ceil(worlds / counted) * runs_a_world)
