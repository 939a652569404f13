"""Where the next runs go: to the open questions that fewest of them are likely to settle.

A question is a share whose interval still crosses a limit of the verdicts: that of a claim, or that of a claim under
one theory of expression or one sign. What it would take to settle it is worked out as if its share stayed what it is;
one that lies at a limit would take more than anybody has, and gets nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exitvoice.claims.design import THEORIES
from exitvoice.claims.findings import Finding
from exitvoice.claims.needs import worlds_needed
from exitvoice.claims.shares import Share
from exitvoice.claims.verdicts import OPEN

MOST_WORLDS = 150
"""A question that would need more worlds than this in all is left open."""
Points = Mapping[str, Mapping[str, int]]
"""Further points, by theory and claim."""


@dataclass(frozen=True)
class Question:
    """An open share, and the further points a theory that would likely settle it; `rank` 0 is a claim's verdict."""

    claim: str
    rank: int
    points: Mapping[str, int]


@dataclass(frozen=True)
class Batch:
    """Points of one theory that are run in the same worlds."""

    theory: str
    points: int
    worlds: tuple[str, ...]


def open_questions(finding: Finding) -> Iterator[Question]:
    """Return what is open about a claim and can be settled.

    A level that nobody sees is none of it: more worlds only repeat the prior.
    """
    share = finding.share
    if share is None or finding.is_hidden or not share.worlds:
        return
    counted = share.worlds / (share.worlds + finding.unmeasured)

    def asked(cut: Share, rank: int, theories: Sequence[str], part: float = 1.0) -> Iterator[Question]:
        more = worlds_needed(cut, most=MOST_WORLDS)
        if more is not None:
            points = _even(more / (counted * part * len(theories)))
            yield Question(finding.claim, rank, dict.fromkeys(theories, points))

    if not share.is_decided:
        yield from asked(share, 0, THEORIES)
    for theory, cut in zip(THEORIES, finding.by_theory, strict=False):
        if cut.verdict == OPEN:
            yield from asked(cut.share, 1, (theory,))
    for cut in finding.by_sign:
        if cut.verdict == OPEN:
            yield from asked(cut.share, 1, THEORIES, 0.5)


def allocate(questions: Sequence[Question], worlds: Mapping[str, Sequence[str]], runs: int) -> Points:
    """Return the further points of each theory and claim: as many questions as `runs` are likely to settle.

    Verdicts come before their parts; among equals the one that costs least beside what is chosen already.

    Parameters
    ----------
    questions : sequence of Question
    worlds : mapping of str to sequence of str
        Worlds that each claim needs; claims share their runs.
    runs : int
        Runs to spend.
    """
    chosen: Points = {}
    waiting = list(questions)
    while waiting:
        priced = [(item.rank, cost(with_it, worlds), at, with_it) for at, item in enumerate(waiting)
                  if cost(with_it := _with(chosen, item), worlds) <= runs]  # fmt: skip
        if not priced:
            break
        _, _, at, chosen = min(priced, key=lambda one: one[:3])
        del waiting[at]
    return chosen


def cost(points: Points, worlds: Mapping[str, Sequence[str]]) -> int:
    """Return the runs that points cost: a world's are made once for all the claims that need it."""
    return sum(batch.points * len(batch.worlds) for batch in batches(points, worlds))


def batches(points: Points, worlds: Mapping[str, Sequence[str]]) -> Iterator[Batch]:
    """Return the points as batches: within a theory all claims share the first points, the neediest run on alone."""
    for theory, wanted in points.items():
        most: dict[str, int] = {}
        for claim, count in wanted.items():
            for world in worlds[claim]:
                most[world] = max(most.get(world, 0), count)
        before = 0
        for count in sorted(set(most.values()) - {0}):
            yield Batch(theory, count - before, tuple(name for name, own in most.items() if own >= count))
            before = count


def _with(points: Points, question: Question) -> Points:
    merged = {theory: dict(wanted) for theory, wanted in points.items()}
    for theory, count in question.points.items():
        own = merged.setdefault(theory, {})
        own[question.claim] = max(own.get(question.claim, 0), count)
    return merged


def _even(count: float) -> int:
    # in a Latin hypercube of an even number of points each disputed sign is met equally often
    return 2 * math.ceil(count / 2)
