"""Which stored results rest on something that has changed, and on what."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exitvoice.analysis.compare.verify import comparison_stale_since, what_was_compared
from exitvoice.analysis.patterns import load_patterns, read_validation
from exitvoice.analysis.patterns.findings import FILE as PATTERNS
from exitvoice.analysis.verify import stale_since, what_was_run
from exitvoice.claims import load_board
from exitvoice.claims.findings import FILE as BOARD
from exitvoice.claims.findings import read_judgement
from exitvoice.ensemble.files import PLAN
from exitvoice.ensemble.reading import read_plan
from exitvoice.errors import ExitvoiceError
from exitvoice.evidence import Ledger
from exitvoice.results import read_run
from exitvoice.results.comparison import FORMAT as COMPARISON
from exitvoice.results.comparison import is_comparison
from exitvoice.results.provenance import Stale, hash_record, read_support, rests_on, stale, stale_parts
from exitvoice.results.reference import is_reference
from exitvoice.results.store import MANIFEST, read_manifest
from exitvoice.scenario import Prior, Scenario
from exitvoice.trace.grounds import Hashes, grounds, pattern_grounds, read_grounds
from exitvoice.trace.today import board_world, plan_today, worlds_today

Kind = Literal["run", "ensemble", "comparison", "verdict", "pattern"]


@dataclass(frozen=True)
class StaleResult:
    """A run, an ensemble, a comparison or a verdict, and what it rests on that has changed.

    `name` is the claim of a verdict, or the pattern. `because` is empty where `unknown` says why that cannot be told.
    """

    kind: Kind
    folder: Path
    name: str
    because: tuple[Stale, ...]
    unknown: str = ""


def find_stale(root: Path, ledger: Ledger) -> tuple[tuple[StaleResult, ...], int]:
    """Return the stale results below a folder, and how many results there are in all.

    Parameters
    ----------
    root : Path
        A folder of runs, ensembles, comparisons, boards and patterns, or one of them.
    ledger : Ledger
        The evidence as it is now.
    """
    results = [result for folder in _folders(root) for result in _look(folder, ledger)]
    return tuple(one for one in results if one.because or one.unknown), len(results)


def names_by_folder(found: Iterable[StaleResult], kind: Kind) -> dict[Path, tuple[str, ...]]:
    """Return what is stale of one kind by its folder: the claims of each board, the patterns of each validation."""
    folders: dict[Path, list[str]] = {}
    for one in found:
        if one.kind == kind and one.because:
            folders.setdefault(one.folder, []).append(one.name)
    return {folder: tuple(names) for folder, names in folders.items()}


def stale_priors(then: Ledger, now: Ledger, priors: Mapping[str, Prior]) -> dict[str, tuple[str, ...]]:
    """Return the priors that name a record whose content differs between two ledgers, and which records.

    A record also counts as changed if something it is derived from has.
    """
    changed = {name for name in {*then.statements, *then.claims, *now.statements, *now.claims}
               if _hash(then, name) != _hash(now, name)}  # fmt: skip
    grown = True
    while grown:
        more = {one.id for one in now.statements.values() if changed.intersection(one.derived_from)} - changed
        changed |= more
        grown = bool(more)
    found = {
        prior.name: tuple(name for name in prior.evidence if name in changed) for prior in priors.values()
    }
    return {name: records for name, records in found.items() if records}


def _hash(ledger: Ledger, name: str) -> str:
    return hash_record(ledger.resolve(name)) if name in ledger else ""


def _folders(root: Path) -> Iterator[Path]:
    """Yield the outermost folders of results: what a board or patterns keep inside themselves belongs to them."""
    if not root.is_dir():
        return
    if any((root / name).is_file() for name in (BOARD, PATTERNS, PLAN, MANIFEST)):
        yield root
        return
    for child in sorted(root.iterdir()):
        if child.is_dir() and not child.is_symlink() and not child.name.startswith("."):
            yield from _folders(child)


def _look(folder: Path, ledger: Ledger) -> Iterable[StaleResult]:
    kind = _kind(folder)
    if kind is None:  # a published model made again rests on its paper alone
        return ()
    try:
        return tuple(_LOOK[kind](folder, ledger))
    except ExitvoiceError as problem:
        return (StaleResult(kind, folder, "", (), f"it cannot be read ({problem})"),)


def _kind(folder: Path) -> Kind | None:
    if (folder / BOARD).is_file():
        return "verdict"
    if (folder / PATTERNS).is_file():
        return "pattern"
    if (folder / PLAN).is_file():
        return "ensemble"
    if is_comparison(folder):
        return "comparison"
    return None if is_reference(folder) else "run"


def _run(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    stored = read_run(folder)
    then = stored.manifest.get("rests_on")
    if not isinstance(then, Mapping):
        yield StaleResult("run", folder, "", (), "its manifest keeps no hashes of what it rests on")
        return
    scenario, _, _ = what_was_run(stored)
    yield StaleResult("run", folder, "", stale_since(stored, scenario, ledger))


def _comparison(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    manifest = read_manifest(folder / MANIFEST, expected=COMPARISON)
    if not isinstance(manifest.get("rests_on"), list):
        yield StaleResult("comparison", folder, "", (), "its manifest keeps no hashes of what it rests on")
        return
    texts, _, _ = what_was_compared(manifest, folder)
    then = [Scenario.from_text(text, name=f"{folder}/manifest.json") for text in texts]
    parts = (stale_parts(a, b) for a, b in zip(then, worlds_today(manifest, folder, ledger), strict=True))
    changed = (*comparison_stale_since(manifest, then, ledger), *(one for part in parts for one in part))
    yield StaleResult("comparison", folder, "", tuple(dict.fromkeys(changed)))


def _ensemble(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    then = read_support(folder)
    if not any(then.values()):
        yield StaleResult("ensemble", folder, "", (), "the folder keeps no hashes of what it rests on")
        return
    plan = read_plan(folder)
    today = plan_today(plan, ledger).scenario
    changed = (*stale(then, rests_on(plan.scenario, ledger)), *stale_parts(plan.scenario, today))
    yield StaleResult("ensemble", folder, "", changed)


def _verdicts(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    judgement = read_judgement(folder)
    scenario = board_world(judgement.scenario, ledger)
    now = grounds(load_board(ledger, scenario), scenario, ledger)
    tested = [finding.claim for finding in judgement.findings if finding.is_tested]
    yield from _held_against("verdict", folder, tested, now)


def _patterns(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    names = [finding.pattern for finding in read_validation(folder).findings]
    yield from _held_against("pattern", folder, names, pattern_grounds(load_patterns(ledger), ledger))


def _held_against(
    kind: Kind, folder: Path, names: Iterable[str], now: Mapping[str, Hashes]
) -> Iterator[StaleResult]:
    then = read_grounds(folder)
    for name in names:
        if name not in then:
            unknown = "the folder keeps no hashes of what its verdicts rest on"
            yield StaleResult(kind, folder, name, (), unknown)
        else:
            yield StaleResult(kind, folder, name, stale(then[name], now.get(name, {})))


_LOOK: Mapping[Kind, Callable[[Path, Ledger], Iterator[StaleResult]]] = {
    "run": _run,
    "ensemble": _ensemble,
    "comparison": _comparison,
    "verdict": _verdicts,
    "pattern": _patterns,
}
