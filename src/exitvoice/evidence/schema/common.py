"""What a statement and a table of statements give alike; the fields' meaning stands at `Statement`.

Two blocks, so that the order of fields, which is the order of columns in exported tables, stays what it was.
"""

from exitvoice.evidence.schema.base import Confidence, Counting, KebabId, Kind, Quality, Record, Text
from exitvoice.evidence.schema.words import Basis, Flowing


class Counted(Record):
    """What sort of number it is."""

    place: Text | None = None
    kind: Kind
    counting: Counting | None = None
    flowing: Flowing | None = None
    definition: KebabId | None = None
    cited_as: KebabId | None = None


class Vouched(Record):
    """On whose word it stands, and in which series."""

    denominator: Text | None = None
    sources: tuple[KebabId, ...] = ()
    derived_from: tuple[KebabId, ...] = ()
    quality: Quality
    upgraded_from: Quality | None = None
    confidence: Confidence | None = None
    contested: bool = False
    self_reported: bool = False
    basis: Basis | None = None
    series: KebabId | None = None
