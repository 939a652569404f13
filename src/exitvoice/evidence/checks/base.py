"""What a check is: a rule, an example it must find, an innocent twin it must not, and a function that looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from exitvoice.evidence.figures import Figure, Key, by_series, figure
from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.origins import independent_origins
from exitvoice.evidence.schema import Claim, Statement

Weight = Literal["wrong", "misleading", "weak"]


@dataclass(frozen=True)
class Finding:
    """What a check found: which records, and one sentence that says what is the matter and why it matters.

    `weight` says how heavy it is: wrong (the numbers cannot all be right), misleading (each may be right, together
    they invite a wrong reading), weak (it may be right, but little stands behind it).
    """

    check: str
    records: tuple[str, ...]
    says: str
    weight: Weight


@dataclass(frozen=True)
class Reading:
    """A ledger as the checks read it, on a day; figures and series are worked out once.

    Attributes
    ----------
    ledger : Ledger
    today : datetime.date
        For predictions whose deadline has passed.
    """

    ledger: Ledger
    today: date

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Statements that hold a number and a readable period, by id."""
        found = {name: figure(one) for name, one in self.ledger.statements.items()}
        return {name: one for name, one in found.items() if one is not None}

    @cached_property
    def series(self) -> dict[Key, list[Figure]]:
        """Comparable figures in time order; what a correction or a newer figure has replaced is left out."""
        return by_series(one for one in self.figures.values() if one.id not in self.replaced)

    @cached_property
    def replaced(self) -> frozenset[str]:
        """Records that another one corrects or supersedes."""
        records: list[Statement | Claim] = [*self.ledger.statements.values(), *self.ledger.claims.values()]
        return frozenset(name for record in records for name in (*record.corrects, *record.supersedes))

    @cached_property
    def records(self) -> dict[str, Statement | Claim]:
        """Statements and claims by id."""
        return {**self.ledger.statements, **self.ledger.claims}

    def origins(self, record: Statement | Claim) -> frozenset[str]:
        """Return the independent origins that a record's sources lead back to."""
        return independent_origins(self.ledger, record.sources)


@dataclass(frozen=True)
class Check:
    """A way in which reporting goes wrong, and how it is found from the fields of the records alone.

    Attributes
    ----------
    id, title : str
    rule : str
        When it speaks, in one sentence.
    teaches : str
        Why it matters and what to do instead.
    example, innocent : str
        Records, as YAML below `format:`, that it must find and their nearest neighbour that it must pass over.
    look : callable
        Yields the findings of a reading.
    """

    id: str
    title: str
    rule: str
    teaches: str
    example: str
    innocent: str
    look: Callable[[Reading], Iterator[Finding]] = field(repr=False)
