"""A source is one voice, not one web page.

A page that repeats a report, quotes an interview and adds its own sentences is three sources, because only so can
independent origins be counted.
"""

from typing import Literal

from exitvoice.evidence.schema.base import DateText, KebabId, Record, Text


class Source(Record):
    """One voice: a report, a notice, a study, or a copy of one (then `relays` says of which).

    A source that relays nobody is an origin. `partisan` marks publishers with a declared political side, `anonymous`
    a voice that nobody names (also where a named outlet vouches for it). Titles are in our words unless a note says
    otherwise.
    """

    id: KebabId
    title: Text
    publisher: Text
    author: Text | None = None
    date: DateText | None = None
    url: Text | None = None
    kind: Literal["news", "official", "academic", "ngo", "database", "commentary", "compilation"]
    partisan: bool = False
    anonymous: bool = False
    relays: tuple[KebabId, ...] = ()
    note: Text | None = None
