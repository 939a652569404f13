"""Single synthetic lives through two worlds: which differ most, and which draw met which hazard."""

from exitvoice.analysis.follow.lives import Life, follow
from exitvoice.analysis.follow.telling import Meeting, Telling, Week

__all__ = ["Life", "Meeting", "Telling", "Week", "follow"]
