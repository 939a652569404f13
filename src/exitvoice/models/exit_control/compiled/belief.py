"""The leadership takes in a step's evidence: its formulas (`institutions/leadership`) laid over the cells of its grid.

Cells of one s follow one another, so that each loop works on as many of them at once as the machine can; loops that
only compare or add have a place of their own for each H, as neither may be done in another order.
"""

import numpy as np

from exitvoice.models.exit_control.institutions.leadership.base import Believed, Evidence, kept_share
from exitvoice.models.exit_control.institutions.leadership.kinds import Leader
from exitvoice.models.exit_control.institutions.leadership.naive import Counts, beta_moments, count
from exitvoice.models.exit_control.institutions.leadership.sophisticated import (
    Cells,
    Looks,
    looks_of,
    moments,
    next_log_weight,
    weight,
)
from exitvoice.models.exit_control.state import Floats
from exitvoice.units import WEEKS_PER_YEAR


def learn(held: Floats, evidence: Evidence, leader: Leader, *, dt: float, strength: float) -> Believed:
    """Take in evidence, in place; gives what is then believed."""
    if leader.is_naive:
        before = Counts(held[0, 0], held[0, 1])
        after = count(before, evidence, leader.naive, dt=dt, strength=strength)
        held[0, 0], held[0, 1] = after.opposed, after.loyal
        return beta_moments(after)
    kept = kept_share(leader.rules.belief_half_life_years, dt)
    weeks = strength * dt * WEEKS_PER_YEAR
    weigh_cells(held, leader.grid.cells, looks_of(evidence, leader.rules), kept, weeks)
    return moments(weights_of_opposed(held), leader.grid.opposed)


def weigh_cells(held: Floats, cells: Cells, looks: Looks, kept: float, weeks: float) -> None:
    """Move the log weight of every cell by one step."""
    for row in range(len(held)):
        here, prior, expected = held[row], cells.prior[row], cells.expected[row]
        visible, hidden = cells.visible[row], cells.hidden[row]
        informed, unnoticed = cells.informed[row], cells.unnoticed[row]
        for place in range(len(here)):
            cell = Cells(
                prior[place],
                visible[place],
                hidden[place],
                informed[place],
                unnoticed[place],
                expected[place],
            )
            here[place] = next_log_weight(here[place], cell, looks, kept=kept, weeks=weeks)


def weights_of_opposed(held: Floats) -> Floats:
    """Weights of the values of H; log weights are brought to 0 at the most, in place."""
    most = heaviest(held)
    weights = np.zeros(held.shape[1])
    for row in range(len(held)):
        here = held[row]
        for place in range(len(here)):
            here[place] = here[place] - most
        for place in range(len(here)):
            weights[place] += weight(here[place], 0.0)
    return weights


def heaviest(held: Floats) -> float:
    """Largest log weight."""
    most = held[0].copy()
    for row in range(1, len(held)):
        here = held[row]
        for place in range(len(here)):
            most[place] = here[place] if here[place] > most[place] else most[place]
    largest = most[0]
    for other in most:
        largest = max(largest, other)
    return float(largest)
