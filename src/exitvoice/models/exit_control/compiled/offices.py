"""Offices of a step: who is served, and what they refuse at a level of control."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.sums import Places
from exitvoice.models.exit_control.columns import OFFICES, RANKS
from exitvoice.models.exit_control.constants import CHAINS
from exitvoice.models.exit_control.institutions.offices import grant_probability, serve
from exitvoice.models.exit_control.state import Floats


class Desks(NamedTuple):
    """Every office of every chain: what it is asked by the chain of a length, at a place in it.

    Attributes
    ----------
    chain, place : whole numbers, shape (desks,)
    handling_years, refusal, refusal_by_rank : arrays, shape (desks,)
    capacity : array, shape (desks, regions)
        Decisions a step that a desk can take in ordinary years.
    """

    chain: Places
    place: Places
    handling_years: Floats
    refusal: Floats
    refusal_by_rank: Floats
    capacity: Floats


class OfficeGrounds(NamedTuple):
    """What stays the same from step to step; `decisions` has shape (steps, regions)."""

    desks: Desks
    decisions: Floats
    strength: float
    normal_control: float
    refusal_shift: float
    dt: float


def open_offices(
    queue: Floats, carried: Floats, now: int, grounds: OfficeGrounds
) -> tuple[Floats, Floats, NDArray[np.float32]]:
    """Chance of being served, and capacity carried on, by office and region; the former as persons find it.

    An office that several chains name is kept as the longest of them finds it.
    """
    desks, regions = grounds.desks, queue.shape[1]
    chance, left = np.ones((OFFICES, regions)), carried.copy()
    served = np.ones((regions, CHAINS, OFFICES), np.float32)
    for desk in range(len(desks.place)):
        office = desks.place[desk]
        for region in range(regions):
            found, kept = serve(
                queue[office, region],
                desks.capacity[desk, region] * grounds.decisions[now, region],
                carried[office, region],
                handling_years=desks.handling_years[desk],
                dt=grounds.dt,
                strength=grounds.strength,
            )
            chance[office, region], left[office, region] = found, kept
            served[region, desks.chain[desk], office] = found
    return chance, left, served


def refusals(control: float, grounds: OfficeGrounds) -> Floats:
    """Chance that an office refuses at a level of control, shape (chains, offices, ranks)."""
    desks = grounds.desks
    refused = np.zeros((CHAINS, OFFICES, RANKS))
    for desk in range(len(desks.place)):
        for rank in range(RANKS):
            granted = grant_probability(
                desks.refusal[desk],
                desks.refusal_by_rank[desk],
                float(rank),
                control,
                normal_control=grounds.normal_control,
                refusal_shift=grounds.refusal_shift,
            )
            refused[desks.chain[desk], desks.place[desk], rank] = 1.0 - granted
    return refused
