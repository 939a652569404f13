"""Epstein's civil violence, model II (2002): two groups, and peacekeepers between them."""

from exitvoice.models.reference.epstein_two.world import TwoGroups, TwoGroupsSetting

__all__ = ["TwoGroups", "TwoGroupsSetting"]
