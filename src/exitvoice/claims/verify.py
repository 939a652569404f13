"""Judge a board again from the runs it keeps, make some of these again, and name what it rests on that changed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from exitvoice.analysis.verify import verify_ensemble
from exitvoice.calibration.posterior_file import NAME, read_posterior
from exitvoice.claims.findings import FILE, Judgement, read_judgement
from exitvoice.claims.load import Board
from exitvoice.claims.runner import RUNS, Options
from exitvoice.claims.session import hashes_of, judge_claims
from exitvoice.ensemble import read_plan
from exitvoice.ensemble.files import PLAN
from exitvoice.evidence import Ledger
from exitvoice.results.provenance import Stale
from exitvoice.results.verification import Mismatch, Verification
from exitvoice.scenario import Scenario

Progress = Callable[[int, int, int, int, int], bool]


def is_board(folder: str | Path) -> bool:
    """Whether a folder holds a claims board."""
    return (Path(folder).expanduser() / FILE).is_file()


def verify_board(
    folder: str | Path,
    board: Board,
    scenario: Scenario,
    ledger: Ledger,
    *,
    sample: int | None = 3,
    progress: Progress | None = None,
) -> Verification | None:
    """Make some runs of a board again and compare the bits, and judge it again from all of its runs.

    Parameters
    ----------
    folder : str or Path
    board, scenario, ledger
        As they stand today; what differs from what was judged is named, and then nothing is judged again.
    sample : int or None
        How many runs are made again, of ensembles evenly spread; None for every run.
    progress : callable, optional
        Called with (runs done, runs in all, 0, 1, persons); returns False to stop.

    Returns
    -------
    Verification or None
        None where it was stopped before the first run.
    """
    path = Path(folder).expanduser().resolve()
    then = read_judgement(path)
    ensembles = sorted(found.parent for found in (path / RUNS).rglob(PLAN))
    made = _made_again(ensembles, path / RUNS, sample, progress)
    if not made and ensembles:
        return None
    changed = tuple(
        dict.fromkeys(
            [*_changed(then, board, scenario), *(one for own in made.values() for one in own.stale)]
        )
    )
    why_not = _why_not_judged(then, path, is_changed=bool(changed))
    judged = () if why_not else _judged_again(then, path, board, scenario, ledger)
    return Verification(
        runs=tuple(f"{name}: {run}" for name, own in made.items() for run in own.runs),
        of=sum(read_plan(ensemble).size for ensemble in ensembles),
        mismatches=(*_mismatches(made), *judged),
        other_versions=tuple(dict.fromkeys(one for own in made.values() for one in own.other_versions)),
        stale=changed,
        unknown=(f"the verdicts were not judged again: {why_not}",) if why_not else (),
    )


def _made_again(
    ensembles: Sequence[Path], runs: Path, sample: int | None, progress: Progress | None
) -> dict[str, Verification]:
    """Make a run of some ensembles again, or every run of all; what was compared until somebody said stop, by name."""
    chosen = ensembles if sample is None else _spread(ensembles, sample)
    made: dict[str, Verification] = {}
    for number, ensemble in enumerate(chosen):
        found = verify_ensemble(
            ensemble,
            sample=None if sample is None else 1,
            progress=_within(progress, number, len(chosen)),
        )
        if found is None:
            break
        made[str(ensemble.relative_to(runs))] = found
    return made


def _mismatches(made: Mapping[str, Verification]) -> Iterator[Mismatch]:
    """Yield what differs; a run bears the name of its ensemble, for many have the same variants and points."""
    for name, own in made.items():
        for mismatch in own.mismatches:
            yield replace(mismatch, run=f"{name}: {mismatch.run}")


def _why_not_judged(then: Judgement, folder: Path, *, is_changed: bool) -> str:
    """Return why the verdicts cannot be judged again; empty where they can."""
    if is_changed:
        return "what they are judged by has changed"
    if not then.is_complete:
        return "the board was stopped before its budget was spent"
    if _stands_on_posterior(then) and not (folder / NAME).is_file():
        return f"they stand on a posterior, and {NAME} is not in the folder"
    return ""


def _stands_on_posterior(then: Judgement) -> bool:
    return "--posterior" in shlex.split(then.command)


def _judged_again(
    then: Judgement, folder: Path, board: Board, scenario: Scenario, ledger: Ledger
) -> Sequence[Mismatch]:
    """Judge from the runs that are there; none is made, since every ensemble is whole."""
    only = tuple(finding.claim for finding in then.findings if finding.is_tested)
    inferred = read_posterior(folder / NAME) if _stands_on_posterior(then) else None
    options = Options(
        folder, then.budget, only, then.scale, then.seed, command=then.command, posterior=inferred
    )
    now = {finding.claim: finding for finding in judge_claims(board, scenario, ledger, options).findings}
    found = []
    for finding in then.findings:
        before, after = asdict(finding), asdict(now[finding.claim])
        # the folder may stand elsewhere now
        for side in (before, after):
            side["counterexample"] = {**(side["counterexample"] or {}), "replay": ""}
        unlike = [name for name in before if repr(before[name]) != repr(after[name])]
        if unlike:
            found.append(Mismatch(f"claim {finding.claim}", ", ".join(unlike), 1, 1, "", float("nan")))
    return found


def _changed(then: Judgement, board: Board, scenario: Scenario) -> Sequence[Stale]:
    found = []
    if then.scenario_hash != scenario.hash:
        found.append(Stale("scenario", scenario.name, "changed"))
    now = hashes_of(board)
    for name in dict.fromkeys((*then.hypotheses, *now)):
        before, after = then.hypotheses.get(name), now.get(name)
        if before != after:
            what = "is new" if before is None else "is gone" if after is None else "changed"
            found.append(Stale("hypothesis" if name != "worlds" else "the hypotheses'", name, what))
    return found


def _within(progress: Progress | None, number: int, ensembles: int) -> Progress:
    def tell(done: int, runs: int, steps_done: int, steps: int, persons: int) -> bool:
        if progress is None:
            return True
        return progress(number * runs + done, ensembles * runs, steps_done, steps, persons)

    return tell


def _spread(ensembles: Sequence[Path], count: int) -> Sequence[Path]:
    if count >= len(ensembles):
        return ensembles
    return [ensembles[round(at * (len(ensembles) - 1) / max(1, count - 1))] for at in range(count)]
