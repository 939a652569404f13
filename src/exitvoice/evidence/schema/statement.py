"""A statement: one figure, rule, opinion or prediction, as somebody gave it."""

from pydantic import model_validator

from exitvoice.evidence.schema.base import KebabId, PeriodText, Record, RecordId, Scope, Text
from exitvoice.evidence.schema.common import Counted, Vouched
from exitvoice.evidence.schema.parts import Forecast, Term


class _Figure(Record):
    """Who, what, when."""

    id: KebabId
    subject: Text
    property: Text
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    unit: Text
    period: PeriodText


class _Share(Record):
    """Above what a share's denominator stands."""

    numerator: Text | None = None


class Statement(Vouched, _Share, Counted, _Figure):
    """One figure or one rule, as somebody gave it; contradicting ones stand side by side.

    Who, what, when
        `subject`, `property`, `value` (with `low` and `high` where a range is given), `unit`, `period`, `place`.
        `period` is a year, a month, a day, or two of them with a slash between. `note` is in our words.
    What sort of number
        `kind`: stock (at a moment), flow (over the period), rate, rule, opinion, prediction. `counting` keeps
        persons, border crossings and cases apart: they are never added up. `flowing` is gross or net.
        `definition` names what is counted; `cited_as` names what the figure is passed on as, where that differs.
        `denominator` says of what a share is a share; `numerator` and `denominator` may be ids of statements.
    On whose word
        `sources`; `quality` says how we know it: seen (read in the source named), relayed (the original not read),
        recalled (general knowledge, to be checked) or derived (arithmetic on `derived_from`). `upgraded_from` keeps
        the mark that a look-up replaced. `self_reported`: the one who counts is judged by the count. `basis`: what a
        text says or what is practised.
    How it hangs together
        `series`: figures meant as one series. `part_of` a total, within one `breakdown` (parts of one breakdown do
        not overlap); `sum_of` lists all parts of a total that somebody added up. `retells` an earlier record.
        `covers` are the groups that the wording claims, `scope` how many of them.
        `affects`: series that a rule or an event may move. `attributed_to`: what the speaker names as the cause.
    When it was said
        `first_seen` and `last_seen`; `corrects` names what was wrong, `supersedes` what this replaces. Nothing is
        overwritten: an older state of knowledge can be read at any time.
    """

    part_of: KebabId | None = None
    breakdown: KebabId | None = None
    sum_of: tuple[KebabId, ...] = ()
    retells: tuple[RecordId, ...] = ()
    covers: tuple[KebabId, ...] = ()
    scope: Scope | None = None
    affects: tuple[KebabId, ...] = ()
    attributed_to: tuple[RecordId, ...] = ()
    term: Term | None = None
    forecast: Forecast | None = None
    first_seen: PeriodText | None = None
    last_seen: PeriodText | None = None
    corrects: tuple[RecordId, ...] = ()
    supersedes: tuple[RecordId, ...] = ()
    note: Text

    @model_validator(mode="after")
    def _is_consistent(self) -> "Statement":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high | exchange them")
        if self.quality == "derived" and not self.derived_from:
            raise ValueError("a derived statement names the statements it is derived from | add derived_from")
        if self.quality in {"seen", "relayed"} and not self.sources:
            raise ValueError(f"a statement marked {self.quality} names at least one source | add sources")
        if self.quality == "recalled" and self.confidence is None:
            raise ValueError("a recalled statement says its confidence | add confidence: high, medium or low")
        return self
