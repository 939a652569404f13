"""Read the hypotheses and the worlds they compare, and list every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.claims.schema import LEVELS, Condition, Hypothesis, Worlds
from exitvoice.documents import Locator, Path, nearest_name, read_text
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, load_priors

WORLDS = "_worlds.yaml"
COVERAGE = "coverage"
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class Board:
    """What is put to the test: hypotheses by claim, in the ledger's order, and the worlds they compare."""

    hypotheses: Mapping[str, Hypothesis]
    worlds: Worlds

    @property
    def testable(self) -> tuple[Hypothesis, ...]:
        """Those with something to test."""
        return tuple(item for item in self.hypotheses.values() if item.is_testable)


def load_board(ledger: Ledger, scenario: Scenario, folder: FilePath | str | None = None) -> Board:
    """Read the hypotheses of every claim and the worlds they compare.

    Parameters
    ----------
    ledger : Ledger
        Every claim of it needs a hypothesis, and only its claims may have one.
    scenario : Scenario
        What the worlds change.
    folder : path, optional
        Folder with one file a claim and `_worlds.yaml`; the package's own if not given.

    Raises
    ------
    InputError
        With every mistake of every file.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> from exitvoice.scenario import load_scenario
    >>> board = load_board(load_ledger(), load_scenario("china-2024"))
    >>> board.hypotheses["C24"].contested[0]
    'opposition_blocked'
    """
    sources = _sources(folder)
    mistakes: list[Mistake] = []
    worlds, worlds_at = _read_worlds(sources, mistakes)
    found: dict[str, tuple[Hypothesis, Locator]] = {}
    for source in sources:
        if source.name == WORLDS:
            continue
        read = _read(source, Hypothesis, mistakes)
        if read is None:
            continue
        if read[0].claim in found:
            mistakes.append(_twice(*read, found[read[0].claim][1]))
        found[read[0].claim] = read
    mistakes += _lacking(ledger, found, folder) if not mistakes else ()
    if worlds is not None:
        mistakes += _check_worlds(worlds, worlds_at, scenario)
    for hypothesis, locator in found.values():
        mistakes += _check(hypothesis, locator, ledger, worlds)
    if mistakes or worlds is None:
        raise InputError(mistakes)
    return Board({claim: found[claim][0] for claim in ledger.claims}, worlds)


def parameters_of(hypothesis: Hypothesis, worlds: Worlds) -> tuple[str, ...]:
    """Return the dotted paths on which a hypothesis may hinge: its mechanisms and parameters written out."""
    priors = load_priors()
    chosen: list[str] = []
    for name in (*hypothesis.uncertain, *hypothesis.contested):
        if name == COVERAGE:
            chosen += list(worlds.ranges)
            continue
        chosen += [
            f"parameters.{prior.name}"
            for prior in priors.values()
            if name in (prior.mechanism, prior.name) and prior.low < prior.high
        ]
    return tuple(dict.fromkeys(chosen))


