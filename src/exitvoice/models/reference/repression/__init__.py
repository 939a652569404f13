"""Protest and repression on networks (Steinert-Threlkeld and Steinert-Threlkeld 2021)."""

from exitvoice.models.reference.repression.world import Protest, ProtestSetting

__all__ = ["Protest", "ProtestSetting"]
