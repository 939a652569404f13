"""From a number back to whose word it rests on, and from a word on to every number that rests on it."""

from exitvoice.trace.backward import (
    trace_figure,
    trace_panel,
    trace_parameter,
    trace_record,
    trace_rule,
    trace_verdict,
)
from exitvoice.trace.board import trace_board
from exitvoice.trace.forward import Dependents, dependents
from exitvoice.trace.made import trace_run
from exitvoice.trace.node import Node, lines
from exitvoice.trace.persons import trace_held, trace_part, trace_persons
from exitvoice.trace.stale import StaleResult, find_stale, names_by_folder, stale_priors

__all__ = [
    "Dependents",
    "Node",
    "StaleResult",
    "dependents",
    "find_stale",
    "lines",
    "names_by_folder",
    "stale_priors",
    "trace_board",
    "trace_figure",
    "trace_held",
    "trace_panel",
    "trace_parameter",
    "trace_part",
    "trace_persons",
    "trace_record",
    "trace_rule",
    "trace_run",
    "trace_verdict",
]
