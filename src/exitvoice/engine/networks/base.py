"""A network: for every node, where its ties come from (compressed rows, CSR)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.functions import compile_function

MOST_NODES = 2**31 - 1
MOST_TIES = 1 << 29  # ends of ties: 2 GiB of them; a bound, so that no setting asks for the whole memory
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Network:
    """Ties by the node at which they end.

    Attributes
    ----------
    offsets : int64 array, shape (nodes + 1,)
        The ties that lead to node `n` are ``offsets[n]`` to ``offsets[n + 1]``.
    sources : int32 array, shape (ties,)
        The node where each tie begins.
    """

    offsets: NDArray[np.int64]
    sources: NDArray[np.int32]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.offsets) - 1

    @property
    def ties(self) -> int:
        """Number of ties, each way counted."""
        return len(self.sources)

    @property
    def degrees(self) -> NDArray[np.int64]:
        """How many ties lead to each node."""
        return np.diff(self.offsets)

    def neighbours(self, node: int) -> NDArray[np.int32]:
        """Nodes from which ties lead to one."""
        return self.sources[self.offsets[node] : self.offsets[node + 1]]

    def ranges(self, count: int) -> list[tuple[int, int]]:
        """Nodes in at most `count` ranges of about the same work, a tie being as much work as a node."""
        work = self.offsets + np.arange(self.nodes + 1)
        wanted = np.linspace(0, work[-1], count + 1)[1:-1]
        edges = [0, *(int(at) for at in np.searchsorted(work, wanted)), self.nodes]
        return [(first, last) for first, last in zip(edges[:-1], edges[1:], strict=True) if first < last]


def from_pairs(nodes: int, pairs: Pairs) -> Network:
    """Network in which each pair is tied both ways, in the order of the pairs.

    Raises
    ------
    ValueError
        If there are more nodes or ties than the bound allows, or a pair names a node that is not there.
    """
    first, second = pairs
    if nodes > MOST_NODES or 2 * len(first) > MOST_TIES:
        raise ValueError(f"{nodes} nodes with {len(first)} ties are more than the engine holds")
    if len(first) and not (min(first.min(), second.min()) >= 0 and max(first.max(), second.max()) < nodes):
        raise ValueError("a tie leads to a node that is not there")
    offsets = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(first, minlength=nodes) + np.bincount(second, minlength=nodes), out=offsets[1:])
    sources = np.empty(2 * len(first), np.int32)
    compile_function(fill_rows)(first, second, offsets[:-1].copy(), sources)
    return Network(offsets, sources)


def fill_rows(
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    free: NDArray[np.int64],
    sources: NDArray[np.int32],
) -> None:
    """Put both ends of every pair into the row of the other; `free` is each row's next place."""
    for at in range(first.shape[0]):
        one = first[at]
        other = second[at]
        sources[free[one]] = other
        free[one] += 1
        sources[free[other]] = one
        free[other] += 1
