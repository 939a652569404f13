"""The whole of it: runs are spent where verdicts are open, then every claim of the evidence gets its row."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from dataclasses import replace

from exitvoice.claims.counterexamples import Case, find_counterexamples, write_case
from exitvoice.claims.counterexamples.replay import effects_of
from exitvoice.claims.counterexamples.search import Turned
from exitvoice.claims.design import Setting, set_up, short_name
from exitvoice.claims.findings import Counterexample, Finding, Judgement, Move
from exitvoice.claims.judge import judge, withheld
from exitvoice.claims.load import Board
from exitvoice.claims.pool import Asking, default_values
from exitvoice.claims.runner import Account, Execute, Options, Progress, Runner
from exitvoice.claims.sampling import SECOND, Sampling
from exitvoice.claims.schema import Hypothesis
from exitvoice.claims.shares import LOOKS, level_of
from exitvoice.claims.verdicts import CANNOT_TELL, NOT_TESTABLE
from exitvoice.ensemble import choose_placement
from exitvoice.ensemble import execute as execute_plan
from exitvoice.ensemble.executors import Processes
from exitvoice.evidence import Ledger
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario, load_priors


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

    A first round asks all claims; a screen finds the mechanisms that matter to each; two further rounds go where a
    verdict, of a claim or of a claim under one theory or sign, is open and can be settled. What is left looks for
    counter-examples. Every step is an ensemble in the folder, so a second call with the same options goes on where the
    first was stopped.

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
    setting = set_up(
        Board({item.claim: item for item in asked}, board.worlds),
        scenario,
        scale=options.scale,
        seed=options.seed,
        posterior=options.posterior,
    )
    workers = options.workers or choose_placement(scenario, options.scale, options.budget).workers
    with Processes(workers) as executor:
        runner = Runner(setting, options, Account(options.budget, progress), execute, executor)
        sampling = Sampling(runner, asked)
        findings = _look_often(sampling, Asking(setting, board.worlds, options.seed))
        if not runner.account.is_stopped:
            turned = find_counterexamples(runner, asked, sampling.samples, findings)
            for claim, found in turned.items():
                example = _keep(board.hypotheses[claim], found, runner)
                findings[claim] = replace(findings[claim], counterexample=example)
    if options.posterior is not None and not options.posterior.may_be_used:
        findings = {claim: withheld(found, options.posterior.why_not) for claim, found in findings.items()}
    rows = [findings.get(claim) or _not_asked(board.hypotheses[claim], ledger) for claim in ledger.claims]
    return Judgement(
        scenario=scenario.name,
        title=scenario.title,
        findings=tuple(rows),
        cost=sampling.cost_by_year(board.worlds.clock.end.year),
        runs=runner.account.done,
        failed=runner.account.failed,
        budget=options.budget,
        points=sampling.points,
        scale=options.scale,
        seed=options.seed,
        seconds=time.monotonic() - started,
        is_complete=not runner.account.is_stopped,
        command=options.command,
        titles=_titles(setting),
        scenario_hash=scenario.hash,
        hypotheses=hashes_of(board),
    )


def _look_often(sampling: Sampling, asking: Asking) -> dict[str, Finding]:
    """Run round after round, look after each, and return what the last look found."""

    def look(number: int) -> dict[str, Finding]:
        own = replace(asking, level=level_of(number))
        return {item.claim: judge(item, sampling.samples[item.claim], own) for item in sampling.asked}

    sampling.first_round()
    asking = replace(asking, screening=sampling.screen(asking.worlds))
    for number in range(1, LOOKS):
        part = SECOND if number < LOOKS - 1 else 1.0
        if not sampling.runner.account.is_stopped:
            sampling.further_round(number + 1, look(number - 1), part=part)
    return look(LOOKS - 1)


def _keep(hypothesis: Hypothesis, found: Turned, runner: Runner) -> Counterexample:
    """Write a counter-example down, with the command that shows it again."""
    setting, folder = runner.setting, runner.options.folder
    case = Case(
        hypothesis=hypothesis,
        worlds={name: dict(setting.worlds[name]) for name in hypothesis.worlds},
        values=dict(found.values),
        scale=setting.scale,
        seed=setting.seed,
        holds_at_defaults=found.holds_at_defaults,
        at_defaults=effects_of(found.at_defaults),
        turned=effects_of(found.answers),
    )
    write_case(folder, case, setting.scenario)
    defaults = default_values(tuple(found.values), setting)
    titles = {factor.path: factor.title for factor in setting.factors}
    return Counterexample(
        holds_at_defaults=found.holds_at_defaults,
        moves=tuple(
            Move(short_name(path), titles.get(path, ""), defaults[path], value)
            for path, value in found.values.items()
        ),
        is_minimal=found.is_minimal,
        replay=shlex.join(["exitvoice", "replay", str(folder), hypothesis.claim]),
    )


def _not_asked(hypothesis: Hypothesis, ledger: Ledger) -> Finding:
    claim = ledger.claims[hypothesis.claim]
    if hypothesis.is_testable:
        return Finding(
            hypothesis.claim, CANNOT_TELL, "Not asked this time.", question=hypothesis.question or ""
        )
    return Finding(hypothesis.claim, NOT_TESTABLE, claim.why_not_testable or "")


def hashes_of(board: Board) -> dict[str, str]:
    """Return the content hash of every hypothesis that can be tested, by claim, and of the worlds they compare."""
    items = {item.claim: item.model_dump(mode="json") for item in board.testable}
    items["worlds"] = board.worlds.model_dump(mode="json")
    return {name: content_hash(item) for name, item in items.items()}


def _titles(setting: Setting) -> Mapping[str, str]:
    priors = load_priors()
    return {
        name: priors[name].title if name in priors else factor.title
        for name, factor in zip(setting.names, setting.factors, strict=True)
    }
