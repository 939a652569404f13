"""A part of a ledger: some records, what they rest on, and what speaks of the same things."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

from exitvoice.evidence.figures import series_key
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.schema import Claim, Statement


def select(ledger: Ledger, ids: Iterable[str]) -> Ledger:
    """Return the part of a ledger that the given records rest on.

    With a record come those it is derived from, sums, retells, corrects or is part of, those that speak of the same
    series (so that contradictions stay side by side), and all their sources with whom these relay.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> sorted(select(load_ledger(), ["C16"]).claims)
    ['C15', 'C16']
    """
    kept = _closure(ledger, ids)
    statements = {name: one for name, one in ledger.statements.items() if name in kept}
    claims = {name: one for name, one in ledger.claims.items() if name in kept}
    voices = _voices(ledger, (*statements.values(), *claims.values()))
    return replace(
        ledger,
        sources=MappingProxyType({name: one for name, one in ledger.sources.items() if name in voices}),
        statements=MappingProxyType(statements),
        claims=MappingProxyType(claims),
        traps=MappingProxyType(
            {name: one for name, one in ledger.traps.items() if kept.issuperset(one.records)}
        ),
    )


def _closure(ledger: Ledger, ids: Iterable[str]) -> set[str]:
    same: dict[tuple[str, str], list[str]] = {}
    for statement in ledger.statements.values():
        same.setdefault(series_key(statement), []).append(statement.id)
    kept: set[str] = set()
    waiting = [name for name in ids if name in ledger]
    while waiting:
        name = waiting.pop()
        if name in kept:
            continue
        kept.add(name)
        record = ledger.resolve(name)
        waiting += _named(record)
        if isinstance(record, Statement):
            waiting += same[series_key(record)]
    return kept


def _named(record: Statement | Claim) -> Iterator[str]:
    yield from (*record.retells, *record.attributed_to, *record.corrects, *record.supersedes)
    if isinstance(record, Claim):
        yield from record.depends_on
    else:
        yield from (*record.derived_from, *record.sum_of)
        if record.part_of is not None:
            yield record.part_of


def _voices(ledger: Ledger, records: Iterable[Statement | Claim]) -> set[str]:
    waiting = [name for record in records for name in _sources(record)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ledger.sources[name].relays
    return found


def _sources(record: Statement | Claim) -> Iterator[str]:
    yield from record.sources
    if isinstance(record, Claim):
        for remark in (*record.corroboration, *record.doubt):
            yield from remark.sources
