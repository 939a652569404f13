"""Pairs of nodes that all differ, drawn at random."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.networks.base import MOST_TIES, Pairs
from exitvoice.engine.networks.draws import below, draw_words

ROUNDS = 100
Refuse = Callable[[NDArray[np.int32], NDArray[np.int32]], NDArray[np.bool_]]


def check_ties(pairs: float) -> None:
    """Refuse more pairs than the engine holds, before memory is asked for them."""
    if 2 * pairs > MOST_TIES:
        raise ValueError(f"about {pairs:.3g} ties are more than the engine holds ({MOST_TIES // 2:,})")


def repeated(nodes: int, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int64]:
    """Places of the pairs that an earlier pair already ties, whichever way round."""
    keys = np.minimum(first, second).astype(np.int64) * nodes + np.maximum(first, second)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    places: NDArray[np.int64] = order[1:][sorted_keys[1:] == sorted_keys[:-1]]
    return places


def settle(
    nodes: int, pairs: Pairs, redraw: Callable[[NDArray[np.int64], int], None], refuse: Refuse | None = None
) -> None:
    """Draw pairs anew, in place, until none is a loop, refused or a repetition.

    `redraw(places, round)` draws those at some places; rounds count from 1.
    """
    first, second = pairs
    for attempt in range(1, ROUNDS):
        wrong = first == second if refuse is None else refuse(first, second)
        places = np.union1d(np.flatnonzero(wrong), repeated(nodes, first, second))
        if len(places) == 0:
            return
        redraw(places, attempt)
    raise ValueError(f"{len(first)} ties find no place among {nodes} nodes")


def random_pairs(nodes: int, count: int, *, stream: int, seed: int, refuse: Refuse | None = None) -> Pairs:
    """`count` different pairs, each as likely as any other that is not refused; streams up to + `ROUNDS` are used."""
    check_ties(count)
    everything = nodes * (nodes - 1) // 2
    if count > everything:
        raise ValueError(f"{nodes} nodes have only {everything} pairs, not {count}")
    if everything <= 4 * count:
        return _some_of_all(nodes, count, stream, seed, refuse)
    first, second = _ends(nodes, count, stream, seed)

    def redraw(places: NDArray[np.int64], attempt: int) -> None:
        first[places], second[places] = _ends(nodes, len(places), stream + attempt, seed)

    settle(nodes, (first, second), redraw, refuse)
    return first, second


def all_pairs(nodes: int) -> Pairs:
    """Every pair of some nodes once."""
    check_ties(nodes * (nodes - 1) / 2)
    first, second = np.triu_indices(nodes, 1)
    return first.astype(np.int32), second.astype(np.int32)


def join(*parts: Pairs) -> Pairs:
    """Pairs of several lists in one."""
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def _ends(nodes: int, count: int, stream: int, seed: int) -> Pairs:
    words = draw_words(count, stream, seed)
    return below(words[:, 0], nodes).astype(np.int32), below(words[:, 1], nodes).astype(np.int32)


def _some_of_all(nodes: int, count: int, stream: int, seed: int, refuse: Refuse | None) -> Pairs:
    first, second = all_pairs(nodes)
    if refuse is not None:
        allowed = ~refuse(first, second)
        first, second = first[allowed], second[allowed]
    if count > len(first):
        raise ValueError(f"only {len(first)} pairs are allowed, not {count}")
    words = draw_words(len(first), stream, seed)
    kept = np.sort(np.lexsort((words[:, 1], words[:, 0]))[:count])
    return first[kept], second[kept]
