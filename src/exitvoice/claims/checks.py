"""Mistakes of hypotheses and of the worlds that they compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exitvoice.claims.outcomes import OUTCOMES
from exitvoice.claims.schema import COVERAGE, LEVELS, Condition, Hypothesis, Worlds, clock_changes
from exitvoice.documents import Locator, Path, nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, load_priors


def check_worlds(worlds: Worlds, locator: Locator, scenario: Scenario) -> Iterator[Mistake]:
    """Say where a world, or an end of a range, does not give a valid scenario."""
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


def check_hypothesis(
    hypothesis: Hypothesis, locator: Locator, ledger: Ledger, worlds: Worlds | None
) -> Iterator[Mistake]:
    """Say where a hypothesis does not fit its claim, the outcomes that are kept, the worlds or the priors."""
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
