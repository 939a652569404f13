"""`exitvoice run`: simulate one scenario once, and keep it as a folder with a report."""

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output
from exitvoice.cli.interruption import INTERRUPTED
from exitvoice.cli.posterior import Draw, PosteriorFile, assumed_at, named, posterior_for, world_at
from exitvoice.cli.settings import as_words, parse_settings

if TYPE_CHECKING:
    from exitvoice.run import Run
    from exitvoice.scenario import Scenario

NAME = "run"
EXAMPLES = examples(
    "exitvoice run china-2024",
    "exitvoice run china-2024 --scale 0.05 --seed 7 --output runs/larger",
    "exitvoice run my.yaml --set risk_aversion_tail=1 --set mechanisms.discipline=0 --force",
    "exitvoice run my.yaml --theory epstein --no-report",
    "exitvoice run gdr-1989 --posterior runs/gdr-1989-calibration --draw 3",
    "exitvoice run china-2024 --scale 1 --device cuda",
)
Theory = Literal["kuran", "epstein", "self_censorship"]
Device = Literal["cpu", "cuda"]


def command(
    scenario: Annotated[str, typer.Argument(help="A name of the library, or a file.")],
    scale: Annotated[
        float,
        typer.Option(
            min=1e-6, max=1.0, metavar="SHARE", help="Simulated persons for each real one; 1 is everybody."
        ),
    ] = 0.01,
    seed: Annotated[
        int,
        typer.Option(min=0, max=2**64 - 1, metavar="N", help="The same seed gives the same run, bit by bit."),
    ] = 0,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder for the run; runs/NAME-seedN if not given."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older run in that folder.")] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Change a value of the scenario; may be said often."
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Threads; every core if not given.")
    ] = None,
    device: Annotated[
        Device, typer.Option(help="Where persons are worked out: this processor, or an NVIDIA device.")
    ] = "cpu",
    theory: Annotated[
        Theory | None, typer.Option(help="Theory of expression, in place of the scenario's own.")
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write the numbers only.")] = False,
    posterior: PosteriorFile = None,
    draw: Draw = None,
) -> None:
    """Simulate a scenario and write a folder with the numbers, a manifest and a report.

    Ctrl-C stops after the step under way and keeps what is done. The same command goes on from there, and from where a
    kill or a power cut has left it, with the same numbers.
    """
    from exitvoice.results import check_target
    from exitvoice.scenario import load_scenario

    world = load_scenario(scenario)
    inferred = posterior_for(world, posterior)
    settings = parse_settings(changes or [], fields=set(type(world).model_fields))
    if theory is not None:
        settings["theory"] = theory
    world = world_at(world, inferred, draw)
    if settings:
        world = world.with_changes(settings)
    target = check_target(folder or Path("runs") / f"{world.name}-seed{seed}", force=force)
    # a hidden file beside the folder; a device keeps its state to itself
    kept = target.with_name(f".{target.name}.under-way.npz") if device == "cpu" else None
    try:
        done = _simulate(world, seed=seed, scale=scale, threads=threads, device=device, kept=kept)
    except KeyboardInterrupt:
        raise _nothing_kept() from None
    words = ["exitvoice", "run", scenario, "--scale", f"{scale!r}", "--seed", str(seed), *as_words(settings)]
    words += ["--device", device] if device != "cpu" else []
    words += ["--posterior", str(posterior)] if posterior is not None else []
    words += ["--draw", str(draw)] if draw is not None else []
    again = shlex.join(words)
    if done.steps == 0:
        raise _nothing_kept()
    changed = assumed_at(inferred, draw) | settings
    asked: dict[str, object] = {"scenario": scenario, "changes": changed, **named(inferred)}
    _keep(done, world, target, again=again, asked=asked, with_report=not no_report)
    if done.complete and kept is not None:
        with suppress(OSError):
            kept.unlink(missing_ok=True)
    if not done.complete:
        _say_how_to_go_on(done.steps, world.grid.steps, target, again)
        raise typer.Exit(INTERRUPTED)


def _nothing_kept() -> typer.Exit:
    messages().print("Stopped with nothing to keep; nothing is written.", style="yellow")
    return typer.Exit(INTERRUPTED)


def _simulate(
    world: "Scenario", *, seed: int, scale: float, threads: int | None, device: "Device", kept: Path | None
) -> "Run":
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.progress import watch
    from exitvoice.run import simulate

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, steps: int, persons: int) -> bool:
            interruption.begin()
            display.show(done, steps, persons)
            return not interruption.is_asked

        return simulate(
            world, seed=seed, scale=scale, threads=threads, progress=progress, device=device, kept=kept
        )


def _keep(
    done: "Run", world: "Scenario", target: Path, *, again: str, asked: dict[str, object], with_report: bool
) -> None:
    from exitvoice.cli.report import draw
    from exitvoice.cli.summary import print_summary
    from exitvoice.evidence import load_ledger
    from exitvoice.results import new_manifest, summarise, write_run
    from exitvoice.results.provenance import rests_on

    manifest = new_manifest(
        done.data,
        scenario_text=world.text,
        command=again,
        seconds=done.seconds,
        steps_planned=world.grid.steps,
        # verify names what has changed since: the evidence, the priors, the scenario that was asked for
        details={"rests_on": rests_on(world, load_ledger()), "asked": asked},
    )
    # check_target has refused an older run already, unless --force.
    write_run(target, done.data, manifest, force=True)
    print_summary(summarise(done.data))
    console = output()
    console.print(f"Run: {escaped(target)}", soft_wrap=True)
    if with_report:  # after the numbers are safe: whatever befalls the page, they stay
        console.print(f"Report: {escaped(draw(target))}", soft_wrap=True)


def _say_how_to_go_on(done: int, planned: int, target: Path, again: str) -> None:
    messages().print(
        f"\nStopped after {done:,} of {planned:,} steps. What is done is kept in {target} and marked as "
        "incomplete.\nTo go on from here, with the numbers of a run that was never stopped:\n"
        f"  {again} --output {shlex.quote(str(target))} --force",
        style="yellow",
        markup=False,
        soft_wrap=True,
    )
