"""Parts of statements and claims: what a series counts, a term and its readings, a forecast and its end."""

from typing import Annotated

from pydantic import Field

from exitvoice.evidence.schema.base import KebabId, PeriodText, Record, Text


class Definition(Record):
    """What a figure counts, in one sentence; two figures of one series may be compared only under one definition."""

    id: KebabId
    text: Text
    note: Text | None = None


class Term(Record):
    """A word of the original language on which a figure hangs, and what it may mean.

    `candidates` are all readings a careful translator would consider, as ids of definitions or as words; `read_as`
    is the one that the source chose.
    """

    original: Text
    language: Text
    read_as: Text
    candidates: tuple[Text, ...] = Field(min_length=1)


class Forecast(Record):
    """What is said to come: an outcome that could be seen to fail, by when, and how surely.

    A forecast without `outcome` or `deadline` cannot fail. `came_true` is filled in once the deadline has passed.
    """

    outcome: Text | None = None
    deadline: PeriodText | None = None
    probability: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    came_true: bool | None = None
