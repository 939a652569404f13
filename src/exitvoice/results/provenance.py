"""On what results rest, as hashes: statements, claims, sources and priors, so that a change can be named."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exitvoice.evidence import Claim, Ledger, Source, Statement, load_ledger
from exitvoice.hashing import content_hash
from exitvoice.results.folders import write_whole_file
from exitvoice.scenario import Prior, Scenario, load_priors, supports
from exitvoice.scenario.parts import differing_parts

SUPPORT = "rests-on.json"
KINDS = ("statements", "claims", "sources", "priors", "scenarios", "hypotheses")

_SINGULAR = {kind: kind.removesuffix("s") for kind in KINDS} | {"hypotheses": "hypothesis"}


@dataclass(frozen=True)
class Stale:
    """One thing that results rest on and that is no longer what it was."""

    kind: str
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.what}"


def rests_on(scenario: Scenario, ledger: Ledger) -> dict[str, dict[str, str]]:
    """Return the content hash of everything that a run of a scenario rests on, by kind and id.

    Statements and claims that the scenario and the priors name, those that they are derived from, their sources and
    whom these relay; and every prior. The text of the scenario itself is in the manifest.
    """
    priors = load_priors()
    named = {name for block in supports(scenario).values() for name in block.evidence}
    named |= {name for prior in priors.values() for name in prior.evidence}
    return {
        **hashes_of(ledger, named),
        "priors": {name: hash_prior(prior) for name, prior in priors.items()},
    }


def hashes_of(ledger: Ledger, named: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the content hashes of records, of those they are derived from, of their sources and whom these relay."""
    records = tuple(_closure(ledger, named))
    sources = _relayed(ledger, {source for record in records for source in _sources_of(record)})
    return {
        "statements": {one.id: hash_record(one) for one in records if isinstance(one, Statement)},
        "claims": {one.id: hash_record(one) for one in records if isinstance(one, Claim)},
        "sources": {name: hash_record(ledger.sources[name]) for name in sorted(sources)},
    }


def note_support(folder: Path, scenario: Scenario, ledger: Ledger | None = None) -> None:
    """Write what results of a scenario rest on into `rests-on.json` of a folder, with the shipped evidence or another.

    For results without a manifest of their own, such as an ensemble; the same evidence gives the same bytes.
    """
    text = json.dumps(rests_on(scenario, ledger or _shipped()), indent=1, sort_keys=True)
    write_whole_file(folder / SUPPORT, text + "\n")


def read_support(folder: Path) -> dict[str, dict[str, str]]:
    """Read `rests-on.json` of a folder; empty where it is not there or cannot be read."""
    try:
        found = json.loads((folder / SUPPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {kind: {str(k): str(v) for k, v in found.get(kind, {}).items()} for kind in KINDS}


def stale(then: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> tuple[Stale, ...]:
    """Name what changed between two answers of `rests_on`.

    Examples
    --------
    >>> [str(one) for one in stale({"priors": {"a": "1"}}, {"priors": {"a": "2"}})]
    ['prior a: changed']
    """
    found = []
    for kind in KINDS:
        before, after = then.get(kind, {}), now.get(kind, {})
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                what = "is new" if name not in before else "is gone" if name not in after else "changed"
                found.append(Stale(_SINGULAR[kind], name, what))
    return tuple(found)


def stale_parts(then: Scenario, now: Scenario) -> tuple[Stale, ...]:
    """Name the parts of a scenario that are no longer what they were, reasons and sources included."""
    return tuple(Stale("scenario", path, "changed") for path in differing_parts(then.tree, now.tree))


@cache
def _shipped() -> Ledger:
    return load_ledger()


def _closure(ledger: Ledger, named: Iterable[str]) -> Iterator[Statement | Claim]:
    waiting, seen = sorted(named), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in ledger:
            continue
        seen.add(name)
        record = ledger.resolve(name)
        yield record
        waiting += record.derived_from if isinstance(record, Statement) else record.depends_on


def _sources_of(record: Statement | Claim) -> set[str]:
    remarks = () if isinstance(record, Statement) else (*record.corroboration, *record.doubt)
    return {*record.sources, *(source for remark in remarks for source in remark.sources)}


def _relayed(ledger: Ledger, sources: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = [name for name in sources if name in ledger.sources]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ledger.sources[name].relays
    return found


def hash_record(record: Statement | Claim | Source) -> str:
    """Hash what a record says; a field that the format gained later and that is empty changes nothing."""
    return content_hash(record.model_dump(mode="json", exclude_defaults=True))


def hash_prior(prior: Prior) -> str:
    """Hash what a prior says, likewise."""
    later = (
        {"derived"} if prior.derived is None else None
    )  # as above: what came later and is empty changes nothing
    return content_hash(prior.model_dump(mode="json", exclude=later))
