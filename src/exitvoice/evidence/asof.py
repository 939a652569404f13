"""A ledger as it was known on a day: what was said later is not there yet, corrections included."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.periods import parse_period
from exitvoice.evidence.schema import Claim, Remark, Source, Statement

RecordT = TypeVar("RecordT", Claim, Statement)


def as_known_on(ledger: Ledger, day: date) -> Ledger:
    """Return the ledger of a past day: sources out by then, and records that somebody had given by then.

    A date of a month or a year counts from its last day, so that nothing is known too early. A record is known from
    its `first_seen`, else from the first of its sources, else from the end of its period. Links to records that were
    not known are taken out; the traps are kept where all their records are.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> "C19" in as_known_on(load_ledger(), date(2024, 5, 31))
    False
    """
    out = {name: source for name, source in ledger.sources.items() if _source_is_out(source, day)}
    voices = set(out)
    claims = {name: one for name, one in ledger.claims.items() if known_since(ledger, one) <= day}
    statements = {name: one for name, one in ledger.statements.items() if known_since(ledger, one) <= day}
    known = {*claims, *statements}
    return replace(
        ledger,
        sources=MappingProxyType({name: _trim_source(source, voices) for name, source in out.items()}),
        claims=MappingProxyType({name: _trim_claim(one, known, voices) for name, one in claims.items()}),
        statements=MappingProxyType(
            {name: _trim_statement(one, known, voices) for name, one in statements.items()}
        ),
        traps=MappingProxyType(
            {name: trap for name, trap in ledger.traps.items() if known.issuperset(trap.records)}
        ),
    )


def known_since(ledger: Ledger, record: Claim | Statement) -> date:
    """Return the day from which a record was known, the last possible where only a month or a year is given."""
    if record.first_seen is not None:
        return _last_day(record.first_seen)
    dates = [ledger.sources[name].date for name in record.sources]
    days = [_last_day(text) for text in dates if text is not None]
    if days:
        return min(days)
    if isinstance(record, Claim):
        return _last_day(record.date)
    parents = [known_since(ledger, ledger.statements[name]) for name in record.derived_from]
    return max(parents) if parents else _last_day(record.period)


def _source_is_out(source: Source, day: date) -> bool:
    return source.date is None or _last_day(source.date) <= day


def _last_day(text: str) -> date:
    period = parse_period(text)
    return period.end if period is not None else date.min


def _trim_source(source: Source, sources: set[str]) -> Source:
    return source.model_copy(update={"relays": _kept(source.relays, sources)})


def _trim_claim(claim: Claim, known: set[str], sources: set[str]) -> Claim:
    trimmed = {
        "corroboration": _trim_remarks(claim.corroboration, sources),
        "doubt": _trim_remarks(claim.doubt, sources),
    }
    links = ("depends_on", "retells", "attributed_to", "corrects", "supersedes")
    return _linked(claim.model_copy(update=trimmed), links, known, sources)


def _trim_statement(statement: Statement, known: set[str], sources: set[str]) -> Statement:
    links = ("derived_from", "sum_of", "retells", "attributed_to", "corrects", "supersedes")
    trimmed = _linked(statement, links, known, sources)
    return trimmed if trimmed.part_of in known else trimmed.model_copy(update={"part_of": None})


def _trim_remarks(remarks: tuple[Remark, ...], sources: set[str]) -> tuple[Remark, ...]:
    """Keep remarks of which a source is out, and our own, which have none."""
    return tuple(
        remark.model_copy(update={"sources": _kept(remark.sources, sources)})
        for remark in remarks
        if not remark.sources or sources.intersection(remark.sources)
    )


def _linked(record: RecordT, links: tuple[str, ...], known: set[str], sources: set[str]) -> RecordT:
    update = {field: _kept(getattr(record, field), known) for field in links}
    return record.model_copy(update={**update, "sources": _kept(record.sources, sources)})


def _kept(ids: tuple[str, ...], known: set[str]) -> tuple[str, ...]:
    return tuple(name for name in ids if name in known)
