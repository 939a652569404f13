"""Clock and head-counts: nothing absurd."""

from __future__ import annotations

from collections.abc import Iterator

from exitvoice.errors import Mistake
from exitvoice.scenario.draft import Draft, day, number

MAX_YEARS = 200
MAX_STEPS = 60_000
MAX_PERSONS = 2e9
MAX_STEP_DAYS = 31


def check_size(draft: Draft) -> Iterator[Mistake]:
    """Check the clock and the total of persons."""
    yield from _clock(draft)
    yield from _persons(draft)
    yield from _population(draft)


def _clock(draft: Draft) -> Iterator[Mistake]:
    clock = draft.block("clock")
    start, end, length = day(clock.get("start")), day(clock.get("end")), number(clock.get("step_days", 7))
    if start is None or end is None:
        return
    if end <= start:
        yield draft.says(
            ("clock", "end"),
            f"the clock ends on {end}, not after its start {start}",
            "time runs forward",
            "swap them",
        )
        return
    days = (end - start).days
    if days > MAX_YEARS * 366:
        what = f"the clock runs for {days // 365} years"
        yield draft.says(
            ("clock", "end"), what, f"the model was made for {MAX_YEARS} years at most", "shorten it"
        )
    if length is not None and 1 <= length <= MAX_STEP_DAYS and days / length > MAX_STEPS:
        what = f"the clock has {days / length:,.0f} steps"
        yield draft.says(
            ("clock",), what, f"at most {MAX_STEPS:,} are run", "use longer steps or a shorter time"
        )


def _persons(draft: Draft) -> Iterator[Mistake]:
    total = 0.0
    for path, sector in draft.items("sectors"):
        persons = sector.get("persons")
        block = draft.block(*path, "persons")
        value = number(persons) if not block else number(block.get("value"))
        total += max(0.0, value or 0.0)
        low, high = number(block.get("low")), number(block.get("high"))
        place = (*path, "persons")
        if value is not None and low is not None and low > value:
            yield draft.says(
                (*place, "low"),
                f"low {low:,.0f} is above value {value:,.0f}",
                "a range holds its value",
                "correct one of them",
            )
        if value is not None and high is not None and high < value:
            yield draft.says(
                (*place, "high"),
                f"high {high:,.0f} is below value {value:,.0f}",
                "a range holds its value",
                "correct one of them",
            )
    if total > MAX_PERSONS:
        what = f"the sectors hold {total:,.0f} persons in total"
        yield draft.says(
            ("sectors",), what, f"no country has more than {MAX_PERSONS:,.0f}", "check the zeros", at_key=True
        )


def _population(draft: Draft) -> Iterator[Mistake]:
    regions = list(draft.items("regions"))
    total = sum(max(0.0, number(region.get("population")) or 0.0) for _, region in regions)
    if total > MAX_PERSONS:
        what = f"the regions hold {total:,.0f} people in total"
        yield draft.says(
            ("regions",), what, f"no country has more than {MAX_PERSONS:,.0f}", "check the zeros", at_key=True
        )
