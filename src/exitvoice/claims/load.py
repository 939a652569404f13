"""Read the hypotheses and the worlds they compare, and list every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import BaseModel

from exitvoice.claims.checks import check_hypothesis, check_worlds
from exitvoice.claims.schema import COVERAGE, Hypothesis, Worlds
from exitvoice.documents import Locator, read_text
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, load_priors

WORLDS = "_worlds.yaml"
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
        mistakes += check_worlds(worlds, worlds_at, scenario)
    for hypothesis, locator in found.values():
        mistakes += check_hypothesis(hypothesis, locator, ledger, worlds)
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
