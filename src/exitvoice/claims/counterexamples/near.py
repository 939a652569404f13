"""Sets of values worth a run: those of points that turned the answer, the nearest to the defaults first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from exitvoice.claims.design import Setting
from exitvoice.claims.findings import Finding
from exitvoice.claims.pool import Sample, default_values
from exitvoice.claims.screen import groups_of

Floats = NDArray[np.float64]
Values = Mapping[str, float]
NEAREST = 2
"""Points whose values are tried one by one."""
FARTHER = 3
"""Points farther off that are tried one after the other where no set of the nearest turns the answer."""


def sets_to_try(
    finding: Finding, samples: Sequence[Sample], setting: Setting, *, holds: bool
) -> tuple[tuple[Values, ...], tuple[tuple[Values, ...], ...]]:
    """Return sets of values of the nearest points that turned, the smallest first, and those of points farther off.

    Parameters
    ----------
    finding : Finding
        Its hinges and its screen say which assumptions matter.
    samples : sequence of Sample
        What was run.
    setting : Setting
    holds : bool
        Whether the claim holds at the defaults.
    """
    turned = _turned(samples, setting, holds)
    if not turned.size:
        return (), ()
    order = _order(finding, setting)
    near = turned[np.argsort(_distance(turned, setting, order[:4]))]
    off = [near[at] for at in np.unique(np.linspace(0, len(near) - 1, FARTHER + 1).round().astype(int))[1:]]
    further = tuple(
        tuple({setting.factors[at].path: float(row[at]) for at in order[:size]} for size in (2, len(order)))
        for row in off
    )
    return _ladder(near, order, setting), further


def _ladder(near: Floats, order: Sequence[int], setting: Setting) -> tuple[Values, ...]:
    """Return the sets of values worth a run, the smallest first: more and more of the nearest point that turned."""
    sets = [{setting.factors[at].path: float(row[at])} for row in near[:NEAREST] for at in order[:NEAREST]]
    sizes = sorted({2, 4, max(2, len(order) // 2), len(order)})
    sets += [{setting.factors[at].path: float(near[0][at]) for at in order[:size]} for size in sizes]
    unique = {tuple(sorted(values.items())): values for values in sets}
    return tuple(sorted(unique.values(), key=len))


def _order(finding: Finding, setting: Setting) -> list[int]:
    """Return the columns that may matter: hinges first, then the mechanisms as the screen has them, then the rest."""
    names = [hinge.factor for hinge in finding.hinges if hinge.factor in setting.names]
    groups = groups_of(setting)
    for one in finding.screened:
        names += [setting.names[at] for at in groups[one.mechanism]]
    if not finding.screened:
        names += setting.names
    return [setting.names.index(name) for name in dict.fromkeys(names)]


def _turned(samples: Sequence[Sample], setting: Setting, holds: bool) -> Floats:
    """Return the points of the scenario's own theory at which the answer is the other one."""
    rows = [
        sample.points[sample.answers.truth[:, 0] == float(not holds)]
        for sample in samples
        if sample.theory == setting.scenario.theory
    ]
    return np.concatenate(rows) if rows else np.zeros((0, len(setting.factors)))


def _distance(points: Floats, setting: Setting, columns: Sequence[int]) -> Floats:
    """Distance from the defaults over the assumptions that matter, each in units of its range."""
    middle = default_values([setting.factors[at].path for at in columns], setting)
    total = np.zeros(points.shape[0])
    for at in columns:
        factor = setting.factors[at]
        total += np.abs(points[:, at] - middle[factor.path]) / (factor.high - factor.low)
    return total
