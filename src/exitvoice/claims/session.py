"""The whole of it: runs are spent where verdicts are open, then every claim of the evidence gets its row."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from exitvoice.claims.counterexamples import find_counterexamples, keep
from exitvoice.claims.design import Setting, set_up
from exitvoice.claims.findings import Finding, Judgement
from exitvoice.claims.judge import judge, withheld
from exitvoice.claims.load import Board
from exitvoice.claims.pool import Asking
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
            findings = _with_counterexamples(findings, sampling)
    if options.posterior is not None and not options.posterior.may_be_used:
        findings = {claim: withheld(found, options.posterior.why_not) for claim, found in findings.items()}
    return _written_up(findings, sampling, board, scenario, ledger, seconds=time.monotonic() - started)


def _written_up(
    findings: Mapping[str, Finding],
    sampling: Sampling,
    board: Board,
    scenario: Scenario,
    ledger: Ledger,
    *,
    seconds: float,
) -> Judgement:
    """Give every claim of the ledger its row, and say what it took."""
    runner = sampling.runner
    options, account = runner.options, runner.account
    rows = [findings.get(claim) or _not_asked(board.hypotheses[claim], ledger) for claim in ledger.claims]
    return Judgement(
        scenario=scenario.name,
        title=scenario.title,
        findings=tuple(rows),
        cost=sampling.cost_by_year(board.worlds.clock.end.year),
        runs=account.done,
        failed=account.failed,
        budget=options.budget,
        points=sampling.points,
        scale=options.scale,
        seed=options.seed,
        seconds=seconds,
        is_complete=not account.is_stopped,
        command=options.command,
        titles=_titles(runner.setting),
        scenario_hash=scenario.hash,
        hypotheses=hashes_of(board),
    )


def _look_often(sampling: Sampling, asking: Asking) -> dict[str, Finding]:
    """Run round after round, look after each, and return what the last look found."""

    def look(number: int) -> dict[str, Finding]:
        own = replace(asking, level=level_of(number), is_last=number == LOOKS - 1)
        return {item.claim: judge(item, sampling.samples[item.claim], own) for item in sampling.asked}

    sampling.first_round()
    asking = replace(asking, screening=sampling.screen(asking.worlds))
    for number in range(1, LOOKS):
        part = SECOND if number < LOOKS - 1 else 1.0
        if not sampling.runner.account.is_stopped:
            sampling.further_round(number + 1, look(number - 1), part=part)
    return look(LOOKS - 1)


def _with_counterexamples(findings: Mapping[str, Finding], sampling: Sampling) -> dict[str, Finding]:
    """Look for the least that turns each claim, and write down what was found."""
    turned = find_counterexamples(sampling.runner, sampling.asked, sampling.samples, findings)
    found = dict(findings)
    for item in sampling.asked:
        if item.claim in turned:
            example = keep(item, turned[item.claim], sampling.runner)
            found[item.claim] = replace(found[item.claim], counterexample=example)
    return found


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
