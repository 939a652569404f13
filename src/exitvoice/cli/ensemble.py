"""`exitvoice ensemble`: many runs of a scenario, over draws and over what is uncertain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from exitvoice.cli import many
from exitvoice.cli.console import examples
from exitvoice.cli.posterior import PosteriorFile, assumed_at, named, posterior_for, world_at
from exitvoice.errors import InputError, Mistake

if TYPE_CHECKING:
    from exitvoice.calibration import Posterior
    from exitvoice.ensemble import Factor
    from exitvoice.ensemble.designs import Points
    from exitvoice.scenario import Scenario

NAME = "ensemble"
EXAMPLES = examples(
    "exitvoice ensemble china-2024 --replications 20 --scale 0.0004",
    "exitvoice ensemble china-2024 --without teachers-2024 --replications 10",
    "exitvoice ensemble china-2024 --vary all --points 200",
    "exitvoice ensemble my.yaml --vary risk_aversion_tail --vary rules.custody.coverage=0.2..0.9 --design sobol",
    "exitvoice ensemble gdr-1989 --posterior runs/gdr-1989-calibration --points 100",
    "exitvoice ensemble china-2024 --vary all --points 500 --dask tcp://node1:8786",
    "exitvoice ensemble china-2024 -r 1000 --slurm 20 --slurm-set cores=32 --dry-run",
)
Design = Literal["latin-hypercube", "sobol", "morris"]


def command(
    scenario: many.ScenarioName,
    replications: many.Replications = 1,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=LOW..HIGH]",
            help="Draw this value from its prior's range, or one of your own; 'all' for everything with a range.",
        ),
    ] = None,
    design: Annotated[Design, typer.Option(help="How the points lie in the ranges.")] = "latin-hypercube",
    points: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Points of a hypercube, base points of Sobol, trajectories of Morris."
        ),
    ] = 16,
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
    posterior: PosteriorFile = None,
) -> None:
    """Run a scenario many times and keep a summary of every run in one folder.

    Runs of one replication share every draw, whatever differs between their worlds. Every run that ends is kept:
    Ctrl-C, a crash or a full disk cost the runs under way, and `exitvoice resume` does those that are missing.
    A run that fails is recorded with the command that makes it again, and ends no other; the exit code is 3 then.
    With --posterior the points are draws of it; what else varies is drawn beside them.
    """
    from exitvoice.ensemble import Plan

    world = many.world_of(scenario, changes)
    inferred = posterior_for(world, posterior)
    world = world_at(world, inferred)
    factors = factors_from(world, vary or [])
    drawn = _points(design, factors, points, seed)
    asked = many.asked_for(scenario, changes, world, factors)
    if inferred is not None:
        asked["changes"] = assumed_at(inferred) | dict(asked["changes"])  # type: ignore[call-overload]
        asked |= named(inferred)
        factors, drawn = _beside(inferred, factors, drawn, points, design, seed)
    plan = Plan(
        world,
        scale=scale,
        seed=seed,
        variants=many.variants_of(world, without, variant),
        factors=factors,
        points=drawn,
        replications=replications,
        outputs=tuple(keep or ()),
        design="posterior" if inferred is not None else design if factors else "replications",
        asked=asked,
    )
    if dry_run:
        many.describe_only(plan, slurm, slurm_set)
        return
    target = folder or Path("runs") / f"{world.name}-{plan.design}-seed{seed}"
    executor = many.executor_of(dask, slurm, slurm_set, workers)
    many.carry_out_plan(plan, target, executor=executor, workers=workers, force=force)


def factors_from(world: "Scenario", wishes: list[str]) -> "tuple[Factor, ...]":
    """Return the factors that are asked for, `all` for every one; every fault is reported at once."""
    from exitvoice.ensemble import factors_of
    from exitvoice.ensemble.factors import factor_between

    found: dict[str, Factor] = {}
    faults: list[Mistake] = []
    for wish in wishes:
        name, sign, ends = (part.strip() for part in wish.partition("="))
        try:
            if sign:
                low, high = (float(end) for end in ends.split(".."))
                chosen: tuple[Factor, ...] = (factor_between(name, low, high),)
            else:
                chosen = factors_of(world, None if name == "all" else [name])
        except InputError as problem:
            faults += problem.mistakes
        except ValueError:
            faults.append(_no_range(wish))
        else:
            found |= {factor.path: factor for factor in chosen}
    if faults:
        raise InputError(faults)
    return tuple(found.values())


def _points(design: Design, factors: "tuple[Factor, ...]", points: int, seed: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from exitvoice.ensemble import latin_hypercube, morris, replications, sobol

    if not factors:
        return replications()
    draw = {"latin-hypercube": latin_hypercube, "sobol": sobol, "morris": morris}[design]
    try:
        return draw(factors, points, seed=seed)
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--points") from problem


def _beside(
    posterior: "Posterior",
    factors: "tuple[Factor, ...]",
    points: "Points",
    count: int,
    design: Design,
    seed: int,
) -> "tuple[tuple[Factor, ...], Points]":
    """Return draws of a posterior with the other factors' points beside them; a factor of both is the posterior's."""
    import numpy as np

    if factors and design != "latin-hypercube":
        raise typer.BadParameter(
            "beside a posterior only a latin-hypercube can be drawn", param_hint="--design"
        )
    others = [at for at, factor in enumerate(factors) if factor.name not in posterior.names]
    drawn = posterior.resampled(count, seed=seed)
    beside = points[:, others] if others else np.zeros((count, 0))
    return (*posterior.drawn_factors, *(factors[at] for at in others)), np.concatenate(
        [drawn, beside], axis=1
    )


def _no_range(wish: str) -> Mistake:
    return Mistake(
        file="--vary",
        line=None,
        column=None,
        path="",
        what=f"{wish!r} is no range",
        why="a range is two numbers, the lower one first, with two points between",
        mend="write it so: --vary risk_aversion_tail=1..5",
    )
