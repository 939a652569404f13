"""Long work: a queue on disk, worker processes, progress, results. It survives a closed tab and a killed server."""

from exitvoice.web.jobs.job import Job, Order, State
from exitvoice.web.jobs.store import FullError, Store

__all__ = ["FullError", "Job", "Order", "State", "Store"]
