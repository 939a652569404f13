"""Forward: from a statement, claim or source to the priors, parts of scenarios and verdicts that rest on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exitvoice.claims.load import Board, parameters_of
from exitvoice.evidence import Ledger
from exitvoice.scenario import Prior, Scenario, supports

_PARAMETERS = "parameters."


@dataclass(frozen=True)
class Dependents:
    """What rests on a record or a source: other records, priors, parts of scenarios, verdicts."""

    records: tuple[str, ...]
    priors: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    verdicts: tuple[str, ...]


def dependents(
    name: str,
    ledger: Ledger,
    *,
    priors: Mapping[str, Prior],
    scenarios: Iterable[Scenario],
    board: Board | None,
) -> Dependents:
    """Return what rests on a statement, claim or source of a ledger.

    Parameters
    ----------
    name : str
        Id of a record or of a source.
    ledger, priors, scenarios, board
        Where to look.
    """
    records = resting_records(ledger, name)
    resting = {*records, name}
    found = tuple(prior.name for prior in priors.values() if resting.intersection(prior.evidence))
    parts = tuple(
        (scenario.name, path)
        for scenario in scenarios
        for path, block in supports(scenario).items()
        if resting.intersection(block.evidence)
    )
    return Dependents(tuple(records), found, parts, _verdicts(board, resting, set(found)))


def resting_records(ledger: Ledger, name: str) -> tuple[str, ...]:
    """Return the statements and claims that rest on a record or a source, in the order of the ledger."""
    voices = _relays(ledger, name) if name in ledger.sources else set()
    found: set[str] = set()
    leans = {one.id: (set(one.sources), set(one.derived_from)) for one in ledger.statements.values()}
    leans |= {one.id: (set(one.sources), set(one.depends_on)) for one in ledger.claims.values()}
    grown = True
    while grown:
        more = {
            record
            for record, (sources, records) in leans.items()
            if record not in found and (voices & sources or records & (found | {name}))
        }
        found |= more
        grown = bool(more)
    return tuple(one for one in (*ledger.statements, *ledger.claims) if one in found and one != name)


def _relays(ledger: Ledger, name: str) -> set[str]:
    """Return a source and whoever repeats it, directly or through others."""
    found = {name}
    grown = True
    while grown:
        more = {one.id for one in ledger.sources.values() if found.intersection(one.relays)} - found
        found |= more
        grown = bool(more)
    return found


def _verdicts(board: Board | None, resting: set[str], priors: set[str]) -> tuple[str, ...]:
    if board is None:
        return ()
    found = []
    for claim, hypothesis in board.hypotheses.items():
        if not hypothesis.is_testable:
            continue
        varied = {path.removeprefix(_PARAMETERS) for path in parameters_of(hypothesis, board.worlds)}
        data = {name for datum in hypothesis.data for name in datum.evidence}
        if claim in resting or data & resting or varied & priors:
            found.append(claim)
    return tuple(found)
