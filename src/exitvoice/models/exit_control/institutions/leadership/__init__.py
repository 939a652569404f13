"""Beliefs of a leadership: naive, or sophisticated with candour known within a band or not at all."""

from exitvoice.models.exit_control.institutions.leadership.base import Belief, Evidence, believe
from exitvoice.models.exit_control.institutions.leadership.kinds import Leadership, start_belief
from exitvoice.models.exit_control.institutions.leadership.naive import NaiveBelief, NaiveRules, naive_belief
from exitvoice.models.exit_control.institutions.leadership.sophisticated import (
    GridBelief,
    GridRules,
    grid_belief,
)

__all__ = [
    "Belief",
    "Evidence",
    "GridBelief",
    "GridRules",
    "Leadership",
    "NaiveBelief",
    "NaiveRules",
    "believe",
    "grid_belief",
    "naive_belief",
    "start_belief",
]
