"""Independent origins: follow every relay to its end and count the ends, not the outlets."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from exitvoice.evidence.schema import Source


class HasSources(Protocol):
    """Anything that maps source ids to sources, such as a ledger."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by id."""


def independent_origins(ledger: HasSources, source_ids: Iterable[str]) -> frozenset[str]:
    """Return the ids of the origins that the sources lead back to.

    A source that relays nobody is its own origin; a relay counts as the sources it repeats, followed to
    their ends. Six relays of one report therefore return one id.

    Parameters
    ----------
    ledger : Ledger
        Anything with a `sources` mapping that is free of relay cycles.
    source_ids : iterable of str
        Ids of sources; an unknown one raises `KeyError`.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> sorted(independent_origins(load_ledger(), ["rfa-2024-06-06", "taiwan-daily-2024-06"]))
    ['scmp-2024-06-06']
    """
    origins: set[str] = set()
    visited: set[str] = set()
    waiting = list(source_ids)
    while waiting:
        current = waiting.pop()
        if current in visited:
            continue
        visited.add(current)
        relayed = ledger.sources[current].relays
        waiting.extend(relayed)
        if not relayed:
            origins.add(current)
    return frozenset(origins)


def relays_of(ledger: HasSources, origin: str) -> tuple[str, ...]:
    """Return every source, in the order of the ledger, that repeats `origin` directly or through others."""
    return tuple(
        source_id
        for source_id in ledger.sources
        if source_id != origin and origin in independent_origins(ledger, [source_id])
    )


def find_relay_cycle(links: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Return one cycle of a graph as a tuple that starts and ends with the same id, or None.

    Links to ids that are not in the graph are passed over; they are another mistake.
    """
    finished: set[str] = set()
    for start in links:
        cycle = _cycle_from(start, links, finished)
        if cycle is not None:
            return cycle
    return None


def _cycle_from(start: str, links: Mapping[str, Iterable[str]], finished: set[str]) -> tuple[str, ...] | None:
    # Depth first without recursion: a long chain of relays must not meet Python's recursion limit.
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        current, is_done = stack.pop()
        if is_done:
            finished.add(path.pop())
            continue
        if current in path:
            return (*path[path.index(current) :], current)
        if current in finished or current not in links:
            continue
        path.append(current)
        stack.append((current, True))
        stack.extend((target, False) for target in links[current])
    return None
