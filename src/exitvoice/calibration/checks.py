"""Mistakes that files of targets and of the atlas have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exitvoice.calibration.schema import Measure
from exitvoice.documents import Locator, Path, nearest_name
from exitvoice.errors import Mistake
from exitvoice.evidence import Ledger
from exitvoice.run.variables import AWAY, DERIVED, DISPLAYS, FLOWS, NATION, REGIONS, SECTORS, STOCKS
from exitvoice.scenario import Scenario
from exitvoice.scenario.base import Supported

KNOWN = tuple(
    variable.name
    for group in (STOCKS, AWAY, FLOWS, DISPLAYS, DERIVED, SECTORS, NATION, REGIONS)
    for variable in group
)


def check_support(item: Supported, place: Path, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    """Say where nothing stands behind a block, or a statement that the ledger lacks."""
    if not item.is_supported:
        what, why = "neither evidence nor assumed stands here", "every figure says on whose word it stands"
        yield locator.mistake(place, what, why, "add one of them")
    for name in item.evidence:
        if name not in ledger:
            what, why = f"no statement or claim has the id '{name}'", "what names nobody cannot be traced"
            mend, near = "use an id of the ledger", ledger.nearest(name)
            yield locator.mistake((*place, "evidence"), what, why, mend, nearest=near)


def check_measure(measure: Measure, place: Path, locator: Locator, scenario: Scenario) -> Iterator[Mistake]:
    """Say where a measure names a variable, sector or region that there is not."""
    for name in measure.of:
        yield from check_name(name, KNOWN, "variable", (*place, "of"), locator)
    for kind, names in (("sector", scenario.sector_names), ("region", scenario.region_names)):
        chosen = getattr(measure, kind)
        if chosen is not None:
            yield from check_name(chosen, names, kind, (*place, kind), locator)


def check_name(
    name: str, known: Iterable[str], kind: str, place: Path, locator: Locator
) -> Iterator[Mistake]:
    """Say where nothing has a name."""
    names = list(known)
    if name not in names:
        what, why = f"no {kind} is called '{name}'", "nothing can be compared with it"
        mend = f"use one of: {', '.join(sorted(names)[:24])}"
        yield locator.mistake(place, what, why, mend, nearest=nearest_name(name, names))
