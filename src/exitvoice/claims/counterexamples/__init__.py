"""What turns an answer: found among the worlds that were run, made minimal by further runs, replayed by one command."""

from exitvoice.claims.counterexamples.case import Case, read_case, write_case
from exitvoice.claims.counterexamples.keep import keep
from exitvoice.claims.counterexamples.replay import Replayed, replay
from exitvoice.claims.counterexamples.search import find_counterexamples
from exitvoice.claims.counterexamples.telling import asked, measured

__all__ = [
    "Case",
    "Replayed",
    "asked",
    "find_counterexamples",
    "keep",
    "measured",
    "read_case",
    "replay",
    "write_case",
]
