"""The ledger as rows of a page: who is behind each record, what the checks found, and the records side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exitvoice.evidence import (
    CHECKS,
    Claim,
    Finding,
    Ledger,
    Statement,
    Worth,
    claim_rows,
    independent_origins,
)
from exitvoice.evidence.chains import chain
from exitvoice.evidence.measure import Measure
from exitvoice.report.tips import record_tip, shown_value, source_tip

_CHIPS = 60


@dataclass(frozen=True)
class Dot:
    """One voice: what it is, in words, and its marks."""

    tip: str
    marks: str


@dataclass(frozen=True)
class Group:
    """An origin and those that repeat it."""

    origin: Dot
    echoes: tuple[Dot, ...]


@dataclass(frozen=True)
class ChainLine:
    """One voice in a chain of repetition; `reach` is how many lines above it the one stands that it repeats."""

    depth: int
    reach: int
    name: str
    tip: str
    marks: str
    is_named: bool


@dataclass(frozen=True)
class OriginRow:
    """A record with the origins behind it, each with its echoes, and the whole chain."""

    id: str
    text: str
    said: str
    outlets: int
    tally: str
    groups: tuple[Group, ...]
    chain: tuple[ChainLine, ...]


@dataclass(frozen=True)
class RecordLine:
    """A record in a table of several: what it gives, and on whose word."""

    id: str
    tip: str
    gives: str
    period: str
    way: str
    who: tuple[tuple[str, str], ...]
    quality: str


@dataclass(frozen=True)
class FindingRow:
    """What a check found: the sentence, its weight, and the records side by side."""

    says: str
    weight: str
    records: tuple[RecordLine, ...]
    more: int


@dataclass(frozen=True)
class CheckRow:
    """A check with its rule, what it teaches, and what it found."""

    id: str
    title: str
    rule: str
    teaches: str
    findings: tuple[FindingRow, ...]


def origin_rows(ledger: Ledger, record_ids: Iterable[str] | None = None) -> tuple[OriginRow, ...]:
    """Return a row for each record named, else for each claim and each statement with several outlets."""
    if record_ids is None:
        several = (one.id for one in ledger.statements.values() if len(one.sources) > 1)
        record_ids = (*ledger.claims, *several)
    return tuple(_origin_row(ledger, ledger.resolve(name)) for name in record_ids)


def check_rows(ledger: Ledger, worth: Worth) -> tuple[CheckRow, ...]:
    """Return the checks that found something, with their findings."""
    return tuple(
        CheckRow(
            check.id,
            check.title,
            check.rule,
            check.teaches,
            tuple(_finding_row(ledger, finding) for finding in worth.by_check[check.id]),
        )
        for check in CHECKS
        if check.id in worth.by_check
    )


def record_lines(ledger: Ledger, record_ids: Sequence[str]) -> tuple[RecordLine, ...]:
    """Return records as lines of a table, side by side."""
    return tuple(_record_line(ledger, ledger.resolve(name)) for name in record_ids)


def trap_lines(measured: Measure) -> tuple[tuple[str, ...], ...]:
    """Return the known traps as lines: what, what it shows, the check, caught or not."""
    return tuple(
        (one.trap.id, one.trap.text, one.trap.shows, one.trap.check, "caught" if one.finding else "MISSED")
        for one in measured.traps
    )


def _origin_row(ledger: Ledger, record: Statement | Claim) -> OriginRow:
    is_claim = isinstance(record, Claim)
    groups = _groups(ledger, record.sources)
    outlets = len(set(record.sources))
    return OriginRow(
        id=record.id,
        text=record.text
        if isinstance(record, Claim)
        else f"{record.subject}: {record.property}, {record.period}",
        said=", ".join(record.speakers) if isinstance(record, Claim) else shown_value(record),
        outlets=outlets,
        tally=_tally(ledger, record, origins=len(groups), outlets=outlets),
        groups=groups,
        chain=_chain_lines(ledger, record.sources, is_claim=is_claim),
    )


def _tally(ledger: Ledger, record: Statement | Claim, *, origins: int, outlets: int) -> str:
    parts = [f"{origins} {'origin' if origins == 1 else 'origins'}"]
    parts += [f"{outlets} outlets"] if outlets != origins and outlets > 1 else []
    if isinstance(record, Claim):
        row = claim_rows(ledger, [record.id])[0]
        parts += [f"{len(row.corroborating)} more for it"] if row.corroborating else []
        parts += [f"{len(row.doubting)} against"] if row.doubting else []
    return ", ".join(parts)


def _groups(ledger: Ledger, sources: Sequence[str]) -> tuple[Group, ...]:
    origins: dict[str, list[str]] = {}
    for name in sources:
        for origin in sorted(independent_origins(ledger, [name])):
            origins.setdefault(origin, []).extend([] if origin == name else [name])
    return tuple(
        Group(_dot(ledger, one), tuple(_dot(ledger, echo) for echo in rest)) for one, rest in origins.items()
    )


def _dot(ledger: Ledger, name: str) -> Dot:
    source = ledger.sources[name]
    return Dot(source_tip(source), _marks(ledger, name))


def _marks(ledger: Ledger, name: str) -> str:
    source = ledger.sources[name]
    marks = (("anonymous", source.anonymous), ("partisan", source.partisan))
    return " ".join(word for word, is_so in marks if is_so)


def _chain_lines(ledger: Ledger, sources: Sequence[str], *, is_claim: bool) -> tuple[ChainLine, ...]:
    voices = chain(ledger, sources)
    if not is_claim and len(voices) < 2:
        return ()
    last: dict[int, int] = {}
    lines = []
    for at, voice in enumerate(voices):
        last[voice.depth] = at
        lines.append((voice, at - last.get(voice.depth - 1, at)))
    return tuple(
        ChainLine(
            voice.depth,
            reach,
            ledger.sources[voice.source].publisher,
            source_tip(ledger.sources[voice.source]),
            _marks(ledger, voice.source),
            voice.is_named,
        )
        for voice, reach in lines
    )


def _finding_row(ledger: Ledger, finding: Finding) -> FindingRow:
    shown = finding.records[:_CHIPS]
    return FindingRow(
        finding.says, finding.weight, record_lines(ledger, shown), len(finding.records) - len(shown)
    )


def _record_line(ledger: Ledger, record: Statement | Claim) -> RecordLine:
    who = tuple((ledger.sources[name].publisher, source_tip(ledger.sources[name])) for name in record.sources)
    if isinstance(record, Claim):
        return RecordLine(
            record.id, record_tip(ledger, record.id), record.text, record.date, record.kind, who, ""
        )
    way = (record.kind, record.counting, record.flowing, record.definition, record.basis)
    return RecordLine(
        id=record.id,
        tip=record.note,
        gives=shown_value(record),
        period=record.period,
        way=", ".join(part for part in way if part),
        who=who,
        quality=record.quality + (f" (was {record.upgraded_from})" if record.upgraded_from else ""),
    )
