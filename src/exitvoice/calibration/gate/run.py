"""The gate on the real model: one bank of the priors pays for every replication."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from exitvoice.calibration.atlas import Cell, atlas_of
from exitvoice.calibration.bank import Bank, fill_bank
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.gate.judge import Finding, judge_gate
from exitvoice.calibration.gate.misspecified import check_data
from exitvoice.calibration.gate.predictive import check_predictions
from exitvoice.calibration.gate.ranks import Ranks
from exitvoice.calibration.gate.replicate import DRAWS, Inference, kept_of, nearest, replicate
from exitvoice.calibration.options import Options
from exitvoice.calibration.problem import Problem


@dataclass(frozen=True, eq=False)
class GateRun:
    """What the gate found, and the ranks it found it by, (replications, factors), each from 0 to `DRAWS`.

    `atlas` says from the same bank what each series alone tells of each unknown.
    """

    finding: Finding
    ranks: Ranks
    atlas: tuple[Cell, ...] = ()


def run_gate(
    problem: Problem,
    options: Options,
    simulations: Simulations,
    predictions: Floats,
    *,
    design: str,
    bank_size: int,
    replications: int,
) -> GateRun:
    """Test the design by which a posterior was made.

    Parameters
    ----------
    problem : Problem
    options : Options
    simulations : Simulations
        Where the bank is made.
    predictions : array (draws, entries)
        Of the posterior, to be held against what was fitted.
    design : str
        As `exitvoice.calibration.calibrate.design_of` gives it.
    bank_size, replications : int
        Draws of the bank, and how many of them take their turn as the truth.
    """
    fitted = problem.is_fit
    whole = fill_bank(problem.factors, simulations, bank_size, seed=options.seed)
    bank = Bank(whole.values, whole.vectors[:, fitted], whole.truths)
    count = min(replications, len(bank.values) // 2)
    if options.method == "neural":
        # those that take their turn as the truth must not have been learnt from
        train, held = bank.at(slice(count, None)), bank.at(slice(0, count))
        found = replicate(
            train,
            problem.ranges,
            _flow(train, problem, options),
            count=count,
            seed=options.seed,
            observed=held,
        )
    else:
        keep = kept_of(len(bank.values))
        found = replicate(bank, problem.ranges, nearest(problem.ranges, keep), count=count, seed=options.seed)
    finding = judge_gate(
        found,
        problem.names,
        design=design,
        predictive=check_predictions(predictions[:, fitted], problem.observed[fitted]),
        misspecification=check_data(bank.vectors, problem.observed[fitted]),
    )
    return GateRun(finding, found.ranks, atlas_of(problem, whole, replications=count, seed=options.seed))


def _flow(bank: Bank, problem: Problem, options: Options) -> Inference:
    every = problem.is_fit[problem.is_fit]
    flow = import_module("exitvoice.calibration.neural").Flow(bank, problem.ranges, every, seed=options.seed)

    def infer(_: Bank, vector: Floats, seed: int) -> Floats:
        drawn: Floats = flow.draws(vector, DRAWS, seed=seed % 2**31)
        return drawn

    return infer
