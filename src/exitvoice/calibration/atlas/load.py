"""Read what the atlas asks of a world, and list every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath

from exitvoice.calibration.atlas.schema import Design, Existing, Read, WouldExist
from exitvoice.calibration.checks import check_measure, check_name, check_support
from exitvoice.calibration.library import names_in, read_named
from exitvoice.calibration.load import load_targets, target_names
from exitvoice.documents import Locator, Path
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.evidence.series import load_series
from exitvoice.scenario import Scenario, load_scenario


def design_names() -> tuple[str, ...]:
    """Return the names of the library's designs, sorted."""
    return names_in("atlas")


def load_design(source: str | FilePath, *, ledger: Ledger | None = None) -> Design:
    """Read a design of the library by name, or of a file.

    Raises
    ------
    InputError
        With every mistake of the file, or the names that exist.

    Examples
    --------
    >>> load_design("cuba-2013").scenario
    'cuba-2013'
    """

    def check(design: Design, locator: Locator) -> Iterable[Mistake]:
        return tuple(_check(design, locator, load_ledger() if ledger is None else ledger))

    what, why = "the atlas has no design of this name", "no world can be drawn from"
    return read_named(source, "atlas", Design, check, what=what, why=why)


def _check(design: Design, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    try:
        scenario = load_scenario(design.scenario)
        scenario = scenario.with_changes(dict(design.changes)) if design.changes else scenario
    except InputError as problem:
        fault = problem.mistakes[0]
        key = "changes" if fault.path.startswith(tuple(design.changes)) and design.changes else "scenario"
        yield locator.mistake((key,), fault.what, fault.why, fault.mend, nearest=fault.nearest)
        return
    known = load_series(ledger=ledger)
    names: list[str] = []
    for at, item in enumerate(design.series):
        place: Path = ("series", at)
        yield from _twice(item.series, names, (*place, "series"), locator)
        yield from check_name(item.series, known, "series", (*place, "series"), locator)
        yield from _check_like(item, place, locator)
        if item.why_not is None and item.like is None:
            yield from _check_read(item, place, locator, scenario, ledger)
    for at, more in enumerate(design.would_exist):
        yield from _twice(more.name, names, ("would_exist", at, "name"), locator)
        yield from _check_read(more, ("would_exist", at), locator, scenario, ledger)
        if not design.as_claims_compare:  # its clock comes from elsewhere
            yield from _check_periods(more, ("would_exist", at, "periods"), locator, scenario)


def _check_like(item: Existing, place: Path, locator: Locator) -> Iterator[Mistake]:
    if item.like is None:
        return
    targets, name = item.like.split(".")
    if targets not in target_names():
        yield from check_name(targets, target_names(), "file of targets", (*place, "like"), locator)
        return
    found = {target.name: target.series for target in load_targets(targets).targets}
    yield from check_name(name, found, "target", (*place, "like"), locator)


def _check_read(
    item: Read, place: Path, locator: Locator, scenario: Scenario, ledger: Ledger
) -> Iterator[Mistake]:
    yield from check_support(item, place, locator, ledger)
    for key, measure in (("measure", item.measure), ("over", item.over)):
        if measure is not None:
            yield from check_measure(measure, (*place, key), locator, scenario)


def _check_periods(item: WouldExist, place: Path, locator: Locator, scenario: Scenario) -> Iterator[Mistake]:
    clock = scenario.clock
    if not (clock.start <= item.periods.start and item.periods.end < clock.end):
        what = f"{item.periods.start} to {item.periods.end} is no span inside the run"
        why = f"the clock runs from {clock.start} to {clock.end}"
        yield locator.mistake(place, what, why, "choose days inside it, or change the clock under 'changes'")


def _twice(name: str, seen: list[str], place: Path, locator: Locator) -> Iterator[Mistake]:
    if name in seen:
        yield locator.mistake(
            place, f"two are named '{name}'", "names are keys", "rename or leave out one of them"
        )
    seen.append(name)
