"""What the commands that make many runs share: their options, their executor, and how they are carried out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from exitvoice.cli.console import is_terminal, messages, output
from exitvoice.cli.interruption import INTERRUPTED
from exitvoice.cli.settings import parse_settings
from exitvoice.errors import InputError

if TYPE_CHECKING:
    from exitvoice.ensemble import Ensemble, Factor, Plan, Variant
    from exitvoice.ensemble.executors import Executor
    from exitvoice.scenario import Scenario

SOME_FAILED = 3

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name of the library, or a file.")]
Scale = Annotated[
    float,
    typer.Option(
        min=1e-6, max=1.0, metavar="SHARE", help="Simulated persons for each real one, in every run."
    ),
]
Seed = Annotated[
    int,
    typer.Option(min=0, max=2**64 - 1, metavar="N", help="Seed of the first replication; the others follow."),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications", "-r", min=1, metavar="N", help="Runs of each world, each with its own draws."
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a value in every world; may be said often."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="RULE", help="One more world at every point, without this rule; may repeat."
    ),
]
Variants = Annotated[
    list[str] | None,
    typer.Option(
        "--variant", metavar="NAME:PATH=VALUE", help="One more world at every point, changed so; may repeat."
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="VARIABLE", help="Keep this variable step by step too; may repeat."),
]
Folder = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/NAME-... if not given.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace another ensemble in that folder.")]
Workers = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Processes; chosen to fit the machine if not given.")
]
DaskAddress = Annotated[
    str | None,
    typer.Option("--dask", metavar="tcp://HOST:PORT|local", help="Make the runs on a Dask cluster."),
]
SlurmJobs = Annotated[
    int | None, typer.Option("--slurm", min=1, metavar="JOBS", help="Make the runs in so many SLURM jobs.")
]
SlurmOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--slurm-set", metavar="NAME=VALUE", help="cores, memory, walltime, queue or account of a SLURM job."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")]


def world_of(source: str, changes: Sequence[str] | None) -> "Scenario":
    """Load a scenario and change it."""
    from exitvoice.scenario import load_scenario

    world = load_scenario(source)
    settings = parse_settings(changes or [], fields=set(type(world).model_fields))
    return world.with_changes(settings) if settings else world


def asked_for(
    source: str, changes: Sequence[str] | None, world: "Scenario", factors: "Sequence[Factor]" = ()
) -> dict[str, object]:
    """Return what an ensemble is asked for, for its plan: so that it can be asked again after a change."""
    from exitvoice.ensemble import factors_of

    usual = {factor.path: factor for factor in factors_of(world)}
    return {
        "scenario": source,
        "changes": parse_settings(changes or [], fields=set(type(world).model_fields)),
        "vary": [factor.path for factor in factors if usual.get(factor.path) == factor],
    }


def variants_of(
    world: "Scenario", without: Sequence[str] | None, changed: Sequence[str] | None
) -> "tuple[Variant, ...]":
    """Return the world as it stands, then those without a rule, then those with changes."""
    from exitvoice.ensemble import Variant

    variants = [Variant(), *(Variant(f"without {rule}", {f"rules.{rule}": None}) for rule in without or ())]
    given: dict[str, list[str]] = {}
    for text in changed or ():
        name, sign, change = text.partition(":")
        if not (sign and name.strip() and "=" in change):
            raise _no_variant(text)
        given.setdefault(name.strip(), []).append(change)
    fields = set(type(world).model_fields)
    variants += [Variant(name, parse_settings(parts, fields=fields)) for name, parts in given.items()]
    return tuple(variants)


def executor_of(
    dask: str | None, slurm: int | None, options: Sequence[str] | None, workers: int | None
) -> "Executor | Literal['processes']":
    """Return the executor that was asked for; processes of this machine if none was."""
    if dask is None and slurm is None:
        return "processes"
    if dask is not None and slurm is not None:
        raise typer.BadParameter("give --dask or --slurm, not both")
    module = _dask()
    if slurm is not None:
        chosen: Executor = module.Dask.slurm(slurm, slurm_settings(options))
    elif dask == "local":
        from exitvoice.ensemble.placement import available_cores

        chosen = module.Dask.local(workers or available_cores())
    else:
        chosen = module.Dask.at(dask)
    return chosen


def slurm_settings(options: Sequence[str] | None) -> dict[str, object]:
    """Return the settings of a SLURM job."""
    return parse_settings(
        options or [], fields={"cores", "processes", "memory", "walltime", "queue", "account"}
    )


def describe_only(plan: "Plan", slurm: int | None, options: Sequence[str] | None) -> None:
    """Say what a plan would run, and with which script on SLURM."""
    from exitvoice.ensemble import choose_placement

    plan.check()
    variants, points, replications = plan.shape
    place = choose_placement(plan.scenario, plan.scale, plan.size)
    console = output()
    console.print(
        f"{plan.size:,} runs: {variants} worlds x {points:,} points ({plan.design}) x {replications:,} replications; "
        f"{len(plan.factors)} factors"
    )
    if slurm is None:
        console.print(f"here: {place.workers} processes with {place.threads} thread(s) each")
    else:
        console.print(f"on SLURM: {slurm} jobs, each with this script\n")
        typer.echo(_dask().slurm_script(slurm_settings(options)))


def carry_out(work: "Callable[[Callable[[int, int, int], bool]], Ensemble]", folder: Path) -> None:
    """Do the work with progress and Ctrl-C, print what came of it, and leave with the code that says so."""
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.many_summary import print_ensemble, print_failures
    from exitvoice.cli.runs_progress import watch_runs
    from exitvoice.ensemble.execute import describe

    with Interruption() as interruption, watch_runs(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, runs: int, failed: int) -> bool:
            display.show(done, runs, failed)
            return not interruption.is_asked

        interruption.begin()  # every run that ends is kept
        try:
            ensemble = work(progress)
        except KeyboardInterrupt:
            ensemble = None
    if ensemble is not None:
        print_ensemble(ensemble)
        print_failures(ensemble)
    if ensemble is None or not ensemble.complete:
        _say_how_to_go_on(ensemble, folder)
        raise typer.Exit(INTERRUPTED)
    describe(ensemble)
    if ensemble.failed:
        raise typer.Exit(SOME_FAILED)


def carry_out_plan(
    plan: "Plan",
    folder: Path,
    *,
    executor: "Executor | Literal['processes']",
    workers: int | None,
    force: bool,
) -> None:
    """Do every run of a plan; see `carry_out`."""
    from exitvoice.ensemble import execute

    def work(progress: "Callable[[int, int, int], bool]") -> "Ensemble":
        return execute(plan, folder, executor=executor, workers=workers, progress=progress, force=force)

    carry_out(work, folder)


def _say_how_to_go_on(ensemble: "Ensemble | None", folder: Path) -> None:
    import shlex

    done = "" if ensemble is None else f" after {ensemble.done:,} of {ensemble.plan.size:,} runs"
    where = folder if ensemble is None else ensemble.folder
    messages().print(
        f"\nStopped{done}. What is done is kept; the runs that are missing:\n"
        f"  exitvoice resume {shlex.quote(str(where))}",
        style="yellow",
        markup=False,
        soft_wrap=True,
    )


def _dask() -> ModuleType:
    try:
        from exitvoice.ensemble.executors import dask
    except ModuleNotFoundError as problem:
        what = f"the library {problem.name} is not installed"
        why = "clusters are an extra, so that nobody needs it for one machine"
        mend = "pip install 'exitvoice[dask]', or 'exitvoice[slurm]' for --slurm"
        raise InputError.of("--dask", what, why=why, mend=mend) from problem
    return dask


def _no_variant(text: str) -> InputError:
    return InputError.of(
        "--variant",
        f"{text!r} is no variant",
        why="a variant is a name, a colon, and a change",
        mend="write it so: --variant 'harsher:rules.teachers-2024.coverage=1'",
    )
