"""The three leaderships a scenario can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from exitvoice.models.exit_control.institutions.leadership.base import Belief
from exitvoice.models.exit_control.institutions.leadership.naive import NaiveRules, naive_belief
from exitvoice.models.exit_control.institutions.leadership.sophisticated import GridRules, grid_belief
from exitvoice.models.exit_control.institutions.smoothing import chosen

Leadership = Literal["naive", "sophisticated", "sophisticated_flat"]


def start_belief(kind: Leadership, values: Mapping[str, float]) -> Belief:
    """Start the named leadership at its prior, with the parameters in `values`.

    `sophisticated` knows candour within the band of `candour_mean` and `candour_weight`, `sophisticated_flat`
    knows nothing of it, whatever these say.
    """
    if kind == "naive":
        return naive_belief(chosen(NaiveRules, values))
    rules = chosen(GridRules, values)
    if kind == "sophisticated_flat":
        rules = replace(rules, candour_mean=0.5, candour_weight=2.0)
    return grid_belief(rules)
