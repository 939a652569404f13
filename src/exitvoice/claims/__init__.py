"""Numbers to verdicts: what a claim of the evidence says is put to the test over many plausible worlds."""

from exitvoice.claims.findings import (
    Counterexample,
    Cut,
    Finding,
    Judgement,
    PartFinding,
    read_judgement,
    write_judgement,
)
from exitvoice.claims.load import Board, load_board
from exitvoice.claims.runner import BUDGET, SCALE, Options
from exitvoice.claims.schema import Condition, Hypothesis, World, Worlds
from exitvoice.claims.session import judge_claims
from exitvoice.claims.shares import Share, share_of
from exitvoice.claims.verdicts import Verdict, verdict_of

__all__ = [
    "BUDGET",
    "SCALE",
    "Board",
    "Condition",
    "Counterexample",
    "Cut",
    "Finding",
    "Hypothesis",
    "Judgement",
    "Options",
    "PartFinding",
    "Share",
    "Verdict",
    "World",
    "Worlds",
    "judge_claims",
    "load_board",
    "read_judgement",
    "share_of",
    "verdict_of",
    "write_judgement",
]
