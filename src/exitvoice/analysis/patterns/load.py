"""Read the patterns, and list every mistake of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath

from exitvoice.analysis.patterns.plan import factors_of_study, scenario_of
from exitvoice.analysis.patterns.quantities import names_in, quantities_in
from exitvoice.analysis.patterns.reported import check_reports, resolved
from exitvoice.analysis.patterns.schema import Interior, Pattern, Quantity, Study
from exitvoice.documents import Locator, Path, nearest_name, read_text
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger, ObservedSeries, load_series
from exitvoice.run.variables import AWAY as UNDER_WAY
from exitvoice.run.variables import DERIVED, DISPLAYS, FLOWS, NATION, REGIONS, STOCKS
from exitvoice.scenario import Scenario, load_priors

BY_CELL = tuple(v.name for group in (STOCKS, UNDER_WAY, FLOWS, DISPLAYS, DERIVED) for v in group)
BY_TIME = tuple(v.name for v in NATION)
BY_REGION = tuple(v.name for v in REGIONS)
KNOWN = (*BY_CELL, *BY_TIME, *BY_REGION)


def load_patterns(ledger: Ledger, folder: FilePath | str | None = None) -> tuple[Pattern, ...]:
    """Read every pattern of a folder, in the order of their numbers.

    Parameters
    ----------
    ledger : Ledger
        What observations rest on must stand in it.
    folder : path, optional
        Folder with one file a pattern; the package's own if not given. Files whose name begins with an underscore
        are worlds, not patterns.

    Raises
    ------
    InputError
        With every mistake of every file.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> load_patterns(load_ledger())[1].title
    'An announced tightening starts a run'
    """
    mistakes: list[Mistake] = []
    found: dict[str, Pattern] = {}
    for source in _sources(folder):
        pattern = _read(source, ledger, mistakes)
        if pattern is not None and pattern.pattern in found:
            what = f"{pattern.pattern} has a file already"
            mend = "merge the two files"
            mistakes.append(Mistake(source.name, None, None, "pattern", what, "one file a pattern", mend))
        elif pattern is not None:
            found[pattern.pattern] = pattern
    if mistakes:
        raise InputError(mistakes)
    return tuple(sorted(found.values(), key=lambda pattern: pattern.number))


def _sources(folder: FilePath | str | None) -> Sequence[Traversable | FilePath]:
    place = files("exitvoice") / "library" / "evidence" / "patterns" if folder is None else FilePath(folder)
    if not place.is_dir():
        what, why = "there is no folder of patterns here", "nothing can be compared"
        raise InputError(
            [Mistake(str(folder), None, None, "", what, why, "name a folder with one file a pattern")]
        )
    inside = [item for item in place.iterdir() if item.name.endswith(".yaml") and item.name[0] != "_"]
    return sorted(inside, key=lambda item: item.name)


def _read(source: Traversable | FilePath, ledger: Ledger, mistakes: list[Mistake]) -> Pattern | None:
    series = _series()

    def check(pattern: Pattern, locator: Locator) -> Iterable[Mistake]:
        return (*_check(pattern, locator, ledger), *check_reports(pattern, locator, series))

    try:
        pattern = read_text(source.read_bytes(), name=source.name, model=Pattern, checks=[check])
        return resolved(pattern, series)
    except InputError as problem:
        mistakes += problem.mistakes
        return None


@cache
def _series() -> Mapping[str, ObservedSeries]:
    return load_series()


def _check(pattern: Pattern, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    scenarios: dict[str, Scenario] = {}
    for at, study in enumerate(pattern.studies):
        yield from _check_study(study, ("studies", at), locator, scenarios)
    for kind in ("studies", "tests", "curves"):
        yield from _twice([item.name for item in getattr(pattern, kind)], (kind,), locator)
    supported: list[tuple[Path, object]] = [(("fixed", at), item) for at, item in enumerate(pattern.fixed)]
    supported += [(("curves", at), item) for at, item in enumerate(pattern.curves)]
    for at, test in enumerate(pattern.tests):
        supported.append((("tests", at, "observed"), test.observed))
        if (test.tolerance is None) != (test.role == "reported"):
            what = f"the test is {test.role} and has {'no' if test.tolerance is None else 'a'} tolerance"
            why = "a pass mark is fixed beforehand, and what is only reported has none"
            yield locator.mistake(
                ("tests", at), what, why, "give a tolerance exactly where the role is not 'reported'"
            )
        yield from _check_comparison(pattern, at, locator, scenarios)
    for at, curve in enumerate(pattern.curves):
        place: Path = ("curves", at)
        yield from _check_quantity(curve.quantity, curve.study, pattern, place, locator, scenarios)
    for place, item in supported:
        yield from _check_support(item, place, locator, ledger)


def _check_study(
    study: Study, place: Path, locator: Locator, scenarios: dict[str, Scenario]
) -> Iterator[Mistake]:
    try:
        scenario = scenario_of(study)
        for world in study.worlds:
            scenario.with_changes(dict(world.changes))
    except InputError as problem:
        for fault in problem.mistakes:
            what = f"{fault.path or fault.file}: {fault.what}"
            yield locator.mistake(place, what, fault.why, fault.mend, nearest=fault.nearest)
        return
    scenarios[study.name] = scenario
    yield from _twice([world.name for world in study.worlds], (*place, "worlds"), locator)
    priors = load_priors()
    known = [*priors, *{prior.mechanism for prior in priors.values()}]
    for at, name in enumerate(study.vary):
        yield from _unknown(locator, (*place, "vary", at), name, known, "mechanism or parameter")
    yield from _check_parts(study, place, locator)
    if study.draws and not study.vary:
        what, why = "there are draws, but nothing varies", "draws come from priors"
        yield locator.mistake(
            place, what, why, "name mechanisms or parameters under 'vary', or set draws to 0"
        )
    elif study.vary and not study.draws:
        what, why = "something varies, but there are no draws", "draws come from priors"
        yield locator.mistake(place, what, why, "set draws, or leave 'vary' out")
    elif all(name in known for name in study.vary) and study.draws and not factors_of_study(study):
        what, why = "nothing that varies has a range", "a single value cannot be drawn"
        yield locator.mistake(place, what, why, "name parameters whose prior has a low and a high end")


def _check_parts(study: Study, place: Path, locator: Locator) -> Iterator[Mistake]:
    """What is drawn within a part of a prior must be drawn, and the part must lie in the prior."""
    priors = load_priors()
    drawn = [p.name for p in priors.values() if p.name in study.vary or p.mechanism in study.vary]
    for name, part in study.within.items():
        here = (*place, "within", name)
        if name not in drawn:
            yield from _unknown(locator, here, name, drawn, "parameter that varies")
        elif not priors[name].low <= part.low < part.high <= priors[name].high:
            what = (
                f"{part.low:g} to {part.high:g} is no part of {priors[name].low:g} to {priors[name].high:g}"
            )
            why = "draws come from the prior"
            yield locator.mistake(here, what, why, "give a range inside the prior's, low below high")


def _check_comparison(
    pattern: Pattern, at: int, locator: Locator, scenarios: dict[str, Scenario]
) -> Iterator[Mistake]:
    test = pattern.tests[at]
    place: Path = ("tests", at)
    yield from _unknown(locator, (*place, "study"), test.study, [s.name for s in pattern.studies], "study")
    for quantity in quantities_in(test.comparison):
        yield from _check_quantity(quantity, test.study, pattern, place, locator, scenarios)
        if quantity.world is None and not isinstance(test.comparison, Interior):
            what, why = "a quantity names no world", "only an interior comparison names worlds itself"
            yield locator.mistake(place, what, why, "add 'world' to it")
    if isinstance(test.comparison, Interior) and test.study in scenarios:
        names = [world.name for world in pattern.study(test.study).worlds]
        for name in test.comparison.worlds:
            yield from _unknown(locator, (*place, "comparison"), name, names, "world")


def _check_quantity(
    quantity: Quantity,
    study: str,
    pattern: Pattern,
    place: Path,
    locator: Locator,
    scenarios: dict[str, Scenario],
) -> Iterator[Mistake]:
    for name in names_in(quantity):
        yield from _unknown(locator, place, name, KNOWN, "variable")
    scenario = scenarios.get(study)
    if scenario is None:
        return
    if quantity.world is not None:
        names = [world.name for world in pattern.study(study).worlds]
        yield from _unknown(locator, place, quantity.world, names, "world")
    if quantity.sector is not None:
        yield from _unknown(locator, place, quantity.sector, scenario.sector_names, "sector")
    if quantity.region is not None:
        yield from _unknown(locator, place, quantity.region, scenario.region_names, "region")
    clock = scenario.clock
    if not clock.start <= quantity.start < quantity.until <= clock.end:
        what = f"{quantity.start} to {quantity.until} is no span inside the run"
        why = f"the clock runs from {clock.start} to {clock.end}"
        yield locator.mistake(place, what, why, "choose days inside it, the first before the last")


def _check_support(item: object, place: Path, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    evidence: tuple[str, ...] = getattr(item, "evidence", ())
    if not getattr(item, "is_supported", False):
        what, why = "neither evidence nor assumed stands here", "every figure says on whose word it stands"
        yield locator.mistake(place, what, why, "add one of them")
    for name in evidence:
        if name not in ledger:
            what, why = f"no statement or claim has the id '{name}'", "what names nobody cannot be traced"
            mend = "use an id of the ledger"
            yield locator.mistake((*place, "evidence"), what, why, mend, nearest=ledger.nearest(name))


def _twice(names: Sequence[str], place: Path, locator: Locator) -> Iterator[Mistake]:
    for name in {name for name in names if names.count(name) > 1}:
        yield locator.mistake(place, f"two are named '{name}'", "names are keys", "rename one of them")


def _unknown(locator: Locator, place: Path, name: str, known: Iterable[str], kind: str) -> Iterator[Mistake]:
    names = list(known)
    if name not in names:
        what, why = f"no {kind} is called '{name}'", "nothing can be read from it"
        mend = f"use one of: {', '.join(sorted(names)[:24])}"
        yield locator.mistake(place, what, why, mend, nearest=nearest_name(name, names))
