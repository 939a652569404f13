"""The runs of a claims board, behind each of its numbers."""

from exitvoice.claims.findings import Finding, Judgement
from exitvoice.trace.node import Node


def trace_board(judgement: Judgement, finding: Finding | None = None) -> Node:
    """Return the runs of a claims board, and what they say of one claim."""
    says = (
        f"{judgement.runs:,} runs at {judgement.points:,} points of plausible assumptions, scale {judgement.scale:g}, "
        f"seed {judgement.seed}; made with {judgement.command}"
    )
    share = None if finding is None else finding.share
    if share is not None and share.worlds:
        interval = f"{share.low:.0%} to {share.high:.0%}"
        says += f". The claim holds in {share.value:.0%} of {share.worlds:,} worlds ({interval})"
    return Node("board", judgement.scenario, says)
