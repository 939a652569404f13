"""Siegel's collective action in social networks (2009): the world, its networks, and what they change."""

from exitvoice.models.reference.siegel.world import Motivation, Siegel

__all__ = ["Motivation", "Siegel"]
