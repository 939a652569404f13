"""The whole of it: runs are spent where verdicts are open, then every claim of the evidence gets its row."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import xarray as xr

from exitvoice.claims import counterexamples as turning
from exitvoice.claims.design import THEORIES, Setting, plan_round, set_up, worlds_of
from exitvoice.claims.evaluate import Answers, beside, evaluate
from exitvoice.claims.findings import CostOfYear, Finding, Judgement
from exitvoice.claims.judge import Sample, default_values, judge
from exitvoice.claims.load import Board
from exitvoice.claims.schema import Hypothesis
from exitvoice.claims.shares import LOOKS
from exitvoice.claims.verdicts import CANNOT_TELL, NOT_TESTABLE
from exitvoice.ensemble import Ensemble, Plan
from exitvoice.ensemble import execute as execute_plan
from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario, load_priors

BUDGET, SCALE = 600, 0.0008
_PORTIONS = (0.45, 0.25, 0.12)
"""Of the budget, by round; what is left goes to counter-examples."""
_TWICE = 4
"""Points of the first round that are run again with other chance."""
_LEAST_POINTS = 2
AS_IT_STANDS = "as-it-stands"

Progress = Callable[[int, int, str], bool]
Execute = Callable[..., Ensemble]


@dataclass(frozen=True)
class Options:
    """How much to spend, on what, and where."""

    folder: Path
    budget: int = BUDGET
    only: tuple[str, ...] = ()
    scale: float = SCALE
    seed: int = 0
    workers: int | None = None
    command: str = ""


@dataclass
class _Account:
    """What has been spent, and whether somebody said stop."""

    budget: int
    progress: Progress | None
    done: int = 0
    failed: int = 0
    is_stopped: bool = False
    cost: list[xr.DataArray] = field(default_factory=list)
    points: int = 0


def judge_claims(
    board: Board,
    scenario: Scenario,
    ledger: Ledger,
    options: Options,
    *,
    progress: Progress | None = None,
    execute: Execute = execute_plan,
) -> Judgement:
    """Put every testable claim to the test and return the board.

    Runs are spent in three rounds. The first asks all claims; the others only those whose interval crosses a limit of
    the verdicts. What is left looks for counter-examples. Every round is an ensemble in the folder, so a second call
    with the same options goes on where the first was stopped.

    Parameters
    ----------
    board : Board
    scenario : Scenario
    ledger : Ledger
    options : Options
    progress : callable, optional
        Called with (runs done, budget, what is being done); returns False to stop. What is done is judged.
    execute : callable
        As `exitvoice.ensemble.execute`; tests put something quick in its place.

    Returns
    -------
    Judgement
    """
    started = time.monotonic()
    asked = [item for item in board.testable if not options.only or item.claim in options.only]
    small = Board({item.claim: item for item in asked}, board.worlds)
    setting = set_up(small, scenario, scale=options.scale, seed=options.seed)
    account = _Account(options.budget, progress)
    samples: dict[str, list[Sample]] = {item.claim: [] for item in asked}
    runner = _Runner(setting, options, account, execute)
    findings: dict[str, Finding] = {}
    for number in range(LOOKS):
        open_ones = [item for item in asked if not _is_settled(findings.get(item.claim))]
        if not open_ones or account.is_stopped:
            break
        runner.run_round(number, open_ones, asked, samples)
        for item in asked:
            findings[item.claim] = judge(
                item, samples[item.claim], setting=setting, worlds=board.worlds, seed=options.seed
            )
    if not account.is_stopped:
        runner.find_counterexamples(asked, samples, findings)
    rows = [findings.get(claim) or _not_asked(board.hypotheses[claim], ledger) for claim in ledger.claims]
    return Judgement(
        scenario=scenario.name,
        title=scenario.title,
        findings=tuple(rows),
        cost=_cost(account.cost, board),
        runs=account.done,
        failed=account.failed,
        budget=options.budget,
        points=account.points,
        scale=options.scale,
        seed=options.seed,
        seconds=time.monotonic() - started,
        is_complete=not account.is_stopped,
        command=options.command,
        titles=_titles(setting),
    )


@dataclass(frozen=True)
class _Runner:
    """Makes ensembles in the folder and keeps the account."""

    setting: Setting
    options: Options
    account: _Account
    execute: Execute

    def run_round(
        self,
        number: int,
        open_ones: Sequence[Hypothesis],
        asked: Sequence[Hypothesis],
        samples: Mapping[str, list[Sample]],
    ) -> None:
        """Run the worlds of the open claims at new points, under each theory."""
        worlds = worlds_of(open_ones)
        points = int(self.options.budget * _PORTIONS[number] / (len(THEORIES) * len(worlds)))
        if points < _LEAST_POINTS and number:
            return
        points = max(points, _LEAST_POINTS)
        for theory in THEORIES:
            if self.account.is_stopped:
                return
            label = f"round {number + 1}, {theory.replace('_', ' ')}, {len(open_ones)} claims"
            plan = plan_round(self.setting, worlds, theory, points=points, number=number)
            data = self._execute(plan, f"round-{number + 1}/{theory}", label)
            again = self._again(worlds, theory, points, number)
            for item in asked:
                if set(item.worlds) <= set(worlds):
                    samples[item.claim].append(Sample(theory, plan.points, _joined(item, data, again)))
            self._note_cost(data, worlds)
            self.account.points += points

    def _again(self, worlds: Sequence[str], theory: str, points: int, number: int) -> xr.Dataset | None:
        """Run the first points once more under other chance: how often does chance alone change an answer?"""
        few = min(_TWICE, points // 2)
        if number or theory != self.setting.scenario.theory or not few or self.account.is_stopped:
            return None
        plan = plan_round(self.setting, worlds, theory, points=points, number=number, only_first=few)
        return self._execute(plan, f"round-{number + 1}/{theory}-again", "the same under other chance")

    def find_counterexamples(
        self,
        asked: Sequence[Hypothesis],
        samples: Mapping[str, Sequence[Sample]],
        findings: dict[str, Finding],
    ) -> None:
        """Look for the fewest assumptions that turn each answer."""
        worlds = worlds_of(asked)
        seed = self.options.seed
        at_defaults = self._execute(
            turning.default_plan(self.setting, asked, worlds, seed), "defaults", "the world at its defaults"
        )
        if self.account.is_stopped:
            return
        truths = {item.claim: turning.holds_at_defaults(item, at_defaults) for item in asked}
        left = max(0, self.options.budget - self.account.done)
        each = max(1, min(6, left // max(1, sum(len(item.worlds) for item in asked))))
        chosen = {
            item.claim: turning.candidates(
                findings[item.claim], samples[item.claim], self.setting, at_defaults=truth, most=each
            )
            for item in asked
            if (truth := truths[item.claim]) is not None
        }
        chosen = {claim: found for claim, found in chosen.items() if found}
        if not chosen:
            return
        by_claim = {item.claim: item for item in asked}
        plan = turning.candidate_plan(self.setting, chosen, by_claim, seed)
        data = self._execute(plan, "counterexamples", "counter-examples")
        for claim, found in chosen.items():
            truth = truths[claim]
            assert truth is not None
            turned = turning.first_turned(by_claim[claim], found, data, at_defaults=truth)
            if turned is not None:
                example = turning.keep(
                    turned,
                    by_claim[claim],
                    self.setting,
                    default_values(tuple(turned.values), self.setting),
                    at_defaults=truth,
                    folder=self.options.folder / "counterexamples",
                    seed=seed,
                )
                findings[claim] = replace(findings[claim], counterexample=example)

    def _execute(self, plan: Plan, name: str, label: str) -> xr.Dataset:
        before = self.account.done

        def note(done: int, size: int, failed: int) -> bool:
            self.account.done = before + done
            if self.account.progress is None:
                return True
            return self.account.progress(self.account.done, self.account.budget, label)

        ended = self.execute(
            plan, self.options.folder / "runs" / name, workers=self.options.workers, progress=note
        )
        self.account.done = before + ended.done
        self.account.failed += len(ended.failed)
        self.account.is_stopped |= not ended.complete
        return ended.data

    def _note_cost(self, data: xr.Dataset, worlds: Sequence[str]) -> None:
        if AS_IT_STANDS in worlds:
            cost = data["unfree_person_years"].sel(variant=AS_IT_STANDS, drop=True)
            self.account.cost.append(cost.sum("sector", skipna=False).isel(replication=0))


def _joined(hypothesis: Hypothesis, data: xr.Dataset, again: xr.Dataset | None) -> Answers:
    answers = evaluate(hypothesis, data)
    return answers if again is None else beside(answers, evaluate(hypothesis, again))


def _is_settled(finding: Finding | None) -> bool:
    return finding is not None and finding.share is not None and finding.share.is_decided


def _not_asked(hypothesis: Hypothesis, ledger: Ledger) -> Finding:
    claim = ledger.claims[hypothesis.claim]
    if hypothesis.is_testable:
        return Finding(
            hypothesis.claim, CANNOT_TELL, "Not asked this time.", question=hypothesis.question or ""
        )
    return Finding(hypothesis.claim, NOT_TESTABLE, claim.why_not_testable or "")


def _cost(parts: Sequence[xr.DataArray], board: Board) -> tuple[CostOfYear, ...]:
    if not parts:
        return ()
    # the last step may reach into a year that the clock does not hold
    parts = [part.sel(time=slice(None, str(board.worlds.clock.end.year - 1))) for part in parts]
    years = parts[0]["time"].dt.year.values
    values = np.concatenate([part.transpose("point", "time").values for part in parts])
    values = values[~np.isnan(values).any(axis=1)]
    if not values.size:
        return ()
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    return tuple(
        CostOfYear(int(year), float(a), float(b), float(c))
        for year, a, b, c in zip(years, low, middle, high, strict=True)
    )


def _titles(setting: Setting) -> dict[str, str]:
    priors = load_priors()
    return {
        name: priors[name].title if name in priors else factor.title
        for name, factor in zip(setting.names, setting.factors, strict=True)
    }
