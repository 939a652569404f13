"""Networks in which some nodes have far more ties than others."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from exitvoice.engine.functions import compile_function
from exitvoice.engine.mathematics import logarithm, power, smaller
from exitvoice.engine.networks.base import Network, from_pairs
from exitvoice.engine.networks.draws import NETWORK_STREAM, draw_words
from exitvoice.engine.networks.pairs import check_ties, repeated
from exitvoice.engine.primitives import integer, real, u64
from exitvoice.engine.random import philox, seed_words, uniform


def power_law_degrees(
    nodes: int, exponent: float, seed: int, *, smallest: int = 1, largest: int
) -> NDArray[np.int64]:
    """Whole numbers k from `smallest` to `largest`, each drawn with a chance proportional to k ** -exponent."""
    sizes = np.arange(smallest, largest + 1)
    chances = sizes.astype(float) ** -exponent
    edges = np.round(np.cumsum(chances) / chances.sum() * 2.0**32).astype(np.uint64)
    words = draw_words(nodes, 0, seed)[:, 0].astype(np.uint64)
    return sizes[np.minimum(np.searchsorted(edges, words, side="right"), len(sizes) - 1)]


def configuration(degrees: NDArray[np.int64], seed: int) -> Network:
    """Ends of ties joined at random, so that each node has the degree given; loops and double ties are left out.

    Source: M. E. J. Newman, SIAM Review 45 (2003) 167-256, section IV.B (the erased variant).
    """
    check_ties(degrees.sum() / 2)
    ends = np.repeat(np.arange(len(degrees), dtype=np.int32), degrees)
    words = draw_words(len(ends), 1, seed)
    ends = ends[np.lexsort((words[:, 1], words[:, 0]))]
    half = len(ends) // 2
    first, second = ends[:half], ends[half : 2 * half]
    kept = first != second
    kept[repeated(len(degrees), first, second)] = False
    return from_pairs(len(degrees), (first[kept], second[kept]))


def expected_degrees(weights: NDArray[np.float32], seed: int) -> Network:
    """Each pair tied with chance min(1, w_i w_j / sum of w), so that a weight is about an expected degree.

    Sources: F. Chung and L. Lu, Annals of Combinatorics 6 (2002) 125-145; the skipping is that of J. C. Miller
    and A. Hagberg, WAW 2011, Lecture Notes in Computer Science 6732, 115-126.
    """
    check_ties(float(weights.sum(dtype=np.float64)) / 2)
    order = np.argsort(-weights, kind="stable")
    falling = np.ascontiguousarray(weights[order])
    share = np.float32(1.0 / weights.sum(dtype=np.float64))
    low, high = seed_words(seed)
    ends = np.zeros(len(weights) + 1, np.int64)
    skip: NDArray[np.int32] = np.zeros(0, np.int32)
    skip_rows = compile_function(tie_rows)
    skip_rows(falling, share, ends, skip, low, high)  # counts
    np.cumsum(ends, out=ends)
    check_ties(ends[-1])
    skip = np.empty(ends[-1], np.int32)
    skip_rows(falling, share, ends, skip, low, high)
    first = np.repeat(order, np.diff(ends)).astype(np.int32)
    return from_pairs(len(weights), (first, order[skip].astype(np.int32)))


def pareto_weights(nodes: int, exponent: float, seed: int) -> NDArray[np.float32]:
    """Weights of at least 1 with density proportional to w ** -exponent."""
    weights = np.empty(nodes, np.float32)
    words = draw_words(nodes, 2, seed)
    compile_function(fill_pareto)(words[:, 0].copy(), np.float32(-1.0 / (exponent - 1.0)), weights)
    return weights


def preferential(nodes: int, links: int, seed: int) -> Network:
    """Nodes come one by one and tie themselves to `links` others, each with a chance proportional to its ties.

    The first `links` + 1 nodes are all tied to one another.
    Source: A.-L. Barabasi and R. Albert, Science 286 (1999) 509-512; drawn from a list of ends after V. Batagelj
    and U. Brandes, Physical Review E 71 (2005) 036113.
    """
    if not 1 <= links < nodes:
        raise ValueError(f"{nodes} nodes cannot each tie themselves to {links}")
    check_ties(nodes * links)
    count = links * (links + 1) // 2 + (nodes - links - 1) * links
    ends = np.empty(2 * count, np.int32)
    low, high = seed_words(seed)
    compile_function(grow)(ends, nodes, links, low, high)
    return from_pairs(nodes, (ends[0::2].copy(), ends[1::2].copy()))


def largest_component(network: Network) -> Network:
    """Return the largest connected part, its nodes in their order."""
    shape = (network.nodes, network.nodes)
    ones = np.ones(network.ties, np.uint8)
    _, label = connected_components(csr_array((ones, network.sources, network.offsets), shape=shape))
    kept = label == np.argmax(np.bincount(label))
    number = np.cumsum(kept) - 1
    inside = kept[network.sources]  # a tie has both its ends in one part
    offsets = np.zeros(int(kept.sum()) + 1, np.int64)
    np.cumsum(network.degrees[kept], out=offsets[1:])
    return Network(offsets, number[network.sources[inside]].astype(np.int32))


def fill_pareto(words: NDArray[np.uint32], exponent: float, weights: NDArray[np.float32]) -> None:
    """U ** exponent for a uniform U of each word."""
    for at in range(words.shape[0]):
        weights[at] = power(uniform(words[at]), exponent)


def logarithm_of_rest(chance: float) -> float:
    """Natural logarithm of 1 - chance; a series keeps the digits of a small chance."""
    if chance < 0.01:
        return -chance * (1.0 + chance * (0.5 + chance * (0.33333334 + chance * 0.25)))
    return logarithm(1.0 - chance)


def tie_rows(
    weights: NDArray[np.float32],
    share: float,
    ends: NDArray[np.int64],
    others: NDArray[np.int32],
    seed_low: int,
    seed_high: int,
) -> None:
    """Tie each node to later ones; weights fall. With no room in `others` the ties are counted into `ends`."""
    nodes = weights.shape[0]
    counting = others.shape[0] == 0
    for node in range(nodes - 1):
        found = 0
        draw = 0
        other = node + 1
        factor = weights[node] * share
        chance = smaller(weights[other] * factor, 1.0)
        while other < nodes and chance > 0.0:
            skip, accept, _, _ = philox(node, draw, 0, NETWORK_STREAM + 3, seed_low, seed_high)
            draw += 1
            if chance < 1.0:
                gap = logarithm(uniform(skip)) / logarithm_of_rest(chance)
                if gap >= real(nodes - other):
                    break
                other += integer(gap)
            here = smaller(weights[other] * factor, 1.0)
            if uniform(accept) * chance < here:
                if not counting:
                    others[ends[node] + found] = other
                found += 1
            chance = here
            other += 1
        if counting:
            ends[node + 1] = found


def grow(ends: NDArray[np.int32], nodes: int, links: int, seed_low: int, seed_high: int) -> None:
    """Fill the list of the ends of ties, two a tie, in the order in which nodes come."""
    filled = 0
    for node in range(links + 1):
        for other in range(node):
            ends[filled] = node
            ends[filled + 1] = other
            filled += 2
    for node in range(links + 1, nodes):
        before = filled
        draw = 0
        while filled < before + 2 * links:
            word, _, _, _ = philox(node, draw, 0, NETWORK_STREAM + 4, seed_low, seed_high)
            draw += 1
            other = ends[integer((u64(word) * u64(before)) >> u64(32))]
            fresh = True
            for at in range(before + 1, filled, 2):
                fresh = fresh and ends[at] != other
            if fresh:
                ends[filled] = node
                ends[filled + 1] = other
                filled += 2
