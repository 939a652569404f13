"""The records of the ledger: a source, a statement, a claim.

A source is one voice, not one web page: a page that repeats a report, quotes an interview and adds its own
sentences is three sources, because only so can independent origins be counted.
"""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _as_text(value: object) -> object:
    """YAML reads 2024 as a number and 2024-06-06 as a date; the ledger keeps both as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


KebabId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ClaimId = Annotated[str, Field(pattern=r"^C[1-9][0-9]?$")]
DateText = Annotated[str, BeforeValidator(_as_text), Field(min_length=4, max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Record(BaseModel):
    """Base of every record: frozen, and an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Source(Record):
    """One voice: a report, a notice, a study, or a copy of one (then `relays` says of which).

    A source that relays nobody is an origin. `partisan` marks publishers with a declared political side.
    Titles are in our words unless a note says otherwise.
    """

    id: KebabId
    title: Text
    publisher: Text
    author: Text | None = None
    date: DateText | None = None
    url: Text | None = None
    kind: Literal["news", "official", "academic", "ngo", "database", "commentary", "compilation"]
    partisan: bool = False
    relays: tuple[KebabId, ...] = ()
    note: Text | None = None


class Statement(Record):
    """One figure or one rule, as somebody gave it.

    `quality` says how we know it: seen (read in the source named), relayed (the original not read), recalled
    (general knowledge, to be checked) or derived (arithmetic on the statements in `derived_from`).
    `counting` keeps persons, border crossings and cases apart: they are never added up.
    """

    id: KebabId
    subject: Text
    property: Text
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    unit: Text
    period: DateText
    place: Text | None = None
    kind: Literal["stock", "flow", "rate", "rule", "opinion", "prediction"]
    counting: Literal["persons", "crossings", "cases"] | None = None
    sources: tuple[KebabId, ...] = ()
    derived_from: tuple[KebabId, ...] = ()
    quality: Literal["seen", "relayed", "recalled", "derived"]
    confidence: Literal["high", "medium", "low"] | None = None
    contested: bool = False
    note: Text

    @model_validator(mode="after")
    def _is_consistent(self) -> "Statement":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high: exchange them")
        if self.quality == "derived" and not self.derived_from:
            raise ValueError("a derived statement names the statements it is derived from in derived_from")
        if self.quality in {"seen", "relayed"} and not self.sources:
            raise ValueError(f"a statement marked {self.quality} names at least one source")
        if self.quality == "recalled" and self.confidence is None:
            raise ValueError("a recalled statement says its confidence: high, medium or low")
        return self


class Remark(Record):
    """What supports or doubts a claim, and who says it."""

    text: Text
    sources: tuple[KebabId, ...] = ()


class Claim(Record):
    """An assertion of the source article, taken apart until it says one thing.

    `depends_on` are the claims it leans on; `drift` says how its wording changed along the chain of relays;
    `group` is the dependence group: claims of one group stand and fall with the same witnesses.
    """

    id: ClaimId
    text: Text
    speakers: tuple[Text, ...]
    outlet: Text
    date: DateText
    kind: Literal["reported_fact", "regulation", "official_statement", "interpretation", "prediction"]
    mechanism: Text | None = None
    depends_on: tuple[ClaimId, ...] = ()
    sources: tuple[KebabId, ...] = Field(min_length=1)
    corroboration: tuple[Remark, ...] = ()
    doubt: tuple[Remark, ...] = ()
    drift: Text | None = None
    testable: bool
    why_not_testable: Text | None = None
    group: Literal["G1", "G2", "G3", "G4", "G5"] | None = None

    @model_validator(mode="after")
    def _says_why_not_testable(self) -> "Claim":
        if self.testable == (self.why_not_testable is not None):
            raise ValueError("give why_not_testable exactly when testable is false")
        return self


class EvidenceFile(Record):
    """One file of the ledger; it may hold any of the three kinds of record."""

    format: Literal["exitvoice-evidence/1"]
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