def _sources(folder: FilePath | str | None) -> list[Traversable | FilePath]:
    place = files("exitvoice") / "library" / "evidence" / "hypotheses" if folder is None else FilePath(folder)
    if not place.is_dir():
        what = "there is no folder of hypotheses here"
        mend = "name a folder with one file a claim and _worlds.yaml"
        raise InputError.of(folder, what, why="nothing can be put to the test", mend=mend)
    return sorted(
        (item for item in place.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )


def _read(
    source: Traversable | FilePath, model: type[ModelT], mistakes: list[Mistake]
) -> tuple[ModelT, Locator] | None:
    kept: list[Locator] = []

    def keep(_: ModelT, locator: Locator) -> tuple[Mistake, ...]:
        kept.append(locator)
        return ()

    try:
        return read_text(source.read_bytes(), name=source.name, model=model, checks=[keep]), kept[0]
    except InputError as problem:
        mistakes += problem.mistakes
        return None


def _read_worlds(
    sources: Sequence[Traversable | FilePath], mistakes: list[Mistake]
) -> tuple[Worlds | None, Locator]:
    for source in sources:
        if source.name == WORLDS:
            read = _read(source, Worlds, mistakes)
            return read if read is not None else (None, Locator(WORLDS))
    what, why = "the worlds are missing", "hypotheses name the worlds they compare"
    mistakes.append(Mistake(WORLDS, None, None, "", what, why, f"write them into {WORLDS}"))
    return None, Locator(WORLDS)


def _twice(hypothesis: Hypothesis, locator: Locator, other: Locator) -> Mistake:
    what = f"{hypothesis.claim} has a hypothesis in {other.file} already"
    return locator.mistake(("claim",), what, "one file speaks for a claim", "merge the two files")


def _lacking(ledger: Ledger, found: Mapping[str, object], folder: FilePath | str | None) -> Iterator[Mistake]:
    for claim in ledger.claims:
        if claim not in found:
            what = f"{claim} has no hypothesis"
            mend = (
                f"write {claim}.yaml; with nothing but its format and its claim it says 'not testable here'"
            )
            yield Mistake(
                str(folder or "hypotheses"), None, None, "", what, "the board has a row a claim", mend
            )


def _check_worlds(worlds: Worlds, locator: Locator, scenario: Scenario) -> Iterator[Mistake]:
    common = clock_changes(worlds) | dict(worlds.common.changes)
    for name, world in worlds.worlds.items():
        try:
            scenario.with_changes(common | dict(world.changes))
        except InputError as problem:
            for fault in problem.mistakes:
                what = f"{fault.path}: {fault.what}"
                yield locator.mistake(("worlds", name), what, fault.why, fault.mend, nearest=fault.nearest)
    for path, given in worlds.ranges.items():
        place: Path = ("ranges", path)
        if not given.low < given.high:
            yield locator.mistake(place, "low < high does not hold", "a range has two ends", "mend it")
            continue
        try:
            for value in (given.low, given.high):
                scenario.with_changes(common | {path: value})
        except InputError as problem:
            fault = problem.mistakes[0]
            yield locator.mistake(place, fault.what, fault.why, fault.mend, nearest=fault.nearest)


def clock_changes(worlds: Worlds) -> dict[str, object]:
    """Return the changes that give a scenario the clock of the comparisons."""
    return {
        "clock.start": worlds.clock.start.isoformat(),
        "clock.end": worlds.clock.end.isoformat(),
    }


def _check(
    hypothesis: Hypothesis, locator: Locator, ledger: Ledger, worlds: Worlds | None
) -> Iterator[Mistake]:
    yield from _check_claim(hypothesis, locator, ledger)
    if not hypothesis.is_testable:
        return
    for kind in ("parts", "given"):
        for at, condition in enumerate(getattr(hypothesis, kind)):
            yield from _check_condition(condition, (kind, at), locator, worlds)
    yield from _check_names(hypothesis, locator, worlds)
    for at, datum in enumerate(hypothesis.data):
        place: Path = ("data", at)
        yield from _unknown(locator, (*place, "outcome"), datum.outcome, OUTCOMES, "outcome")
        if not datum.is_supported:
            what = "this figure has neither evidence nor assumed"
            yield locator.mistake(place, what, "data without a source are none", "add one of them")
        for evidence in datum.evidence:
            if evidence not in ledger:
                what = f"no statement or claim has the id '{evidence}'"
                why, mend = "what names nobody cannot be traced", "use an id of the ledger"
                nearest = ledger.nearest(evidence)
                yield locator.mistake((*place, "evidence"), what, why, mend, nearest=nearest)


def _check_claim(hypothesis: Hypothesis, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    claim = ledger.claims.get(hypothesis.claim)
    if claim is None:
        what, why = (
            f"the ledger has no claim {hypothesis.claim}",
            "a hypothesis tests a claim of the evidence",
        )
        yield locator.mistake(("claim",), what, why, "use the id of one of its claims")
        return
    if claim.testable and not hypothesis.is_testable:
        what, why = "there is nothing to test here", "the ledger says that this claim is testable"
        yield locator.mistake((), what, why, "add parts, or say in the ledger why it is not testable")
    if not claim.testable and hypothesis.is_testable and hypothesis.tests == "claim":
        what, why = "the ledger says that this claim is not testable", claim.why_not_testable or ""
        mend = "test what follows from it: say 'tests: consequence'"
        yield locator.mistake(("tests",), what, why, mend)
    if hypothesis.is_testable and not hypothesis.question:
        what, why = "the question is missing", "readers must see what is asked before what is answered"
        yield locator.mistake((), what, why, "add 'question: ...'")


def _check_condition(
    condition: Condition, path: Path, locator: Locator, worlds: Worlds | None
) -> Iterator[Mistake]:
    yield from _unknown(locator, (*path, "outcome"), condition.outcome, OUTCOMES, "outcome")
    for key in ("world", "intervention"):
        name = getattr(condition, key)
        if worlds is not None and name is not None:
            yield from _unknown(locator, (*path, key), name, worlds.worlds, "world")
    is_level = condition.measure == "level"
    if is_level != (condition.direction in LEVELS):
        what = f"'{condition.direction}' does not go with '{condition.measure}'"
        why = "a level lies above or below, an effect rises, falls or leaves unmoved"
        yield locator.mistake((*path, "direction"), what, why, "change one of the two")
    if not is_level and condition.intervention is None:
        what, why = "the intervention is missing", "an effect is that of an intervention"
        yield locator.mistake(path, what, why, "name a world as 'intervention', or measure a level")
    horizon = condition.horizon
    if horizon.first > horizon.last:
        what, why = "the horizon ends before it begins", "no year lies in it"
        yield locator.mistake((*path, "horizon"), what, why, "exchange the years")
    elif worlds is not None and not _inside(horizon.first, horizon.last, worlds):
        what = f"the years {horizon.first} to {horizon.last} are not all simulated"
        why = f"the clock runs from {worlds.clock.start} to {worlds.clock.end}"
        yield locator.mistake((*path, "horizon"), what, why, "choose whole years inside it")


def _inside(first: int, last: int, worlds: Worlds) -> bool:
    start, end = worlds.clock.start, worlds.clock.end
    return f"{first}-01-01" >= start.isoformat() and f"{last + 1}-01-01" <= end.isoformat()


def _check_names(hypothesis: Hypothesis, locator: Locator, worlds: Worlds | None) -> Iterator[Mistake]:
    priors = load_priors()
    known = {COVERAGE, *priors, *(prior.mechanism for prior in priors.values())}
    for at, name in enumerate(hypothesis.uncertain):
        yield from _unknown(locator, ("uncertain", at), name, known, "mechanism or parameter")
    for at, name in enumerate(hypothesis.contested):
        yield from _unknown(locator, ("contested", at), name, priors, "parameter")
        if name in priors and not priors[name].spans_zero:
            what, why = f"the prior of {name} does not span zero", "only a disputed sign is contested"
            yield locator.mistake(("contested", at), what, why, "leave it out, or widen the prior")
    if not hypothesis.uncertain:
        what, why = "nothing is uncertain", "a verdict without doubt is a tautology"
        yield locator.mistake((), what, why, "name mechanisms or parameters under 'uncertain'")


def _unknown(locator: Locator, path: Path, name: str, known: Iterable[str], kind: str) -> Iterator[Mistake]:
    names = list(known)
    if name not in names:
        what, why = f"no {kind} is called '{name}'", "nothing can be read from it"
        mend = f"use one of: {', '.join(sorted(names)[:24])}"
        yield locator.mistake(path, what, why, mend, nearest=nearest_name(name, names))
