"""Beliefs of a leadership: naive, or sophisticated with candour known within a band or not at all."""

from exitvoice.models.exit_control.institutions.leadership.base import Belief, Believed, Channels, Evidence
from exitvoice.models.exit_control.institutions.leadership.kinds import (
    Leader,
    Leadership,
    believe,
    believed,
    grid_leader,
    leader_of,
    naive_leader,
    start_belief,
    take_in,
)
from exitvoice.models.exit_control.institutions.leadership.naive import NaiveRules
from exitvoice.models.exit_control.institutions.leadership.sophisticated import GridRules, probabilities

__all__ = [
    "Belief",
    "Believed",
    "Channels",
    "Evidence",
    "GridRules",
    "Leader",
    "Leadership",
    "NaiveRules",
    "believe",
    "believed",
    "grid_leader",
    "leader_of",
    "naive_leader",
    "probabilities",
    "start_belief",
    "take_in",
]
