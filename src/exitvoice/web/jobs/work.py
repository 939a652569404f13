"""From an order to what comes of it: one place that knows which work is done by whom."""

from __future__ import annotations

from pathlib import Path

from exitvoice.web.jobs import work_board, work_replay, work_run, work_twins
from exitvoice.web.jobs.job import BoardOrder, Order, ReplayOrder, RunOrder, TwinsOrder
from exitvoice.web.jobs.shown import Shown
from exitvoice.web.jobs.telling import Telling


def perform(order: Order, place: Path, tell: Telling) -> tuple[Shown | None, bool]:
    """Do what was ordered; return what the page shows (None where there is nothing) and whether it is whole."""
    match order:
        case RunOrder():
            return work_run.perform(order, place, tell)
        case TwinsOrder():
            return work_twins.perform(order, place, tell)
        case ReplayOrder():
            return work_replay.perform(order, place, tell)
        case BoardOrder():
            return work_board.perform(order, place, tell)
