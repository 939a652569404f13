"""Run what the patterns need, keep it, and judge every pattern."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from exitvoice.analysis.patterns.courses import draw_course
from exitvoice.analysis.patterns.findings import (
    Cost,
    Outcome,
    PatternFinding,
    Validation,
    Verdict,
    worst,
)
from exitvoice.analysis.patterns.judge import judge
from exitvoice.analysis.patterns.plan import plans_of, scenario_of
from exitvoice.analysis.patterns.schema import Pattern, Study
from exitvoice.ensemble import Ensemble, Plan
from exitvoice.ensemble import execute as execute_plan
from exitvoice.hashing import content_hash
from exitvoice.run.simulate import package_version
from exitvoice.scenario import load_priors

Progress = Callable[[int, int, str], bool]
Execute = Callable[..., Ensemble]
COST = "unfree_person_years"


@dataclass(frozen=True)
class Options:
    """How the patterns are run, and where."""

    folder: Path
    is_quick: bool = False
    seed: int = 0
    workers: int | None = None
    command: str = ""


@dataclass
class _Account:
    planned: int
    progress: Progress | None
    done: int = 0
    failed: int = 0
    is_stopped: bool = False

    def watch(self, label: str) -> Callable[[int, int, int], bool]:
        """Return what an ensemble calls as its runs end."""
        before = self.done + self.failed

        def note(done: int, size: int, failed: int) -> bool:
            return self.progress is None or self.progress(before + done + failed, self.planned, label)

        return note

    def take(self, ended: Ensemble) -> None:
        """Take note of what an ensemble came to."""
        self.done += ended.done
        self.failed += len(ended.failed)
        self.is_stopped |= not ended.complete


def validate(
    patterns: Sequence[Pattern],
    options: Options,
    *,
    progress: Progress | None = None,
    execute: Execute = execute_plan,
) -> Validation:
    """Run every study of some patterns and say which patterns are met.

    Every study is an ensemble in the folder: what is done is kept, and a second call goes on from there.

    Parameters
    ----------
    patterns : sequence of Pattern
    options : Options
    progress : callable, optional
        Called with (runs done, runs planned, what is being done); returns False to stop. What is done is judged.
    execute : callable
        As `exitvoice.ensemble.execute`; tests put something quick in its place.

    Returns
    -------
    Validation
        One finding a pattern; patterns whose runs were not made are 'untested'.
    """
    started = time.monotonic()
    account = _Account(sum(plan.size for _, _, plan in _all_plans(patterns, options)), progress)
    findings = tuple(_find(pattern, options, account, execute) for pattern in patterns)
    return Validation(
        findings=findings,
        runs=account.done,
        failed=account.failed,
        seconds=time.monotonic() - started,
        seed=options.seed,
        is_quick=options.is_quick,
        is_complete=not account.is_stopped,
        command=options.command,
        version=package_version(),
    )


def _all_plans(patterns: Sequence[Pattern], options: Options) -> Iterator[tuple[Study, str, Plan]]:
    for pattern in patterns:
        for study in pattern.studies:
            for name, plan in plans_of(pattern, study, is_quick=options.is_quick, seed=options.seed).items():
                yield study, name, plan


def _find(pattern: Pattern, options: Options, account: _Account, execute: Execute) -> PatternFinding:
    before, failed = account.done, account.failed
    data = {study.name: _run_study(pattern, study, options, account, execute) for study in pattern.studies}
    known = {name: found for name, found in data.items() if found is not None}
    outcomes = tuple(
        judge(test, known[test.study], seed=options.seed) for test in pattern.tests if test.study in known
    )
    return PatternFinding(
        pattern=pattern.pattern,
        title=pattern.title,
        compares=pattern.compares,
        limits=pattern.limits,
        verdict=_verdict(pattern, outcomes),
        outcomes=outcomes,
        courses=tuple(
            draw_course(curve, known[curve.study]) for curve in pattern.curves if curve.study in known
        ),
        fixed=tuple((item.what, item.by, item.evidence) for item in pattern.fixed),
        costs=tuple(_cost(study, known[study.name]) for study in pattern.studies if study.name in known),
        runs=account.done - before,
        failed=account.failed - failed,
    )


def _verdict(pattern: Pattern, outcomes: Sequence[Outcome]) -> Verdict:
    if len(outcomes) < len(pattern.tests):
        return "untested"
    return worst([outcome.verdict for outcome in outcomes])


def _run_study(
    pattern: Pattern, study: Study, options: Options, account: _Account, execute: Execute
) -> Mapping[str, xr.Dataset] | None:
    """Run a study's ensembles; None where somebody said stop before they were whole."""
    found: dict[str, xr.Dataset] = {}
    for name, plan in plans_of(pattern, study, is_quick=options.is_quick, seed=options.seed).items():
        if account.is_stopped:
            return None
        folder = options.folder / "runs" / pattern.pattern / f"{study.name}-{name}-{_identity(plan)}"
        note = account.watch(f"{pattern.pattern}, {study.name}, {name}")
        ended = execute(plan, folder, workers=options.workers, progress=note)
        account.take(ended)
        found[name] = ended.data
    return None if account.is_stopped else found


def _identity(plan: Plan) -> str:
    """Name a plan by all that can change its numbers, priors included: so nothing stale is ever read."""
    defaults = {name: prior.default for name, prior in load_priors().items()}
    return content_hash(
        {
            "version": package_version(),
            "scenario": plan.scenario.hash,
            "defaults": defaults,
            "scale": plan.scale,
            "seed": plan.seed,
            "variants": [
                [variant.name, plan.scenario.with_changes(variant.changes).hash] for variant in plan.variants
            ],
            "factors": [factor.path for factor in plan.factors],
            "points": plan.points.tolist(),
            "replications": plan.replications,
            "outputs": list(plan.outputs),
        }
    )[:10]


def _cost(study: Study, data: Mapping[str, xr.Dataset]) -> Cost:
    scenario = scenario_of(study)
    world = study.worlds[0]
    lived = data["defaults"][COST].sel(variant=world.name).sum(["time", "sector"])
    years = scenario.grid.steps * scenario.clock.step_days / 365.25
    return Cost(study.name, scenario.name, f"{scenario.title}: {world.title}", float(lived.median()) / years)
