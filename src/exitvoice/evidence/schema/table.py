"""A table: one statement a row, with what they share written once."""

import re
from typing import Any

from pydantic import Field

from exitvoice.evidence.schema.base import (
    Confidence,
    KebabId,
    PeriodText,
    Quality,
    Record,
    RecordId,
    Text,
)
from exitvoice.evidence.schema.common import Counted, Vouched
from exitvoice.evidence.schema.parts import Term
from exitvoice.evidence.schema.statement import Statement


class Row(Record):
    """One row: a period and a value, and whatever differs from the table's common fields.

    `id` is made of the table's and the period (`gdr-arrivals-1961`) unless it is given here.
    """

    period: PeriodText
    id: KebabId | None = None
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    place: Text | None = None
    sources: tuple[KebabId, ...] | None = None
    derived_from: tuple[KebabId, ...] | None = None
    quality: Quality | None = None
    upgraded_from: Quality | None = None
    confidence: Confidence | None = None
    contested: bool | None = None
    definition: KebabId | None = None
    part_of: KebabId | None = None
    sum_of: tuple[KebabId, ...] | None = None
    denominator: Text | None = None
    attributed_to: tuple[RecordId, ...] | None = None
    corrects: tuple[RecordId, ...] | None = None
    supersedes: tuple[RecordId, ...] | None = None
    first_seen: PeriodText | None = None
    last_seen: PeriodText | None = None
    note: Text | None = None


class _Heading(Record):
    """What all rows are about."""

    id: KebabId
    subject: Text
    property: Text
    unit: Text


class Table(Vouched, Counted, _Heading):
    """A series of statements: common fields here, one row a period. Each row becomes a Statement of its own.

    `series` is the table's id unless another is given. A row's field replaces the table's.
    """

    breakdown: KebabId | None = None
    term: Term | None = None
    first_seen: PeriodText | None = None
    last_seen: PeriodText | None = None
    note: Text
    rows: tuple[Row, ...] = Field(min_length=1)


def row_id(table: Table, row: Row) -> str:
    """Return the id of the statement that a row becomes.

    Examples
    --------
    `gdr-arrivals` and the period 1989-01/1989-06 give gdr-arrivals-1989-01-to-1989-06.
    """
    return (
        row.id
        or f"{table.id}-{re.sub(r'[^a-z0-9]+', '-', row.period.lower().replace('/', '-to-')).strip('-')}"
    )


def statement_fields(table: Table, row: Row) -> dict[str, Any]:
    """Return the fields of the statement that a row becomes, the row's before the table's."""
    common = table.model_dump(exclude={"rows", "id"}, exclude_none=True)
    own = row.model_dump(exclude={"id"}, exclude_none=True)
    merged = {**common, **own, "id": row_id(table, row), "series": table.series or table.id}
    if own.get("quality") and own["quality"] != "derived" and row.derived_from is None:
        merged.pop("derived_from", None)
    if own.get("quality") == "recalled" and row.sources is None:
        merged.pop("sources", None)  # what is recalled does not stand in the table's source
    return merged


def expand(table: Table) -> tuple[Statement, ...]:
    """Return the statements of a table, one a row, or raise pydantic.ValidationError for the first bad row."""
    return tuple(Statement.model_validate(statement_fields(table, row)) for row in table.rows)
