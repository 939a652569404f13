"""Statements with their place in a file, those that stand in tables included."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from exitvoice.documents import Locator, Path
from exitvoice.errors import Mistake
from exitvoice.evidence.schema import EvidenceFile, Statement, Table
from exitvoice.evidence.schema.table import statement_fields


@dataclass(frozen=True)
class Placed:
    """A statement, the path where it stands, and the path of the table that it is a row of."""

    statement: Statement
    path: Path
    table: Path | None = None

    def at(self, field: str, locator: Locator) -> Path:
        """Return where a field of the statement stands: in the row if it is written there, else in the table."""
        own = (*self.path, field)
        if self.table is None or own in locator.places:
            return own
        return (*self.table, field)


@dataclass(frozen=True)
class LoadedFile:
    """One file of the ledger, where each of its parts stands, and its statements with their places."""

    content: EvidenceFile
    locator: Locator
    statements: tuple[Placed, ...]


def place_statements(content: EvidenceFile) -> tuple[Placed, ...]:
    """Return the statements of a file in its order, rows of tables after the single ones.

    Raises
    ------
    pydantic.ValidationError
        For a row that makes no statement; `row_mistakes` names all of them.
    """
    single = (Placed(item, ("statements", index)) for index, item in enumerate(content.statements))
    rows = (
        Placed(Statement.model_validate(statement_fields(table, row)), (*place, "rows", number), place)
        for place, table in _tables(content)
        for number, row in enumerate(table.rows)
    )
    return (*single, *rows)


def row_mistakes(content: EvidenceFile, locator: Locator) -> Iterator[Mistake]:
    """Name every row of every table that makes no statement, with what it lacks."""
    for place, table in _tables(content):
        for number, row in enumerate(table.rows):
            try:
                Statement.model_validate(statement_fields(table, row))
            except ValidationError as error:
                for detail in error.errors():
                    what, _, mend = detail["msg"].removeprefix("Value error, ").partition(" | ")
                    why = "each row is a statement of its own and holds to the same rules"
                    yield locator.mistake((*place, "rows", number), what, why, mend or "correct the row")


def _tables(content: EvidenceFile) -> Iterator[tuple[Path, Table]]:
    for index, table in enumerate(content.tables):
        yield ("tables", index), table
