"""What stands in the box beside a name when a reader points at it: the source, its date, its kind and its title."""

from collections.abc import Iterable

from exitvoice.evidence import Claim, Ledger, Source, Statement
from exitvoice.evidence.summary import statement_origins


def source_tip(source: Source) -> str:
    """Say what a source is, in one or two lines."""
    marks: list[str] = [source.kind]
    marks += ["anonymous"] if source.anonymous else []
    marks += ["partisan"] if source.partisan else []
    who = ", ".join(part for part in (source.author, source.publisher, source.date or "undated") if part)
    url = f" {source.url}" if source.url else ""
    return f"{who} ({', '.join(marks)}): {source.title}.{url}"


def record_tip(ledger: Ledger, record_id: str) -> str:
    """Say what a statement or a claim is, and on whose word."""
    record = ledger.resolve(record_id)
    if isinstance(record, Claim):
        return f"Claim {record.id}, {', '.join(record.speakers)}, {record.date}: {record.text}"
    origins = len(statement_origins(ledger, record))
    return (
        f"{record.subject}: {record.property}, {record.period}: {shown_value(record)}. "
        f"{record.quality}, {origins} {'origin' if origins == 1 else 'origins'}. {_who(ledger, record.sources)}"
    )


def shown_value(statement: Statement) -> str:
    """Write the value of a statement with its range and unit.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> shown_value(load_ledger().statements["gdr-permits-1984"])
    '34,982 persons a year'
    """
    value = statement.value
    number = f"{value:,.10g}" if isinstance(value, float) else str(value or "")
    if statement.low is not None or statement.high is not None:
        low, high = (f"{end:,.10g}" if end is not None else "?" for end in (statement.low, statement.high))
        number = f"{number} ({low} to {high})" if number else f"{low} to {high}"
    return f"{number} {statement.unit}".strip()


def _who(ledger: Ledger, sources: Iterable[str]) -> str:
    return "; ".join(source_tip(ledger.sources[name]) for name in sources)
