"""Why something happened to a person in one world and not in the other: the draw they share, and the chances it met."""

from dataclasses import dataclass

from exitvoice.analysis.follow.happenings import Happening
from exitvoice.engine.single import Replay, Span
from exitvoice.models.exit_control.columns import ABROAD, APPLYING, CAUGHT, HOME, PERMITTED

_TINY, _MOST_PLACES = 1e-6, 9
NO_DRAW = "no draw"
CERTAIN = 0.98
"""A draw that would have let something happen in this share of cases did not decide it."""
_PLACES = {
    HOME: "at home",
    APPLYING: "waiting",
    PERMITTED: "with a permit",
    ABROAD: "abroad",
    CAUGHT: "in custody",
}


@dataclass(frozen=True)
class Meeting:
    """One draw and the chance it met in a world: what happens, happens for draws from `low` up to `high`.

    `other` is the same of the twin, where the same person stood before the same draw: None where no draw would
    have made it happen. `twin` says where the twin stood; '' where nobody stood there any more.
    """

    span: Span
    other: Span | None
    twin: str


@dataclass(frozen=True)
class Telling:
    """One thing that happened in one world ('A', 'B') or in both alike ('both'), and why."""

    world: str
    sentence: str
    meetings: tuple[Meeting, ...]
    ends: bool

    @property
    def because(self) -> str:
        """The draws that decided it against the chances they met, here and in the twin; '' where none did."""
        if not self.meetings:
            return ""
        here = ", ".join(compare_words(meeting.span) for meeting in self.meetings)
        there = self._twin(self.meetings[0])
        return f"{here} ({there})" if there else here

    def _twin(self, meeting: Meeting) -> str:
        name = "A" if self.world == "B" else "B"
        if not meeting.twin:
            return f"in {name} the person is gone" if self.world != "both" else ""
        if meeting.twin == NO_DRAW:
            return f"in {name} no draw decides it"
        if meeting.other is None:
            return f"in {name}, {meeting.twin}, it could not happen"
        if meeting.other.is_met and _near(meeting.span, meeting.other):
            return ""
        return f"in {name} it takes {_needed(meeting.other)}"


@dataclass(frozen=True)
class Week:
    """A step in which something happened."""

    day: str
    tellings: tuple[Telling, ...]

    @property
    def is_alike(self) -> bool:
        """Whether the same happened in both worlds."""
        return all(telling.world == "both" for telling in self.tellings)


def explain(happening: Happening, here: Replay, there: Replay | None) -> tuple[Meeting, ...]:
    """Return the draws that decided something, at most two, the rarest first."""
    meetings = []
    for span in [span for span in here.spans(happening.event) if span.chance < CERTAIN][:2]:
        other = None if there is None else there.span(span.name, happening.event)
        twin = "" if there is None else _standing(here, there)
        if there is not None and span.name not in there.draws:  # another theory
            twin = NO_DRAW
        meetings.append(Meeting(span, other, twin))
    return tuple(meetings)


def _standing(here: Replay, there: Replay) -> str:
    """Say where the twin stands, and under what rule if that is otherwise than here."""
    place = _PLACES.get(int(there.before["journey"]), "")
    mine, yours = (bool(replay.after.get("restricted")) for replay in (here, there))
    return place if mine == yours else f"{place} and under {'a' if yours else 'no'} rule"


def compare_words(span: Span) -> str:
    """Say how a draw lies to its span.

    Examples
    --------
    >>> compare_words(Span("u_journey", 0.0012, 0.0, 0.002))
    'u_journey .0012 < .0020'
    """
    if span.low <= _TINY:
        return f"{span.name} {_apart(span.draw, span.high)} < {_apart(span.high, span.draw)}"
    if span.high >= 1.0 - _TINY:
        return f"{span.name} {_apart(span.draw, span.low)} \u2265 {_apart(span.low, span.draw)}"
    low, high = _apart(span.low, span.draw), _apart(span.high, span.draw)
    return f"{low} \u2264 {span.name} {shown(span.draw)} < {high}"


def shown(value: float, places: int = 4) -> str:
    """A number of [0, 1] without its leading zero, to two figures, at least four places.

    Examples
    --------
    >>> shown(0.0012), shown(0.25), shown(0.0000034), shown(1.0)
    ('.0012', '.2500', '.0000034', '1')
    """
    if value >= 1.0:
        return "1"
    if value <= 0.0:
        return "0"
    while places < _MOST_PLACES and round(value, places) < 10.0 ** (1 - places):
        places += 1
    return f"{value:.{places}f}".removeprefix("0")


def _apart(value: float, other: float) -> str:
    """A number with as many places as it takes to tell it from another one."""
    places = 4
    while places < _MOST_PLACES and shown(value, places) == shown(other, places):
        places += 1
    return shown(value, places)


def _needed(span: Span) -> str:
    low, high = _apart(span.low, span.draw), _apart(span.high, span.draw)
    if span.low <= _TINY:
        return f"< {high}"
    return f"\u2265 {low}" if span.high >= 1.0 - _TINY else f"{low} to {high}"


def _near(one: Span, other: Span) -> bool:
    return abs(one.low - other.low) + abs(one.high - other.high) < 0.01 * max(one.chance, 1e-9)
