"""`exitvoice calibrate`: which values of the unknowns agree with what was counted."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from exitvoice.cli import many
from exitvoice.cli.console import escaped, examples, is_terminal, messages, output, plain_table, print_fact

if TYPE_CHECKING:
    from exitvoice.calibration import Posterior, Problem
    from exitvoice.calibration.options import Options, Status
    from exitvoice.ensemble.executors import Executor

NAME = "calibrate"
EXAMPLES = examples(
    "exitvoice calibrate gdr-1989 --to gdr-1989",
    "exitvoice calibrate gdr-1989 --to my-targets.yaml --budget 1000 --scale 0.004",
    "exitvoice calibrate gdr-1989 --to gdr-1989 --gate 200 --bank 1500",
    "exitvoice calibrate gdr-1989 --to gdr-1989 --method neural",
    "exitvoice run gdr-1989 --posterior runs/gdr-1989-calibration",
)
INTERRUPTED = 130


def command(
    scenario: many.ScenarioName,
    to: Annotated[
        str,
        typer.Option("--to", metavar="TARGETS", help="Targets of the library, or a file: what is counted."),
    ],
    method: Annotated[
        Literal["abc", "bank", "neural"],
        typer.Option(
            help="Sequential Monte Carlo without a likelihood; the nearest draws of a bank; a neural posterior."
        ),
    ] = "abc",
    budget: Annotated[
        int, typer.Option(min=20, metavar="RUNS", help="Simulations to spend, at most.")
    ] = 3000,
    population: Annotated[
        int, typer.Option(min=10, metavar="N", help="Draws of the first generation; later ones adapt.")
    ] = 100,
    distance: Annotated[
        Literal["fixed", "adaptive"],
        typer.Option(help="Scales of the targets alone, or those times what is usual in a generation."),
    ] = "fixed",
    scale: Annotated[
        float | None,
        typer.Option(
            min=1e-6,
            max=1.0,
            metavar="SHARE",
            help="Simulated persons for each real one; by the targets if not given.",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="The same seed gives the same posterior, for any number of workers."
        ),
    ] = 0,
    replications: Annotated[
        int,
        typer.Option(
            "--gate",
            min=0,
            metavar="N",
            help="Test the design on N truths of its own; no verdict may rest on a posterior without.",
        ),
    ] = 0,
    bank: Annotated[
        int, typer.Option(min=40, metavar="RUNS", help="Draws of the priors that the gate infers from.")
    ] = 1000,
    predictions: Annotated[
        int, typer.Option(min=20, metavar="RUNS", help="Draws of the posterior that are simulated.")
    ] = 100,
    changes: many.Changes = None,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/NAME-calibration if not given."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace another calibration in that folder.")
    ] = False,
    workers: many.Workers = None,
    dask: many.DaskAddress = None,
    slurm: many.SlurmJobs = None,
    slurm_set: many.SlurmOptions = None,
) -> None:
    """Infer the unknowns of a world from series of the evidence.

    Draws the unknowns from their priors, simulates, and keeps what comes close to what was counted, seen through a
    model of how it was counted. The posterior is a file that `run`, `compare`, `ensemble` and `claims` take in place
    of priors. What was held out is predicted and scored beside persistence and a logistic curve. Everything simulated
    is kept: after Ctrl-C or a kill the same command goes on.
    """
    from exitvoice.calibration import load_targets, problem_of
    from exitvoice.calibration.extras import needs
    from exitvoice.calibration.options import Options
    from exitvoice.calibration.outcome import read_outcome
    from exitvoice.calibration.posterior_file import NAME as FILE
    from exitvoice.cli.calibrate_print import print_outcome
    from exitvoice.cli.report import draw_calibration

    needs(method)
    targets = load_targets(to)
    world = many.world_of(scenario, changes)
    _check_world(targets.scenario, world.name)
    problem = problem_of(targets, world)
    words = ["exitvoice", NAME, scenario, "--to", to, "--method", method, "--budget", str(budget)]
    words += ["--gate", str(replications), "--bank", str(bank)] if replications else []
    words += [
        "--predictions",
        str(predictions),
        "--population",
        str(population),
        "--distance",
        distance,
        "--seed",
        str(seed),
    ]
    words += ["--scale", f"{scale:g}"] if scale is not None else []
    words += [word for change in changes or () for word in ("--set", change)]
    options = Options(
        folder=folder or Path("runs") / f"{targets.name}-calibration",
        method=method,
        budget=budget,
        population=population,
        distance=distance,
        seed=seed,
        scale=scale,
        predictions=predictions,
        bank=bank,
        replications=replications,
        force=force,
        command=shlex.join(words),
    )
    posterior = _calibrate(problem, options, many.executor_of(dask, slurm, slurm_set, workers), workers)
    if posterior is None:
        again = shlex.join([*words, "--output", str(options.folder)])
        messages().print(
            f"\nStopped. What is simulated is kept; to go on:\n  {again}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(INTERRUPTED)
    _print(posterior)
    print_outcome(read_outcome(options.folder))
    output().print(f"Posterior: {escaped(options.folder / FILE)}", soft_wrap=True)
    output().print(f"Page: {escaped(draw_calibration(options.folder))}", soft_wrap=True)


def _check_world(wanted: str, name: str) -> None:
    from exitvoice.errors import InputError

    if wanted != name:
        what = f"these targets are of the world {wanted}, not of {name}"
        why = "their series and variables belong to that world"
        raise InputError.of("--to", what, why=why, mend=f"exitvoice calibrate {wanted} --to ...")


def _calibrate(
    problem: "Problem",
    options: "Options",
    executor: "Executor | Literal['processes']",
    workers: int | None,
) -> "Posterior | None":
    from exitvoice.calibration.calibrate import calibrate
    from exitvoice.calibration.draws import Stopped
    from exitvoice.cli.calibrate_progress import watch
    from exitvoice.cli.interruption import Interruption
    from exitvoice.ensemble import choose_placement
    from exitvoice.ensemble.executors import Processes

    if executor == "processes":
        scale = options.scale or problem.targets.scale
        placed = workers or choose_placement(problem.scenario, scale, options.budget).workers
        executor = Processes(placed)
    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(status: "Status") -> bool:
            interruption.begin()
            display.show(status)
            return not interruption.is_asked

        try:
            if isinstance(executor, Processes):
                with executor:  # its workers stay from one generation to the next
                    return calibrate(problem, options, executor=executor, progress=progress)
            return calibrate(problem, options, executor=executor, progress=progress)
        except (Stopped, KeyboardInterrupt):
            return None


def _print(posterior: "Posterior") -> None:
    console = output()
    table = plain_table(
        "unknown", "prior", "5 %", "50 %", "95 %", "contraction", right=("5 %", "50 %", "95 %")
    )
    low, middle, high = (posterior.quantile(share) for share in (0.05, 0.5, 0.95))
    for at, (factor, told) in enumerate(zip(posterior.factors, posterior.contraction(), strict=True)):
        table.add_row(
            posterior.names[at],
            f"{factor.low:g} to {factor.high:g}",
            *(f"{column[at]:.3g}" for column in (low, middle, high)),
            f"{told:.2f}",
        )
    console.print(table)
    made = posterior.made
    for number, step in enumerate(made.get("steps", ())):
        shown = f"tolerance {step['tolerance']:.2f}, {step['accepted']:,} of {step['proposed']:,} accepted"
        print_fact(f"round {number}", shown)
    print_fact("simulations", f"{made['simulations']:,}, {made['failed']:,} failed")
    print_fact("draws", f"{posterior.weights.size:,}, worth {posterior.effective:.0f} of equal weight")
    if not posterior.may_be_used:
        print_fact("verdicts", f"none may rest on it: {posterior.why_not}")
