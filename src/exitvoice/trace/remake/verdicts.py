"""Judge stale verdicts of a claims board again; the others stay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exitvoice.claims import Judgement, Options, judge_claims, load_board, read_judgement, write_judgement
from exitvoice.ensemble import Ensemble
from exitvoice.ensemble import execute as execute_plan
from exitvoice.evidence import Ledger
from exitvoice.hashing import content_hash
from exitvoice.trace.grounds import grounds, read_grounds, write_grounds
from exitvoice.trace.today import board_world

#: Called with (runs done, runs planned, what is being done); returns False to stop.
BoardProgress = Callable[[int, int, str], bool]
_LEAST = 20


@dataclass(frozen=True)
class Remade:
    """A board after some of its verdicts were found again, and which of them came out otherwise."""

    judgement: Judgement
    changed: tuple[tuple[str, str, str], ...]


def remake_verdicts(
    folder: Path,
    claims: Sequence[str],
    ledger: Ledger,
    *,
    progress: BoardProgress | None = None,
    execute: Callable[..., Ensemble] = execute_plan,
) -> Remade:
    """Judge some claims of a board again and put the new verdicts in the place of the old; the others stay.

    The budget is that of the board, by the share of its tested claims that are judged again.

    Returns
    -------
    Remade
        Its `judgement` is not complete where it was stopped; the folder then holds what it held.
    """
    old = read_judgement(folder)
    scenario = board_world(old.scenario, ledger)
    board = load_board(ledger, scenario)
    tested = [finding.claim for finding in old.findings if finding.is_tested]
    budget = max(_LEAST, round(old.budget * len(claims) / max(1, len(tested))))
    now = grounds(board, scenario, ledger)
    mark = content_hash({claim: now[claim] for claim in claims if claim in now})[:8]
    options = Options(
        folder / f"again-{mark}", budget, tuple(claims), old.scale, old.seed, command=old.command
    )
    new = judge_claims(board, scenario, ledger, options, progress=progress, execute=execute)
    if not new.is_complete:
        return Remade(new, ())
    fresh = {finding.claim: finding for finding in new.findings if finding.claim in claims}
    findings = tuple(fresh.get(finding.claim, finding) for finding in old.findings)
    merged = replace(
        old, findings=findings, runs=old.runs + new.runs, failed=old.failed + new.failed,
        seconds=old.seconds + new.seconds, titles={**old.titles, **new.titles},
    )  # fmt: skip
    write_judgement(folder, merged)
    kept = {claim: hashes for claim, hashes in read_grounds(folder).items() if claim not in claims}
    write_grounds(folder, {**kept, **{claim: now[claim] for claim in claims if claim in now}})
    before = {finding.claim: finding.verdict for finding in old.findings}
    changed = tuple(
        (claim, before[claim], finding.verdict)
        for claim, finding in fresh.items()
        if before[claim] != finding.verdict
    )
    return Remade(merged, changed)
