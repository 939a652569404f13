"""From an order to what comes of it: one place that knows which work is done by whom."""

from __future__ import annotations

from pathlib import Path

from exitvoice.errors import InternalError
from exitvoice.web.jobs import work_run
from exitvoice.web.jobs.job import Order, RunOrder
from exitvoice.web.jobs.shown import Shown
from exitvoice.web.jobs.telling import Telling


def perform(order: Order, place: Path, tell: Telling) -> tuple[Shown | None, bool]:
    """Do what was ordered; return what the page shows (None where there is nothing) and whether it is whole."""
    match order:
        case RunOrder():
            return work_run.perform(order, place, tell)
    raise InternalError(f"nobody knows how to do: {order.kind}")
