"""Networks whose shape is laid down: a ring with short cuts, cliques with far ties, a tree with level ties."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.networks.base import Network, Pairs, from_pairs
from exitvoice.engine.networks.draws import below, draw_words, happens
from exitvoice.engine.networks.pairs import all_pairs, check_ties, join, random_pairs, settle

LEVEL_STREAMS = 128  # streams of random pairs that one level may use


def small_world(nodes: int, radius: int, rewired: float, seed: int) -> Network:
    """Ring in which each node is tied to the `radius` nearest on either side, each tie rewired with some chance.

    One end of a rewired tie stays and the other goes to a node drawn evenly; no loops, no double ties.
    Source: D. J. Watts and S. H. Strogatz, Nature 393 (1998) 440-442.

    Raises
    ------
    ValueError
        If the ring is too small for the radius, or there are too many ties.
    """
    if not 1 <= radius <= (nodes - 1) // 2:
        raise ValueError(f"a ring of {nodes} nodes has no radius {radius}")
    check_ties(nodes * radius)
    first = np.repeat(np.arange(nodes, dtype=np.int32), radius)
    second = ((first + np.tile(np.arange(1, radius + 1, dtype=np.int64), nodes)) % nodes).astype(np.int32)
    words = draw_words(len(first), 0, seed)
    moved = happens(words[:, 0], rewired)
    second[moved] = below(words[moved, 1], nodes)
    # ties that stay come first, so that of two alike it is the moved one that is drawn anew
    order = np.argsort(moved, kind="stable")
    first, second = first[order], second[order]

    def redraw(places: NDArray[np.int64], attempt: int) -> None:
        second[places] = below(draw_words(len(places), attempt, seed)[:, 1], nodes)

    settle(nodes, (first, second), redraw)
    return from_pairs(nodes, (first, second))


def cliques(nodes: int, size: int, far: float, seed: int) -> Network:
    """Groups in which all know one another, and on average `far` ties a node to other groups, drawn evenly.

    Raises
    ------
    ValueError
        If there are too many ties, or far ties without another group.
    """
    count = round(nodes * far / 2)
    if size >= nodes and count:
        raise ValueError("one group has no far ties")
    inside = _inside_groups(nodes, min(size, nodes))
    outside = random_pairs(nodes, count, stream=0, seed=seed, refuse=lambda a, b: a // size == b // size)
    return from_pairs(nodes, join(inside, outside))


def tree(nodes: int, branches: int, level: float, seed: int) -> Network:
    """Tree in which each node has `branches` below it, and on average `level` ties a node to others of its level.

    A level too small for that many ties is tied completely. Node 0 is the root; levels follow one another.

    Raises
    ------
    ValueError
        If a node has fewer than two branches, or there are too many ties.
    """
    if branches < 2:
        raise ValueError("a tree needs two branches a node")
    check_ties(nodes * (1 + level / 2))
    child = np.arange(1, nodes, dtype=np.int64)
    parts: list[Pairs] = [(((child - 1) // branches).astype(np.int32), child.astype(np.int32))]
    for number, (start, end) in enumerate(levels(nodes, branches)):
        width = end - start
        count = min(round(width * level / 2), width * (width - 1) // 2)
        first, second = random_pairs(width, count, stream=number * LEVEL_STREAMS, seed=seed)
        parts.append((first + np.int32(start), second + np.int32(start)))
    return from_pairs(nodes, join(*parts))


def levels(nodes: int, branches: int) -> list[tuple[int, int]]:
    """First node and end of each level of a tree.

    Examples
    --------
    >>> levels(8, 2)
    [(0, 1), (1, 3), (3, 7), (7, 8)]
    """
    found, start, width = [], 0, 1
    while start < nodes:
        found.append((start, min(start + width, nodes)))
        start, width = start + width, width * branches
    return found


def _inside_groups(nodes: int, size: int) -> Pairs:
    full, rest = divmod(nodes, size)
    check_ties(full * size * (size - 1) / 2)
    first, second = all_pairs(size)
    starts = np.repeat(np.arange(full, dtype=np.int32) * size, len(first))
    whole = (np.tile(first, full) + starts, np.tile(second, full) + starts)
    last = all_pairs(rest)
    return join(whole, (last[0] + np.int32(full * size), last[1] + np.int32(full * size)))
