"""Epstein's civil violence (2002): the world on its torus, and what its outbursts look like."""

from exitvoice.models.reference.epstein.world import RATIOS, Epstein, EpsteinSetting

__all__ = ["RATIOS", "Epstein", "EpsteinSetting"]
