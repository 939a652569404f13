"""A claim: an assertion, taken apart until it says one thing, with its support and its doubts."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from exitvoice.evidence.schema.base import (
    ClaimId,
    DateText,
    KebabId,
    PeriodText,
    Record,
    RecordId,
    Scope,
    Text,
)
from exitvoice.evidence.schema.parts import Forecast


class Remark(Record):
    """What supports or doubts a claim, and who says it."""

    text: Text
    sources: tuple[KebabId, ...] = ()


class Claim(Record):
    """An assertion of a report or an analyst, taken apart until it says one thing.

    `depends_on` are the claims it leans on; `drift` says how its wording changed along the chain of relays;
    `group` is the dependence group: claims of one group stand and fall with the same witnesses. `retells` names the
    record it passes on, `covers` and `scope` what its wording claims: the drift check compares them along the chain.
    A prediction says in `forecast` what would show it false, by when. `attributed_to` names asserted causes.
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
    group: Annotated[str, Field(pattern=r"^G[1-9][0-9]?$")] | None = None
    retells: tuple[RecordId, ...] = ()
    covers: tuple[KebabId, ...] = ()
    scope: Scope | None = None
    attributed_to: tuple[RecordId, ...] = ()
    forecast: Forecast | None = None
    first_seen: PeriodText | None = None
    corrects: tuple[RecordId, ...] = ()
    supersedes: tuple[RecordId, ...] = ()

    @model_validator(mode="after")
    def _says_why_not_testable(self) -> "Claim":
        if self.testable == (self.why_not_testable is not None):
            raise ValueError("give why_not_testable exactly when testable is false | add or delete it")
        return self
