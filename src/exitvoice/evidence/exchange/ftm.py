"""FollowTheMoney statements: each property of each entity a line of its own, with when it was seen.

A source becomes an Article, a statement or a claim an Event whose `proof` are its sources. The key of a line is the
SHA-1 of dataset, entity, property and value, as FollowTheMoney has it, so that exports of two days can be joined.
"""

import hashlib
import json
from collections.abc import Iterator

from exitvoice.evidence.asof import known_since
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.periods import parse_period
from exitvoice.evidence.schema import Claim, Source, Statement

_TYPES = {
    "name": "name",
    "title": "string",
    "author": "string",
    "publisher": "string",
    "recordId": "string",
    "publishedAt": "date",
    "startDate": "date",
    "endDate": "date",
    "sourceUrl": "url",
    "summary": "text",
    "description": "text",
    "notes": "text",
    "proof": "entity",
}
Property = tuple[str, str]


def ftm_text(ledger: Ledger, *, dataset: str) -> str:
    """Return a ledger as FollowTheMoney statements, one JSON object a line."""
    lines = [
        *(line for source in ledger.sources.values() for line in _source_lines(source, dataset)),
        *(line for one in ledger.statements.values() for line in _record_lines(ledger, one, dataset)),
        *(line for one in ledger.claims.values() for line in _record_lines(ledger, one, dataset)),
    ]
    return "\n".join(lines) + "\n"


def _source_lines(source: Source, dataset: str) -> Iterator[str]:
    properties: list[Property] = [("title", source.title), ("publisher", source.publisher)]
    properties += [("author", source.author)] if source.author else []
    properties += [("publishedAt", source.date)] if source.date and parse_period(source.date) else []
    properties += [("sourceUrl", source.url)] if source.url else []
    properties += [("notes", source.note)] if source.note else []
    properties += [("proof", f"{dataset}-source-{name}") for name in source.relays]
    return _lines(dataset, f"{dataset}-source-{source.id}", "Article", properties, seen=("", ""))


def _record_lines(ledger: Ledger, record: Statement | Claim, dataset: str) -> Iterator[str]:
    properties = _of_claim(record) if isinstance(record, Claim) else _of_statement(record)
    properties += [("recordId", record.id)]
    properties += [("proof", f"{dataset}-source-{name}") for name in record.sources]
    last = record.last_seen if isinstance(record, Statement) else None
    seen = (known_since(ledger, record).isoformat(), last or "")
    return _lines(dataset, f"{dataset}-record-{record.id.lower()}", "Event", properties, seen=seen)


def _of_claim(claim: Claim) -> list[Property]:
    return [("name", claim.text), ("summary", f"claimed by {', '.join(claim.speakers)} ({claim.kind})")]


def _of_statement(statement: Statement) -> list[Property]:
    period = parse_period(statement.period)
    given = [statement.value, statement.low, statement.high]
    value = next((str(one) for one in given if one is not None), "")
    found: list[Property] = [
        ("name", f"{statement.subject}: {statement.property}"),
        ("summary", f"{value} {statement.unit} ({statement.kind}, {statement.quality})".strip()),
        ("description", statement.note),
    ]
    if period is not None:
        found += [("startDate", period.start.isoformat()), ("endDate", period.end.isoformat())]
    return found


def _lines(
    dataset: str, entity: str, schema: str, properties: list[Property], *, seen: tuple[str, str]
) -> Iterator[str]:
    for name, value in properties:
        key = hashlib.sha1(f"{dataset}.{entity}.{name}.{value}".encode(), usedforsecurity=False).hexdigest()
        line = {
            "id": key,
            "canonical_id": entity,
            "entity_id": entity,
            "prop": name,
            "prop_type": _TYPES[name],
            "schema": schema,
            "value": value,
            "dataset": dataset,
            "external": False,
            "first_seen": seen[0] or None,
            "last_seen": seen[1] or None,
        }
        yield json.dumps({name: one for name, one in line.items() if one is not None}, ensure_ascii=False)
