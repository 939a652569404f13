"""Epstein's civil violence (2002): the world on its torus, and what its outbursts look like."""

from exitvoice.models.reference.epstein.rules import ORDERS, RATIOS
from exitvoice.models.reference.epstein.world import Epstein, EpsteinSetting

__all__ = ["ORDERS", "RATIOS", "Epstein", "EpsteinSetting"]
