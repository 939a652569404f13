"""`exitvoice compare`: two worlds with the same draws; what differs, for whom, and single lives in both."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, is_terminal, messages, output
from exitvoice.cli.interruption import INTERRUPTED
from exitvoice.cli.posterior import PosteriorFile, assumed_at, check_world, named, posterior_for, world_at
from exitvoice.cli.settings import as_words, parse_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exitvoice.analysis.compare import Comparison
    from exitvoice.analysis.follow import Life
    from exitvoice.evidence import Ledger
    from exitvoice.scenario import Scenario

NAME = "compare"
EXAMPLES = examples(
    "exitvoice compare china-2024 --without teachers-2024",
    "exitvoice compare china-2024 --set theory=epstein --replications 10",
    "exitvoice compare minimal --without custody --scale 1 --follow 3",
    "exitvoice compare mine.yaml theirs.yaml --seed 7",
    "exitvoice compare china-2024 --with changes.yaml --output runs/changed",
)


def command(
    one: Annotated[str, typer.Argument(metavar="A", help="World A: a name of the library, or a file.")],
    other: Annotated[
        str | None, typer.Argument(metavar="[B]", help="World B; if not given, A with the changes below.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a value in world B; may be said often."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="RULE", help="Leave a rule out of world B; may be said often."),
    ] = None,
    changes_file: Annotated[
        Path | None,
        typer.Option("--with", metavar="FILE", help="YAML of changes for world B: dotted path to new value."),
    ] = None,
    scale: Annotated[
        float, typer.Option(min=1e-6, max=1.0, metavar="SHARE", help="Simulated persons for each real one.")
    ] = 0.001,
    seed: Annotated[
        int, typer.Option(min=0, max=2**64 - 1, metavar="N", help="Seed of the first replication.")
    ] = 0,
    replications: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Pairs of runs; the interval rests on them.")
    ] = 5,
    lives: Annotated[
        int,
        typer.Option("--follow", min=0, max=50, metavar="N", help="Tell N single lives in both worlds."),
    ] = 0,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder; runs/NAME-compared-seedN if not given."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older folder.")] = False,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="One replication after the other, each with N threads; in processes if not given.",
        ),
    ] = None,
    posterior: PosteriorFile = None,
) -> None:
    """Run two worlds with the same seed and every draw shared, and say what differs.

    Prints the human cost first, then what differs, when, for which sectors and ranks, each with a paired interval over
    the replications, and how many runs the shared draws saved. Ctrl-C keeps the replications that are done.
    """
    from exitvoice.analysis.compare import check_comparable
    from exitvoice.evidence import load_ledger
    from exitvoice.results import check_target
    from exitvoice.scenario import load_scenario

    first = load_scenario(one)
    inferred = posterior_for(first, posterior)
    first = world_at(first, inferred)
    settings = parse_settings(changes or [], fields=set(type(first).model_fields))
    if changes_file is not None:
        settings = _from_file(changes_file, set(type(first).model_fields)) | settings
    settings |= {f"rules.{rule}": None for rule in without or []}
    if other is None and not settings:
        raise typer.BadParameter("name a second world, or a change: --set, --without or --with")
    second = first
    if other is not None:
        second = load_scenario(other)
        check_world(inferred, second)
        second = world_at(second, inferred)
    if settings:
        second = second.with_changes(settings)
    check_comparable(first, second)
    target = check_target(folder or Path("runs") / f"{first.name}-compared-seed{seed}", force=force)
    again = _again(
        one, other, changes_file, settings, without, scale, seed, replications, lives, changes or []
    )
    again += f" --posterior {shlex.quote(str(posterior))}" if posterior is not None else ""
    names = (one, f"{other or one} {_said(changes, without, changes_file)}".strip())
    comparison = compare_worlds((first, second), seed, scale, replications, threads)
    if comparison is None:
        messages().print("Stopped before the first replication was done; nothing is written.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    followed = follow_lives(comparison, lives, threads) if lives and comparison.is_whole else ()
    _print(comparison, names, followed, asked=lives)
    assumed = assumed_at(inferred)
    asked = [
        {"scenario": one, "changes": assumed, **named(inferred)},
        {"scenario": other or one, "changes": assumed | settings, **named(inferred)},
    ]
    keep_comparison(
        comparison,
        followed,
        target,
        ledger=load_ledger(),
        names=names,
        command=again,
        asked=asked,
        lives=lives,
    )
    if not comparison.is_whole:
        messages().print(
            f"Stopped after {comparison.replications} of {replications} replications.", style="yellow"
        )
        raise typer.Exit(INTERRUPTED)


def _from_file(path: Path, fields: set[str]) -> dict[str, object]:
    from exitvoice.documents.reading import read_bounded
    from exitvoice.scenario import read_changes

    return read_changes(read_bounded(path), name=str(path), fields=fields)


def _said(changes: list[str] | None, without: list[str] | None, changes_file: Path | None) -> str:
    parts = [f"with {change}" for change in changes or []]
    parts += [f"without {rule}" for rule in without or []]
    parts += [f"with {changes_file}"] if changes_file else []
    return ", ".join(parts)


def _again(
    one: str,
    other: str | None,
    changes_file: Path | None,
    settings: dict[str, object],
    without: list[str] | None,
    scale: float,
    seed: int,
    replications: int,
    lives: int,
    changes: list[str],
) -> str:
    words = ["exitvoice", "compare", one, *([other] if other else [])]
    words += as_words(parse_settings(changes, fields={name.split(".")[0] for name in settings}))
    for rule in without or []:
        words += ["--without", rule]
    words += ["--with", str(changes_file)] if changes_file else []
    words += ["--scale", f"{scale!r}", "--seed", str(seed), "--replications", str(replications)]
    words += ["--follow", str(lives)] if lives else []
    return shlex.join(words)


def compare_worlds(
    worlds: "tuple[Scenario, Scenario]",
    seed: int,
    scale: float,
    replications: int,
    threads: int | None = None,
) -> "Comparison | None":
    """Run two worlds side by side with progress and Ctrl-C; None where nothing was done."""
    from exitvoice.analysis.compare import twins
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.progress import watch

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(number: int, runs: int, done: int, steps: int, persons: int) -> bool:
            interruption.begin()
            display.show(number * steps + done, runs * steps, persons)
            return not interruption.is_asked

        try:
            return twins(
                *worlds,
                seed=seed,
                scale=scale,
                replications=replications,
                threads=threads,
                progress=progress,
            )
        except KeyboardInterrupt:  # while the model is compiled, before there is anything to keep
            return None


def follow_lives(comparison: "Comparison", lives: int, threads: int | None = None) -> "tuple[Life, ...]":
    """Follow single lives through both worlds, with progress and Ctrl-C; none where it was stopped."""
    from exitvoice.analysis.follow import follow
    from exitvoice.cli.interruption import Interruption
    from exitvoice.cli.progress import watch

    with Interruption() as interruption, watch(messages(), is_terminal=is_terminal()) as display:

        def progress(done: int, steps: int, persons: int) -> bool:
            interruption.begin()
            display.show(done, steps, persons)
            return not interruption.is_asked

        first, second = comparison.worlds
        try:
            return follow(
                first,
                second,
                lives=lives,
                seed=comparison.seeds[0],
                scale=comparison.scale,
                threads=threads,
                progress=progress,
            )
        except KeyboardInterrupt:
            return ()


def _print(
    comparison: "Comparison", names: tuple[str, str], lives: "tuple[Life, ...]", *, asked: int
) -> None:
    from exitvoice.cli.difference import print_comparison, print_life

    print_comparison(comparison, names)
    for number, life in enumerate(lives, start=1):
        print_life(number, life)
    if asked and not lives:
        output().print(
            "No life is told: nobody's life differs, or it was stopped.\n"
            if comparison.is_whole
            else "No life is told: it was stopped.\n"
        )


def keep_comparison(
    comparison: "Comparison",
    followed: "tuple[Life, ...]",
    target: Path,
    *,
    ledger: "Ledger",
    names: tuple[str, str],
    command: str,
    asked: "Sequence[Mapping[str, object]]",
    lives: int,
) -> None:
    """Draw the page of a comparison and put it with the numbers into a folder, in place of an older one."""
    from exitvoice.report.comparison import render_comparison
    from exitvoice.results.comparison import write_comparison
    from exitvoice.results.provenance import rests_on

    page = render_comparison(comparison, ledger=ledger, names=names, command=command, lives=followed)
    details = {
        "seeds": [str(seed) for seed in comparison.seeds],
        "names": list(names),
        "asked": list(asked),
        "lives": lives,
        "rests_on": [rests_on(world, ledger) for world in comparison.worlds],
        "scale": comparison.scale,
        "is_whole": comparison.is_whole,
        "scenario_hashes": [world.hash for world in comparison.worlds],
        "scenario_texts": [world.text for world in comparison.worlds],
    }
    tables = {"quarters": comparison.quarters, "totals": comparison.totals}
    # check_target has refused an older folder already, unless --force
    write_comparison(target, tables, command=command, details=details, page=page, force=True)
    console = output()
    console.print(f"Comparison: {escaped(target)}", soft_wrap=True)
    console.print(f"Report: {escaped(target / 'report.html')}", soft_wrap=True)
