"""What can happen to a person in one week, as the rules' own names say it, and a sentence for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exitvoice.engine.single import Event, Replay
from exitvoice.models.exit_control.columns import (
    CAUGHT,
    DISSENT,
    INVALID,
    LEAVE,
    LENT,
    LOYAL,
    NONE,
    PERMITTED,
    RETIRED,
    SERVING,
    SURRENDERED,
    TRY,
    VACANT,
    VALID,
    WITHDRAWN,
    WITHHELD,
)

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Happening:
    """Something that happened: a key to compare worlds by, a sentence, and how to tell it from the rules' values."""

    key: str
    sentence: str
    event: Event
    ends: bool = False


_AIMS = {TRY: "to try life abroad", LEAVE: "to leave for good"}

#: Names that the rules write when something happens, and what is said of it; those in `_ENDS` end the story.
_FLAGS = {
    "granted": "is given permission",
    "refused": "is refused",
    "departed_disobedient": "goes abroad without the permission required",
    "departed_permitted": "leaves with permission",
    "departed_free": "goes abroad; no rule asks for permission",
    "came_back": "comes back from abroad",
    "overstayed": "stays abroad and does not come back",
    "fled": "flees",
    "caught_now": "is caught fleeing and held",
    "investigated": "is investigated",
    "reported": "is reported by an informant",
    "removed": "is dismissed",
    "dismissed": "is let out of custody, the post lost",
    "died": "dies",
    "promoted": "is promoted",
}
_ENDS = {"overstayed", "fled", "removed", "dismissed", "died"}
_DOCUMENTS = {
    (NONE, VALID): "receives a passport",
    (NONE, SURRENDERED): "is issued a passport, which the state keeps",
    (VALID, SURRENDERED): "hands in the passport",
    (VALID, WITHHELD): "is told to hand in the passport and keeps it back",
    (VALID, INVALID): "finds the passport declared void",
    (WITHHELD, SURRENDERED): "is found to have kept the passport back; it is taken",
    (WITHHELD, VALID): "need not hide the passport any more",
    (SURRENDERED, VALID): "is given the passport back",
    (LENT, SURRENDERED): "returns the passport lent for the journey",
    (LENT, VALID): "may keep the passport",
}
_LISTED = {
    "listed_covered": "as bound by a rule",
    "listed_applied": "for having applied",
    "listed_sanctioned": "after a sanction",
    "listed_error": "by mistake",
}
_SHOWS = {LOYAL: "performs loyalty", WITHDRAWN: "does the least", DISSENT: "dissents openly"}


def in_events(replay: Replay) -> tuple[Happening, ...]:
    """Return what happened in the stage of events, in the order of its rules."""
    before, after = replay.before, replay.after
    found: list[Happening] = []
    if after["left"] and not after["departed_permitted"]:
        found.append(_flag("left", "leaves for good", ends=True))
    if after["seeks"]:
        aim = after["sought"]
        sentence = f"applies {_AIMS.get(aim, 'to travel')}"
        found.append(Happening("applies", sentence, lambda v: bool(v["seeks"]) and v["sought"] == aim))
    if after["served"] and not after["granted"] and not after["refused"]:
        found.append(Happening("passed on", "sees the application passed to the next office", _passed_on))
    if after["withdrew"]:
        found.append(_flag("withdrew", "withdraws the application"))
    if after["stopped"]:
        wrongly = ", though no rule forbade the journey" if after["wrongly_stopped"] else ""
        found.append(_flag("stopped", f"is stopped at the border{wrongly}"))
    for name, sentence in _FLAGS.items():
        if name in after and after[name] and not (name == "departed_free" and after["left"]):
            said = f"{sentence}, for good" if name == "departed_permitted" and after["left"] else sentence
            found.append(_flag(name, said, ends=name in _ENDS or bool(after["left"])))
    found += _of_the_post(before, after)
    if not any(one.ends for one in found):
        found += _of_papers(before, after)
    return tuple(found)


def in_speech(replay: Replay) -> tuple[Happening, ...]:
    """Return what changed in what a person shows, after one round of expression."""
    was, now = replay.before["expression"], replay.after["expression"]
    if was == now:
        return ()
    return (
        Happening("shows", f"{_SHOWS[now]} (until now: {_SHOWS[was]})", lambda v: v["expression"] == now),
    )


def in_rules(before: Values, now: Values) -> tuple[Happening, ...]:
    """Return what the rules in force begin or cease to ask of a person; no draw is in it."""
    found = []
    for name, begins, ends in (
        ("restricted", "comes under a rule: leaving needs permission", "is under no rule any more"),
        ("custody", "is told to hand in travel documents", "may hold travel documents again"),
        ("ban", "may not leave at all", "is no longer forbidden to leave"),
    ):
        if bool(before[name]) != bool(now[name]):
            found.append(Happening(name, begins if now[name] else ends, lambda v: False))
    return tuple(found)


def _of_the_post(before: Values, after: Values) -> list[Happening]:
    found = []
    if before["service"] == SERVING and after["service"] == RETIRED:
        found.append(Happening("retires", "retires", lambda v: v["service"] == RETIRED))
    if after["rank"] < before["rank"] and not after["renewed"]:
        rank = after["rank"]
        found.append(Happening("demoted", "is demoted", lambda v: v["rank"] == rank))
    if after["journey"] == CAUGHT and before["journey"] != CAUGHT and not after["caught_now"]:
        found.append(Happening("custody", "is taken into custody", lambda v: v["journey"] == CAUGHT))
    if before["journey"] == PERMITTED and after["journey"] not in (PERMITTED, CAUGHT) and not _moves(after):
        found.append(
            Happening("void", "lets the permit run out, or loses it", lambda v: v["journey"] != PERMITTED)
        )
    if after["sanctioned"] and not (after["removed"] or after["journey"] == CAUGHT):
        found.append(_flag("sanctioned", "is sanctioned"))
    return found


def _of_papers(before: Values, after: Values) -> list[Happening]:
    found = []
    was, now = before["document"], after["document"]
    sentence = _DOCUMENTS.get((was, now), "has no usable passport any more" if now == NONE != was else "")
    if sentence and after["service"] != VACANT and not after["renewed"]:
        found.append(Happening("document", sentence, lambda v: v["document"] == now))
    for name, why in _LISTED.items():
        if bool(before[name]) != bool(after[name]):
            is_on = bool(after[name])
            verb = "is put on" if is_on else "is taken off"
            said = f"{verb} the border's watchlist ({why})"
            found.append(Happening(name, said, lambda v, n=name, on=is_on: bool(v[n]) == on))  # type: ignore[misc]
    return found


def _moves(after: Values) -> bool:
    return bool(after["departed_permitted"] or after["left"])


def _passed_on(values: Values) -> bool:
    return bool(values["served"]) and not values["granted"] and not values["refused"]


def _flag(name: str, sentence: str, *, ends: bool = False) -> Happening:
    return Happening(name, sentence, lambda v: bool(v[name]), ends)
