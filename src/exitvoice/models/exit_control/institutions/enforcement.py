"""Enforcement: the force that obeys, and the chance that an open dissenter is punished.

    E_r = E0 * (LOYAL + obedience * WITHDRAWN as shares of the region's security persons) * (1 - incident)
    P_r = 1 / (1 + ((D_r + d0 * E_r) / (c_h * E_r))**theta),  0 where E_r = 0

theta 1 is near the published identity form, above 6 near floor: whether cascades are rare or common turns
on it, so it is a prior and shown first. The published forms f(C / A) in 1 - exp(-2.3 f), C = E and A = D +
d0 * E, stay as named alternatives: identity and floor (Epstein 2002), round (NetLogo's Rebellion),
threshold (Lemos: none below 1/2).

Informants in a unit stop SMALL crowds, before they are one: P_small = (1 - (1 - iota * M)**m) / (1 + (D /
small)**theta), 0 where no force is left to act on what they say. Joined as two independent chances, 1 - (1
- P)(1 - P_small), not as the larger of the two: with a maximum one channel hides every change of the other,
and a run could not tell what informants add.

Units: E enforcers a head, D a share, P in [0, 1]. Sources: Epstein (2002); Thron and Jackson on the missing
tipping point; Lemos; Hill form, P_small and the weight of the withdrawn are this project's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray, share

FORMS = ("hill", "identity", "floor", "round", "threshold")  # this project's, and the published ones
HILL, IDENTITY, FLOOR, ROUND = range(4)
CROWD_SLOPE = 2.3
CRITICAL_RATIO = 0.5
MOST_RATIO = 1000.0


class EnforcementRules(NamedTuple):
    """How force and informants turn into a chance of punishment."""

    enforcers: float = 0.02  # E0, a head
    punishment_steepness: float = 4.0  # theta
    punishment_reach: float = 2.0  # c_h, dissenters an enforcer deals with
    punishment_floor: float = 0.2  # d0, as if so many dissenters an enforcer stood in an empty street
    informants: float = 0.0115  # iota, share of persons
    contacts: float = 10.0  # m, persons one confides in
    withdrawn_obedience: float = 0.5  # share of an enforcer's work done by one who withdraws
    small_crowd: float = 0.005  # share at which informants' chance is halved
    form: int = HILL  # a place among FORMS


def enforcement(
    loyal: FloatArray,
    withdrawn: FloatArray,
    security: FloatArray,
    away: FloatArray,
    rules: EnforcementRules,
) -> FloatArray:
    """Enforcers a head who obey, by region.

    `loyal` and `withdrawn` count the region's serving security persons by expression, `security` all of
    them; `away` is the fraction that incidents keep away. Where none is simulated all are taken as loyal.
    """
    obeying = np.where(security > 0.0, share(loyal + rules.withdrawn_obedience * withdrawn, security), 1.0)
    return rules.enforcers * obeying * (1.0 - np.minimum(np.maximum(away, 0.0), 1.0))


def punishment_by_force(dissent: FloatArray, force: FloatArray, rules: EnforcementRules) -> FloatArray:
    """Chance that force punishes an open dissenter, by region, in the form that the rules name."""
    crowd = dissent + rules.punishment_floor * force
    if rules.form == HILL:
        reach = rules.punishment_reach * force
        larger = np.maximum(crowd, reach)
        # both sides are divided by the larger, so that neither power overflows
        mastered = share(reach, larger) ** rules.punishment_steepness
        chance = share(mastered, mastered + share(crowd, larger) ** rules.punishment_steepness)
    else:
        # an empty street has no ratio: it is taken as full of force
        some = MOST_RATIO * crowd > force
        ratio = np.where(some, force / np.where(some, crowd, 1.0), MOST_RATIO)
        chance = -np.expm1(-CROWD_SLOPE * published(ratio, rules.form))
    return np.where(force > 0.0, chance, 0.0)


def punishment_by_informants(
    dissent: FloatArray, force: FloatArray, monitoring: float, rules: EnforcementRules
) -> FloatArray:
    """Chance that informants' reports stop a dissenter while the crowd is small, by region."""
    told = 1.0 - (1.0 - min(1.0, rules.informants * monitoring)) ** rules.contacts
    switched_off = 1.0 / (1.0 + (dissent / rules.small_crowd) ** rules.punishment_steepness)
    return np.where(force > 0.0, told * switched_off, 0.0)


def punishment(
    dissent: FloatArray,
    force: FloatArray,
    monitoring: float,
    rules: EnforcementRules,
    *,
    strength: float = 1.0,
) -> FloatArray:
    """Chance that an open dissenter is punished, by force or through informants, by region."""
    by_force = punishment_by_force(dissent, force, rules)
    by_informants = punishment_by_informants(dissent, force, monitoring, rules)
    return strength * (1.0 - (1.0 - by_force) * (1.0 - by_informants))


def published(ratio: FloatArray, form: int) -> FloatArray:
    """The ratio C / A as one of the published forms reads it."""
    if form == IDENTITY:
        return ratio
    if form == FLOOR:
        return np.floor(ratio)
    if form == ROUND:  # halves go up, as in NetLogo; NumPy's own rounding sends them to the even neighbour
        return np.floor(ratio + 0.5)
    return np.where(ratio < CRITICAL_RATIO, 0.0, ratio)
