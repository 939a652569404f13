"""`exitvoice sweep`: every combination of a few values."""

from pathlib import Path
from typing import Annotated

import typer

from exitvoice.cli import many
from exitvoice.cli.console import examples
from exitvoice.errors import InputError, Mistake

NAME = "sweep"
EXAMPLES = examples(
    "exitvoice sweep china-2024 --over risk_aversion_tail=1,2,3,4,5 --scale 0.0004",
    "exitvoice sweep my.yaml --over rules.custody.coverage=0..1:5 --over opposition_shift=-1,0,0.9 -r 10",
    "exitvoice sweep my.yaml --over mechanisms.discipline=0,1 --without consent",
)
MOST_POINTS = 100_000


def command(
    scenario: many.ScenarioName,
    over: Annotated[
        list[str],
        typer.Option(
            metavar="NAME=VALUES",
            help="Values of a parameter or field: 1,2,3, or 0..1:5 for five from 0 to 1; may repeat.",
        ),
    ],
    replications: many.Replications = 1,
    without: many.Without = None,
    variant: many.Variants = None,
    changes: many.Changes = None,
    scale: many.Scale = 0.001,
    seed: many.Seed = 0,
    keep: many.Keep = None,
    folder: many.Folder = None,
    force: many.Force = False,
    workers: many.Workers = None,
    dask: many.DaskAddress = None,
    slurm: many.SlurmJobs = None,
    slurm_set: many.SlurmOptions = None,
    dry_run: many.DryRun = False,
) -> None:
    """Run a scenario at every combination of the values given, and keep a summary of every run in one folder.

    Runs of one replication share every draw: what differs along the sweep is the value, not the luck. Every run that
    ends is kept, and `exitvoice resume` does those that are missing.
    """
    from exitvoice.ensemble import Plan, grid
    from exitvoice.ensemble.factors import factor_between

    world = many.world_of(scenario, changes)
    values = _values(over)
    plan = Plan(
        world,
        scale=scale,
        seed=seed,
        variants=many.variants_of(world, without, variant),
        factors=tuple(factor_between(name, min(row), max(row)) for name, row in values.items()),
        points=grid(values),
        replications=replications,
        outputs=tuple(keep or ()),
        design="grid",
        asked=many.asked_for(scenario, changes, world),
    )
    if dry_run:
        many.describe_only(plan, slurm, slurm_set)
        return
    target = folder or Path("runs") / f"{world.name}-sweep-seed{seed}"
    executor = many.executor_of(dask, slurm, slurm_set, workers)
    many.carry_out_plan(plan, target, executor=executor, workers=workers, force=force)


def _values(wishes: list[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    faults: list[Mistake] = []
    combinations = 1
    for wish in wishes:
        name, _, text = (part.strip() for part in wish.partition("="))
        try:
            row = _row(text)
        except ValueError:
            faults.append(
                _fault(wish, "these are no values", "values are numbers, at least two different ones")
            )
            continue
        if name in found:
            faults.append(_fault(wish, f"{name} is given twice", "only one row of values can hold"))
        combinations *= len(row)
        found[name] = row
    if combinations > MOST_POINTS:
        what = f"{combinations:,} combinations"
        faults.append(
            _fault(wishes[0], what, f"more than {MOST_POINTS:,} are no sweep; use exitvoice ensemble")
        )
    if faults:
        raise InputError(faults)
    return found


def _row(text: str) -> list[float]:
    import numpy as np

    ends, sign, count = text.partition(":")
    if sign:
        low, high = (float(end) for end in ends.split(".."))
        row = [float(value) for value in np.linspace(low, high, int(count))]
    else:
        row = [float(value) for value in text.split(",")]
    if len(set(row)) < 2 or not np.isfinite(row).all():
        raise ValueError(text)
    return row


def _fault(wish: str, what: str, why: str) -> Mistake:
    mend = "write it so: --over risk_aversion_tail=1,2,3 or --over risk_aversion_tail=1..5:9"
    return Mistake("--over", None, None, wish, what, why, mend)
