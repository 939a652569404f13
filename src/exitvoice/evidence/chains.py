"""Who repeats whom: the chain of a record's sources as a forest, each tree growing from one origin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exitvoice.evidence.ledger import Ledger


@dataclass(frozen=True)
class Voice:
    """A source in a chain: how far it stands from its origin, and whether the record names it.

    A source that nobody names stands in the chain because a named one repeats it.
    """

    source: str
    depth: int
    is_named: bool
    is_repeated: bool


def chain(ledger: Ledger, source_ids: Iterable[str]) -> tuple[Voice, ...]:
    """Return the sources of a record and whom they repeat, each tree from its origin outwards.

    A source that repeats several others stands below each of them; from the second time on `is_repeated` is true.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> ledger = load_ledger()
    >>> [(voice.depth, voice.source) for voice in chain(ledger, ["renminbao-2024-06-07"])]
    [(0, 'scmp-2024-06-06'), (1, 'rfa-2024-06-06'), (2, 'renminbao-2024-06-07')]
    """
    named = set(source_ids)
    within = _with_ancestors(ledger, named)
    children: dict[str, list[str]] = {name: [] for name in within}
    for name in (one for one in ledger.sources if one in within):
        for repeated in ledger.sources[name].relays:
            children[repeated].append(name)
    seen: set[str] = set()
    roots = [name for name in ledger.sources if name in within and not ledger.sources[name].relays]
    return tuple(voice for root in roots for voice in _grow(root, children, named, seen))


def chain_lines(ledger: Ledger, source_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the chain as indented lines, for a terminal."""
    lines = []
    for voice in chain(ledger, source_ids):
        source = ledger.sources[voice.source]
        marks = [source.date or "undated", *_marks(source.anonymous, source.partisan)]
        again = ", again" if voice.is_repeated else ""
        arrow = "  " * voice.depth + ("" if voice.depth == 0 else "repeated by ")
        lines.append(f"{arrow}{source.publisher} ({', '.join(marks)}{again})")
    return tuple(lines)


def _marks(is_anonymous: bool, is_partisan: bool) -> Iterator[str]:  # noqa: FBT001
    if is_anonymous:
        yield "anonymous"
    if is_partisan:
        yield "partisan"


def _with_ancestors(ledger: Ledger, named: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(named)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ledger.sources[name].relays
    return found


def _grow(root: str, children: dict[str, list[str]], named: set[str], seen: set[str]) -> Iterator[Voice]:
    waiting = [(root, 0)]
    while waiting:
        name, depth = waiting.pop()
        is_repeated = name in seen
        seen.add(name)
        yield Voice(name, depth, name in named, is_repeated)
        if not is_repeated:
            waiting += [(child, depth + 1) for child in reversed(children[name])]
