"""Which stored results rest on something that has changed, and on what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exitvoice.analysis.verify import stale_since, what_was_run
from exitvoice.claims import load_board
from exitvoice.claims.findings import FILE as BOARD
from exitvoice.claims.findings import read_judgement
from exitvoice.ensemble.files import PLAN
from exitvoice.ensemble.reading import read_plan
from exitvoice.errors import ExitvoiceError
from exitvoice.evidence import Ledger
from exitvoice.results import read_run
from exitvoice.results.provenance import Stale, hash_record, read_support, rests_on, stale
from exitvoice.scenario import Prior, load_scenario
from exitvoice.trace.grounds import grounds, read_grounds

Kind = Literal["run", "ensemble", "verdict"]
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class StaleResult:
    """A run, an ensemble or a verdict, and what it rests on that has changed.

    `name` is the claim of a verdict. `because` is empty where `unknown` says why that cannot be told.
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
        A folder of runs, ensembles and boards, or one of them.
    ledger : Ledger
        The evidence as it is now.
    """
    results = [result for folder in _folders(root) for result in _look(folder, ledger)]
    return tuple(one for one in results if one.because or one.unknown), len(results)


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
    """Yield the outermost folders of results: what a board keeps inside itself belongs to the board."""
    if not root.is_dir():
        return
    if any((root / name).is_file() for name in (BOARD, PLAN, _MANIFEST)):
        yield root
        return
    for child in sorted(root.iterdir()):
        if child.is_dir() and not child.is_symlink() and not child.name.startswith("."):
            yield from _folders(child)


def _look(folder: Path, ledger: Ledger) -> Iterable[StaleResult]:
    try:
        if (folder / BOARD).is_file():
            return tuple(_verdicts(folder, ledger))
        if (folder / PLAN).is_file():
            return (_ensemble(folder, ledger),)
        return (_run(folder, ledger),)
    except ExitvoiceError as problem:
        kind: Kind = "verdict" if (folder / BOARD).is_file() else "run"
        return (StaleResult(kind, folder, "", (), f"it cannot be read ({problem})"),)


def _run(folder: Path, ledger: Ledger) -> StaleResult:
    stored = read_run(folder)
    then = stored.manifest.get("rests_on")
    if not isinstance(then, Mapping):
        return StaleResult("run", folder, "", (), "its manifest keeps no hashes of what it rests on")
    scenario, _, _ = what_was_run(stored)
    return StaleResult("run", folder, "", stale_since(stored, scenario, ledger))


def _ensemble(folder: Path, ledger: Ledger) -> StaleResult:
    then = read_support(folder)
    if not any(then.values()):
        return StaleResult("ensemble", folder, "", (), "the folder keeps no hashes of what it rests on")
    return StaleResult("ensemble", folder, "", stale(then, rests_on(read_plan(folder).scenario, ledger)))


def _verdicts(folder: Path, ledger: Ledger) -> Iterator[StaleResult]:
    judgement = read_judgement(folder)
    scenario = load_scenario(judgement.scenario)
    then, now = read_grounds(folder), grounds(load_board(ledger, scenario), scenario, ledger)
    for finding in judgement.findings:
        if not finding.is_tested:
            continue
        claim = finding.claim
        if claim not in then:
            yield StaleResult(
                "verdict", folder, claim, (), "the board keeps no hashes of what its verdicts rest on"
            )
        else:
            yield StaleResult("verdict", folder, claim, stale(then[claim], now.get(claim, {})))
