"""Labelled numbers at rest: one run is one folder, and a summary of it in headline figures."""

from exitvoice.results.manifest import new_manifest
from exitvoice.results.store import StoredRun, check_target, read_run, write_report, write_run
from exitvoice.results.summary import SectorCost, Summary, summarise

__all__ = [
    "SectorCost",
    "StoredRun",
    "Summary",
    "check_target",
    "new_manifest",
    "read_run",
    "summarise",
    "write_report",
    "write_run",
]
