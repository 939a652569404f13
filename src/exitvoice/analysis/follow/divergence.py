"""How far apart the lives of the same persons run in two worlds: a score each, kept outside the populations.

A life is the time of one person in one post: the post's number, and how many persons have held it before. The
score adds up, step by step, how unlike the two states are (`UNLIKE`); it ends when both have gone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exitvoice.engine.columns import Population
from exitvoice.models.exit_control.columns import APPLYING, CAUGHT, DISSENT, VACANT

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SAMPLE = 200_000
"""Persons looked at, at most: whole units, evenly spread."""

#: Weight of a step in which ... (assumed: what a reader would call another fate comes first)
UNLIKE = {
    "gone": 4.0,  # one has gone: left, fled, stayed abroad, died or was dismissed
    "custody": 3.0,  # one is in custody
    "journey": 1.0,  # one is waiting, permitted or abroad, the other is not
    "document": 0.5,  # the state holds one's document, or it is void
    "rank": 0.5,  # for each rank
    "service": 0.5,  # one has retired
    "expression": 0.5,  # they show different things; twice that where one is in open dissent
    "listed": 0.1,  # for each reason for which one is on the watchlist
}
_LISTED = ("listed_covered", "listed_applied", "listed_sanctioned", "listed_error")


@dataclass(frozen=True)
class Seat:
    """One life: the post's unit and place in world A and in world B, and which of its holders it is."""

    units: tuple[int, int]
    member: int
    holder: int
    score: float


class Divergence:
    """Scores of all posts that both worlds have; reads the populations and changes nothing."""

    def __init__(self, one: Population, other: Population, *, sample: int = SAMPLE) -> None:
        self._units, self._members, self._at = _matched(one, other, sample)
        posts = self._members.size
        self._generation = tuple(
            p.get("generation")[at] for p, at in zip((one, other), self._at, strict=True)
        )
        self._holder = [np.zeros(posts, np.int64), np.zeros(posts, np.int64)]
        self._score = np.zeros(posts)
        self._life = np.zeros(posts, np.int64)
        self._best = np.zeros(posts)
        self._best_life = np.zeros(posts, np.int64)

    @property
    def posts(self) -> int:
        """Posts that are watched."""
        return int(self._members.size)

    def note(self, one: Population, other: Population) -> None:
        """Add one step."""
        words = tuple(p.columns["word"][at] for p, at in zip((one, other), self._at, strict=True))
        generation = tuple(_field(p, w, "generation") for p, w in zip((one, other), words, strict=True))
        for place in (0, 1):
            self._holder[place] += generation[place] != self._generation[place]
        self._generation = generation
        life = np.minimum(self._holder[0], self._holder[1])
        over = np.flatnonzero(life > self._life)
        if over.size:
            self._close(over)
            self._life[over] = life[over]
        at = np.flatnonzero((words[0] != words[1]) | (self._holder[0] != self._holder[1]))
        if at.size:
            self._score[at] += self._distance(one, words[0][at], words[1][at], at)

    def most_unlike(self, lives: int) -> tuple[Seat, ...]:
        """Return the lives with the highest scores, one a unit, the highest first; none with a score of zero."""
        self._close(np.arange(self.posts))
        order = np.argsort(-self._best, kind="stable")
        found: dict[int, Seat] = {}
        for post in order:
            if len(found) >= lives or self._best[post] <= 0.0:
                break
            units = (int(self._units[0][post]), int(self._units[1][post]))
            found.setdefault(
                units[0],
                Seat(units, int(self._members[post]), int(self._best_life[post]), float(self._best[post])),
            )
        return tuple(found.values())

    def _close(self, posts: Whole) -> None:
        better = posts[self._score[posts] > self._best[posts]]
        self._best[better] = self._score[better]
        self._best_life[better] = self._life[better]
        self._score[posts] = 0.0

    def _distance(
        self, one: Population, first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32], at: Whole
    ) -> Floats:
        fields = {name: (_field(one, first, name), _field(one, second, name)) for name in one.layout.by_name}
        life = self._life[at]
        gone = [(fields["service"][w] == VACANT) | (self._holder[w][at] > life) for w in (0, 1)]
        here = ~gone[0] & ~gone[1]

        def unlike(name: str, what: int | None = None) -> npt.NDArray[np.bool_]:
            a, b = fields[name]
            return np.asarray(a != b if what is None else (a == what) != (b == what))

        total = UNLIKE["custody"] * unlike("journey", CAUGHT) + UNLIKE["journey"] * unlike("journey")
        total = total - 0.5 * UNLIKE["journey"] * unlike(
            "journey", APPLYING
        )  # to wait is less than to be away
        total = total + UNLIKE["document"] * unlike("document") + UNLIKE["service"] * unlike("service")
        rank = np.abs(fields["rank"][0].astype(np.int64) - fields["rank"][1].astype(np.int64))
        total = total + UNLIKE["rank"] * rank
        total = total + UNLIKE["expression"] * unlike("expression") * (1.0 + unlike("expression", DISSENT))
        total = total + UNLIKE["listed"] * sum(unlike(name).astype(np.float64) for name in _LISTED)
        return np.asarray(np.where(here, total, 0.0) + UNLIKE["gone"] * (gone[0] != gone[1]))


def _field(population: Population, words: npt.NDArray[np.uint32], name: str) -> npt.NDArray[np.uint32]:
    item, shift = population.layout.by_name[name], population.layout.shifts[name]
    return np.asarray((words >> np.uint32(shift)) & np.uint32((1 << item.bits) - 1))


def _matched(
    one: Population, other: Population, sample: int
) -> tuple[tuple[Whole, Whole], Whole, tuple[Whole, Whole]]:
    """Posts that both worlds have: rows of their units, place in the unit, and row of the post, in each world."""
    mine, yours = (
        (p.units.key.astype(np.uint64) << np.uint64(32)) | p.units.number.astype(np.uint64)
        for p in (one, other)
    )
    _, first, second = np.intersect1d(mine, yours, assume_unique=True, return_indices=True)
    sizes = np.minimum(np.diff(one.units.offsets)[first], np.diff(other.units.offsets)[second])
    every = max(1, -(-int(sizes.sum()) // sample))
    first, second, sizes = first[::every], second[::every], sizes[::every]
    begin = np.repeat(np.cumsum(sizes) - sizes, sizes)
    members = np.arange(int(sizes.sum())) - begin
    rows = (np.repeat(first, sizes), np.repeat(second, sizes))
    at = tuple(p.units.offsets[r] + members for p, r in zip((one, other), rows, strict=True))
    return rows, members, (at[0], at[1])
