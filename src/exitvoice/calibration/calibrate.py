"""The whole of it: simulate, infer, keep."""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module
from typing import Any

from exitvoice.calibration.bank import Bank
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.extras import needs
from exitvoice.calibration.forecast import forecast_of, predict
from exitvoice.calibration.gate.run import GateRun, run_gate
from exitvoice.calibration.inferred import Inferred
from exitvoice.calibration.journal import Kept
from exitvoice.calibration.options import Options, Progress, Watch
from exitvoice.calibration.outcome import outcome_of, write_outcome
from exitvoice.calibration.posterior import GateRecord, Posterior
from exitvoice.calibration.posterior_file import NAME, with_gate, write_posterior
from exitvoice.calibration.problem import Problem
from exitvoice.calibration.simulator import Simulates, Simulator
from exitvoice.ensemble.execute import compile_once
from exitvoice.ensemble.executors import Executor, Serial
from exitvoice.evidence.series import load_series
from exitvoice.hashing import content_hash
from exitvoice.results.manifest import versions

_METHODS = {
    "abc": "exitvoice.calibration.abc.infer",
    "bank": "exitvoice.calibration.banked",
    "neural": "exitvoice.calibration.neural",
}
"""Looked up when they are needed: their libraries are extras."""


def calibrate(
    problem: Problem,
    options: Options,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    work: Simulates | None = None,
) -> Posterior:
    """Infer the unknowns of a problem, test how it was done, and write both into its folder.

    Everything that was simulated is kept; the same call goes on from there, and comes to the same posterior for any
    number of workers, killed or not.

    Parameters
    ----------
    problem : Problem
    options : Options
    executor : Executor, optional
        Where simulations are made; in this process if not given.
    progress : callable, optional
        Called now and then with a `Status`; returns False to stop.
    work : Simulates, optional
        In place of the scenario; for the cheap model and tests.

    Raises
    ------
    Stopped
        If `progress` says so; what is simulated is kept.
    InputError
        If the library of the method is not installed, or the budget does not reach.
    OutputError
        If the folder holds another calibration or cannot be written.
    """
    needs(options.method)
    watch = Watch(progress, options.budget)
    with Kept(options.folder, question_of(problem, options), force=options.force) as kept:
        simulations = Simulations(work or _simulator(problem, options), executor or Serial(), kept, watch)
        found: Inferred = import_module(_METHODS[options.method]).infer(problem, options, simulations, watch)
        posterior = _posterior(problem, options, found, simulations)
        write_posterior(options.folder / NAME, posterior)
        predicted, gate = _tested(problem, options, posterior, simulations, watch, found.predicted)
    if gate is not None:
        record = GateRecord(gate.finding.passed, gate.finding.design, gate.finding.reasons)
        posterior = with_gate(options.folder, record)
    forecast = forecast_of(problem, predicted.vectors, seed=options.seed)
    write_outcome(options.folder, outcome_of(problem, posterior, predicted, forecast, _titles(problem), gate))
    return posterior


def _tested(
    problem: Problem,
    options: Options,
    posterior: Posterior,
    simulations: Simulations,
    watch: Watch,
    predicted: Bank | None,
) -> tuple[Bank, GateRun | None]:
    """Simulate draws of the posterior and, where it is asked for, the gate's bank."""
    further = (options.predictions if predicted is None else 0) + (
        options.bank if options.replications else 0
    )
    watch.most = simulations.done + further
    watch.acceptance = watch.tolerance = None
    watch.stage = "simulating draws of the posterior"
    if predicted is None:
        predicted = predict(posterior, simulations, count=options.predictions, seed=options.seed)
    if not options.replications:
        return predicted, None
    watch.stage = "the gate's bank"
    gate = run_gate(
        problem,
        options,
        simulations,
        predicted.vectors,
        design=posterior.design,
        bank_size=options.bank,
        replications=options.replications,
    )
    return predicted, gate


def _titles(problem: Problem) -> dict[str, tuple[str, str]]:
    series = load_series()
    return {
        # figures are shown in single units
        name: (
            series[target.series].title,
            series[target.series].unit.removeprefix("thousand ").removeprefix("million "),
        )
        for name, target in problem.by_name.items()
    }


def _posterior(problem: Problem, options: Options, found: Inferred, simulations: Simulations) -> Posterior:
    return Posterior(
        scenario=problem.scenario.name,
        scenario_hash=problem.scenario.hash,
        targets=problem.targets.name,
        question=problem.identity,
        method=options.method,
        design=design_of(problem, options),
        factors=problem.factors,
        values=found.values,
        weights=found.weights,
        made=dict(found.made) | _made(problem, options, simulations),
    )


def design_of(problem: Problem, options: Options) -> str:
    """Return the hash of the question, the method and its settings: what a gate tests."""
    settings: dict[str, object] = {"scale": options.scale or problem.targets.scale}
    if options.method == "abc":
        settings["distance"] = options.distance
    return content_hash({"question": problem.identity, "method": options.method, "settings": settings})


def question_of(problem: Problem, options: Options) -> dict[str, Any]:
    """Return what the folder of a calibration answers, as plain data: another question needs another folder."""
    said = {
        name: value
        for name, value in asdict(options).items()
        if name not in ("folder", "force", "command", "budget", "predictions", "bank", "replications")
    }
    return {"problem": problem.identity, "targets": problem.targets.name} | said


def _simulator(problem: Problem, options: Options) -> Simulator:
    scale = options.scale or problem.targets.scale
    compile_once([problem.scenario], scale)
    return Simulator.of(problem, seed=options.seed, scale=scale)


def _made(problem: Problem, options: Options, simulations: Simulations) -> dict[str, Any]:
    return {
        "seed": options.seed,
        "scale": options.scale or problem.targets.scale,
        "budget": options.budget,
        "simulations": simulations.done,
        "failed": simulations.failed,
        "command": options.command,
        "versions": versions(),
    }
