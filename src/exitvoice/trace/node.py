"""One step of a trace: what it is, what it says, and what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A figure, verdict, parameter, rule, statement, claim or source, and what lies beneath it.

    `kind` is one of these words; `says` is a sentence; a node without anything beneath it is where the trace ends.
    """

    kind: str
    name: str
    says: str
    beneath: tuple["Node", ...] = ()

    @property
    def ends(self) -> Iterator["Node"]:
        """The nodes where the trace ends."""
        if not self.beneath:
            yield self
        for node in self.beneath:
            yield from node.ends


def lines(node: Node, depth: int = 0) -> Iterator[tuple[int, Node]]:
    """Yield every node of a trace with its depth, from the top down."""
    yield depth, node
    for child in node.beneath:
        yield from lines(child, depth + 1)
