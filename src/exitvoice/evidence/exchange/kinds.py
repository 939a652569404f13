"""The kinds of record that a ledger holds, by the block of a file that holds them."""

from collections.abc import Iterator

from exitvoice.evidence.ledger import Ledger
from exitvoice.evidence.schema import Claim, Definition, Record, Review, Source, Statement, Trap

KINDS: dict[str, type[Record]] = {
    "sources": Source,
    "definitions": Definition,
    "claims": Claim,
    "statements": Statement,
    "traps": Trap,
    "reviews": Review,
}
SINGULAR = {name.removesuffix("s"): name for name in KINDS}


def records_of(ledger: Ledger) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield the blocks of a ledger that hold something."""
    blocks: dict[str, tuple[Record, ...]] = {
        "sources": tuple(ledger.sources.values()),
        "definitions": tuple(ledger.definitions.values()),
        "claims": tuple(ledger.claims.values()),
        "statements": tuple(ledger.statements.values()),
        "traps": tuple(ledger.traps.values()),
        "reviews": ledger.reviews,
    }
    yield from ((name, records) for name, records in blocks.items() if records)
