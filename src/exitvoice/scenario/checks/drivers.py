"""Series, events, season: dates in order, values inside what they measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from exitvoice.documents import Path
from exitvoice.errors import Mistake
from exitvoice.scenario.checks.people import twice
from exitvoice.scenario.draft import Block, Draft, day, number, words
from exitvoice.scenario.drivers import BOUNDS

_NEEDS_NO_END = frozenset({"opposition", "known_dissent", "goals_met"})


def check_drivers(draft: Draft) -> Iterator[Mistake]:
    """Check series and events."""
    yield from twice(draft, "events", "id")
    for name in draft.block("series"):
        if name == "season":
            yield from _season(draft)
        else:
            yield from _points(draft, name)
    for path, event in draft.items("events"):
        yield from _event(draft, path, event)


def _points(draft: Draft, name: str) -> Iterator[Mistake]:
    points = draft.block("series", name).get("points")
    previous: date | None = None
    for index, point in enumerate(points if isinstance(points, list) else []):
        if not isinstance(point, dict):
            continue
        place: Path = ("series", name, "points", index)
        when, value = day(point.get("date")), number(point.get("value"))
        if when is not None and previous is not None and when <= previous:
            what = f"the date {when} does not come after the point above ({previous})"
            yield draft.says(
                (*place, "date"), what, "a series is a path through time", "sort the points, one a date"
            )
        low, high = BOUNDS.get(name, (-1e9, 1e9))
        if value is not None and not low <= value <= high:
            what = f"{value:g} lies outside {low:g} to {high:g}"
            yield draft.says(
                (*place, "value"), what, f"'{name}' is measured so", f"write a value from {low:g} to {high:g}"
            )
        previous = when or previous


def _season(draft: Draft) -> Iterator[Mistake]:
    months = draft.block("series", "season").get("months")
    values = [number(month) for month in months] if isinstance(months, list) else []
    clean = [value for value in values if value is not None]
    if len(clean) == len(values) == 12 and abs(sum(clean) / 12 - 1.0) > 1e-3:
        what = f"the twelve months have the mean {sum(clean) / 12:.4g}, not 1"
        why = "a season moves trips within the year and must not change their number"
        yield draft.says(("series", "season", "months"), what, why, "divide each month by the mean")


def _event(draft: Draft, path: Path, event: Block) -> Iterator[Mistake]:
    start, until = day(event.get("from")), day(event.get("until"))
    if start and until and until <= start:
        what = f"'until' {until} is not after 'from' {start}"
        yield draft.says(
            (*path, "until"), what, "the event would end before it starts", "swap or correct the dates"
        )
    regions = draft.names("regions")
    for index, name in words(event.get("regions")) if regions else ():
        if name not in regions:
            yield draft.unknown((*path, "regions", index), "region", name, regions)
    effects = draft.block(*path, "effects")
    lasting = [name for name, effect in effects.items() if effect is not None and name not in _NEEDS_NO_END]
    if not effects and isinstance(event.get("effects"), dict):
        yield draft.says(
            (*path, "effects"),
            "the event has no effects",
            "it would change nothing",
            "add an effect or delete it",
        )
    if lasting and event.get("until") is None and start is not None:
        what = f"the event has no end, but '{lasting[0]}' acts while it lasts"
        yield draft.says(path, what, "a change for good belongs into 'series'", "add 'until: ...'")
