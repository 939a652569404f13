"""Where the runs of an ensemble are made: here, in processes of this machine, or on a Dask cluster."""

from exitvoice.ensemble.executors.base import Executor
from exitvoice.ensemble.executors.processes import Processes
from exitvoice.ensemble.executors.serial import Serial

__all__ = ["Executor", "Processes", "Serial"]
