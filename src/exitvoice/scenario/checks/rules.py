"""Rules: names that exist, dates in order, coverage inside the rule's life, chains without a circle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from exitvoice.documents import Path
from exitvoice.errors import Mistake
from exitvoice.scenario.checks.people import twice
from exitvoice.scenario.draft import Block, Draft, day, number, words

MAX_THRESHOLDS = 2
_RESTRICTIONS = (
    "custody", "invalidate", "approval", "ban", "trips_per_year", "max_days", "reporting_days",
)  # fmt: skip


def check_rules(draft: Draft) -> Iterator[Mistake]:
    """Check every rule, and the rules together."""
    yield from twice(draft, "rules", "id")
    for path, rule in draft.items("rules"):
        yield from _scope(draft, path)
        yield from _dates(draft, path, rule)
        yield from _coverage(draft, path, rule)
        yield from _chain(draft, path)
        yield from _content(draft, path, rule)
    yield from _chains(draft)
    yield from _thresholds(draft)


def _scope(draft: Draft, path: Path) -> Iterator[Mistake]:
    scope = draft.block(*path, "applies_to")
    for key, section, kind in (
        ("sectors", "sectors", "sector"),
        ("ranks", "ranks", "rank"),
        ("regions", "regions", "region"),
    ):
        known, seen = draft.names(section), set[str]()
        place = (*path, "applies_to", key)
        if scope.get(key) == []:
            what = f"the list of {key} is empty"
            yield draft.says(place, what, "a rule on nobody does nothing", "write 'all' or name some")
        for index, name in words(scope.get(key)) if known else ():  # else the section itself is at fault
            if name not in known:
                yield draft.unknown((*place, index), kind, name, known)
            elif name in seen:
                yield draft.says(
                    (*place, index), f"'{name}' is named twice", "once is enough", "delete one of them"
                )
            seen.add(name)
    if scope.get("years_since_office") is not None and scope.get("service") != "retired":
        what = "'years_since_office' stands without 'service: retired'"
        why = "only the retired have years since office"
        yield draft.says(
            (*path, "applies_to", "years_since_office"), what, why, "add 'service: retired' or delete it"
        )


def _dates(draft: Draft, path: Path, rule: Block) -> Iterator[Mistake]:
    announced, start, until = (day(rule.get(key)) for key in ("announced", "from", "until"))
    if announced and start and announced > start:
        what = f"announced on {announced}, after it was in force ({start})"
        yield draft.says(
            (*path, "announced"), what, "people would know of it too late", "correct one of the dates"
        )
    if start and until and until <= start:
        what = f"'until' {until} is not after 'from' {start}"
        yield draft.says(
            (*path, "until"), what, "the rule would end before it starts", "swap or correct the dates"
        )
    if announced and until and not start and until <= announced:
        what = f"'until' {until} is not after 'announced' {announced}"
        yield draft.says(
            (*path, "until"), what, "the rumour would end before it starts", "swap or correct the dates"
        )
    if rule.get("from") is None and rule.get("announced") is None:
        what = "the rule has neither 'from' nor 'announced'"
        yield draft.says(
            path, what, "it would never act", "say from when it is in force, or when it was rumoured"
        )


def _coverage(draft: Draft, path: Path, rule: Block) -> Iterator[Mistake]:
    points = rule.get("coverage")
    if not isinstance(points, list):
        return
    begin = min(filter(None, (day(rule.get("announced")), day(rule.get("from")))), default=None)
    until = day(rule.get("until"))
    if begin and until and until <= (day(rule.get("from")) or begin):
        until = None  # said elsewhere
    previous: date | None = None
    for index, point in enumerate(points):
        place = (*path, "coverage", index)
        if not isinstance(point, dict):
            continue
        if point.get("date") is None:
            yield draft.says(
                place, "this point of coverage has no date", "points are joined in time", "add 'date: ...'"
            )
        when = day(point.get("date"))
        if when is None:
            continue
        yield from _point(draft, (*place, "date"), when, previous, begin, until)
        previous = when


def _point(
    draft: Draft, place: Path, when: date, previous: date | None, begin: date | None, until: date | None
) -> Iterator[Mistake]:
    if previous is not None and when == previous:
        yield draft.says(
            place, f"two points of coverage share the date {when}", "only one can hold", "delete one of them"
        )
    elif previous is not None and when < previous:
        what = f"the date {when} comes before the point above ({previous})"
        yield draft.says(place, what, "coverage is read as a path through time", "sort the points by date")
    if begin is not None and when < begin:
        what = f"coverage on {when}, before the rule exists ({begin})"
        yield draft.says(
            place, what, "such a share means nothing", "move it to the start of the rule or later"
        )
    if until is not None and when > until:
        what = f"coverage on {when}, after the rule has ended ({until})"
        yield draft.says(place, what, "such a share means nothing", "move it before the end of the rule")


def _chain(draft: Draft, path: Path) -> Iterator[Mistake]:
    known, seen = draft.names("offices"), set[str]()
    place = (*path, "approval", "chain")
    for index, name in words(draft.block(*path, "approval").get("chain")):
        if name not in known:
            yield draft.unknown((*place, index), "office", name, known)
        elif name in seen:
            what = f"the office '{name}' stands twice in the chain"
            yield draft.says(
                (*place, index), what, "an application would go in a circle", "name each office once"
            )
        seen.add(name)


def _chains(draft: Draft) -> Iterator[Mistake]:
    """Chains are beginnings of one sequence: a person keeps the stage reached, not the rule it was reached under."""
    longest: list[str] = []
    for path, _ in draft.items("rules"):
        place = (*path, "approval", "chain")
        names = [name for _, name in words(draft.block(*path, "approval").get("chain"))]
        shared = min(len(names), len(longest))
        if names[:shared] != longest[:shared]:
            what = f"the chain {' > '.join(names)} does not begin like {' > '.join(longest)}"
            why = "overlapping rules share a queue at each stage, so all chains start with the same offices"
            mend = "order the offices alike; a shorter chain is the beginning of a longer one"
            yield draft.says(place, what, why, mend)
        elif len(names) > len(longest):
            longest = names


def _content(draft: Draft, path: Path, rule: Block) -> Iterator[Mistake]:
    if not any(rule.get(key) not in (None, False) for key in _RESTRICTIONS):
        what = "the rule restricts nothing"
        mend = f"add one of: {', '.join(_RESTRICTIONS)}"
        yield draft.says(path, what, "it would cover people to no effect", mend)
    if rule.get("trips_per_year") == 0 and rule.get("ban") is not True and not draft.block(*path, "approval"):
        what = "'trips_per_year: 0' forbids every trip"
        why = "that is a ban and should be called so, unless leaving for good can be applied for"
        yield draft.says((*path, "trips_per_year"), what, why, "write 'ban: true' or add 'approval'")
    if (
        rule.get("cooling_off_years") is not None
        and draft.block(*path, "applies_to").get("service") == "retired"
    ):
        what = "'cooling_off_years' stands on a rule for the retired"
        why = "it prolongs a rule on the serving after they leave office"
        mend = "use 'years_since_office' under 'applies_to'"
        yield draft.says((*path, "cooling_off_years"), what, why, mend)
    if rule.get("invalidate") is True and not draft.block(*path, "custody"):
        what = "'invalidate' stands without 'custody'"
        why = "a document becomes invalid when it is not handed in within the days of custody"
        yield draft.says((*path, "invalidate"), what, why, "add 'custody: {within_days: ...}'")


def _thresholds(draft: Draft) -> Iterator[Mistake]:
    seen: list[float] = []
    for path, rule in draft.items("rules"):
        scope = draft.block(*path, "applies_to")
        places = (
            ((*path, "applies_to", "years_since_office"), number(scope.get("years_since_office"))),
            ((*path, "cooling_off_years"), number(rule.get("cooling_off_years"))),
        )
        for place, years in places:
            if years is None or years in seen:
                continue
            seen.append(years)
            if len(seen) > MAX_THRESHOLDS:
                known = ", ".join(f"{one:g}" for one in sorted(seen[:MAX_THRESHOLDS]))
                what = f"{years:g} is a third number of years since office (there are {known})"
                yield draft.says(
                    place,
                    what,
                    f"the retired are told apart by {MAX_THRESHOLDS} lengths at most",
                    f"use {known}",
                )
