"""Make again what is stale, and nothing else: a run from its scenario, a board's verdicts one by one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exitvoice.analysis.verify import scenario_today, what_was_run
from exitvoice.claims import Judgement, Options, judge_claims, load_board, read_judgement, write_judgement
from exitvoice.ensemble import Ensemble
from exitvoice.ensemble import execute as execute_plan
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger
from exitvoice.hashing import content_hash
from exitvoice.results import new_manifest, read_run, write_run
from exitvoice.results.provenance import rests_on
from exitvoice.run import simulate
from exitvoice.scenario import load_scenario
from exitvoice.trace.grounds import grounds, read_grounds, write_grounds
from exitvoice.trace.stale import StaleResult

#: Called with (steps done, steps in all, persons); returns False to stop.
RunProgress = Callable[[int, int, int], bool]
#: Called with (runs done, runs planned, what is being done); returns False to stop.
BoardProgress = Callable[[int, int, str], bool]
_LEAST = 20


def remake_run(folder: Path, ledger: Ledger, *, progress: RunProgress | None = None) -> bool:
    """Make a run again with the scenario as it is today, the seed and the scale it had, in its place.

    Returns
    -------
    bool
        False where it was stopped; the folder then holds what it held.
    """
    stored = read_run(folder)
    then, seed, scale = what_was_run(stored)
    today = scenario_today(stored)
    if isinstance(today, str):
        mend = "run the scenario again with `exitvoice run`"
        raise InputError([Mistake(str(folder), None, None, "", today, "nothing says what to run", mend)])
    done = simulate(today, seed=seed, scale=scale, progress=progress)
    if not done.complete:
        return False
    manifest = new_manifest(
        done.data,
        scenario_text=today.text,
        command=str(stored.manifest.get("command", "")),
        seconds=done.seconds,
        steps_planned=today.grid.steps,
        details={"rests_on": rests_on(today, ledger), "asked": stored.manifest.get("asked")},
    )
    write_run(folder, done.data, manifest, force=True)
    return True


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
    scenario = load_scenario(old.scenario)
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


def by_board(found: Sequence[StaleResult]) -> dict[Path, tuple[str, ...]]:
    """Return the stale verdicts of each board by its folder."""
    boards: dict[Path, list[str]] = {}
    for one in found:
        if one.kind == "verdict" and one.name and one.because:
            boards.setdefault(one.folder, []).append(one.name)
    return {folder: tuple(claims) for folder, claims in boards.items()}
