"""Dissent and self-censorship under an authority that adapts (Daymude, Axelrod and Forrest 2025)."""

from exitvoice.models.reference.self_censorship.authority import Drawn, govern
from exitvoice.models.reference.self_censorship.world import Policy, Population, draw_people

__all__ = ["Drawn", "Policy", "Population", "draw_people", "govern"]
